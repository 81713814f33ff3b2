/** After a crash or a lost answer: what is there under the final and the temporary name? */
import { createHash } from 'node:crypto';
import { TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

/**
 * - `delivered`: the final name holds the file: same size and same SHA-256
 * - `not_there`: neither name exists
 * - `only_temporary`: the temporary name exists and the final one does not; not delivered
 * - `beside_other`: the temporary name exists and the final one holds something else; not delivered
 * - `different`: the final name holds something else and there is no temporary file
 * - `cannot_tell`: the server does not say enough
 */
export type Comparison =
  'delivered' | 'not_there' | 'only_temporary' | 'beside_other' | 'different' | 'cannot_tell';

export interface CompareRequest {
  target: Transport;
  targetPath: string;
  temporaryPath: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
  signal: AbortSignal;
}

/** Looks, and changes nothing. @throws TransportError when the session fails */
export async function compareDelivered(request: CompareRequest): Promise<Comparison> {
  const { target, targetPath, temporaryPath, sizeBytes, sha256, signal } = request;
  const final = await target.stat(targetPath);
  // What was written under its final name has no other.
  const temporary = temporaryPath === targetPath ? null : await target.stat(temporaryPath);
  if (final === null) return temporary === null ? 'not_there' : 'only_temporary';
  const otherwise = temporary === null ? 'different' : 'beside_other';
  const isComparable = final.sizeBytes !== null && target.policy.transferType === 'binary';
  if (!isComparable) return temporary === null ? 'cannot_tell' : 'beside_other';
  if (final.sizeBytes !== sizeBytes) return otherwise;
  const found = await hashAt(target, targetPath, signal);
  if (found === null) return 'cannot_tell';
  return found === sha256 ? 'delivered' : otherwise;
}

/**
 * Whether the temporary name still holds the file: the same size, and the same SHA-256 where the server computes it
 * or lets the file be read back; where the endpoint insists on one of the two, nothing else will do.
 * @returns by what that was seen; null where it does not, or cannot be told
 * @throws TransportError when the session fails
 */
export async function isStillWhole(request: CompareRequest): Promise<'compared' | 'size' | null> {
  const { target, temporaryPath, sizeBytes, sha256, signal } = request;
  const temporary = await target.stat(temporaryPath);
  if (temporary?.sizeBytes !== sizeBytes) return null;
  const found = await hashAt(target, temporaryPath, signal);
  if (found !== null) return found === sha256 ? 'compared' : null;
  const { verification } = target.policy;
  return verification === 'server_hash' || verification === 'read_back' ? null : 'size';
}

/** Null where the server computes no SHA-256 and the file may not be read. */
async function hashAt(target: Transport, path: string, signal: AbortSignal): Promise<string | null> {
  return (
    (await target.hashByServer(path, { algorithm: 'SHA-256' })) ?? (await hashByReading(target, path, signal))
  );
}

/** Reads the file back and hashes it; null where it may be written but not read. */
async function hashByReading(target: Transport, path: string, signal: AbortSignal): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await target.read(path, (chunk) => void hash.update(chunk), { signal });
    return hash.digest('hex');
  } catch (error) {
    const mayNotRead =
      error instanceof TransportError && ['permission_denied', 'not_found'].includes(error.kind);
    if (!mayNotRead) throw error;
    return null;
  }
}
