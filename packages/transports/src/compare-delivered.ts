/** After a crash or a lost answer: what is there under the final and the temporary name? */
import { createHash } from 'node:crypto';
import { TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

/**
 * - `delivered`: the final name holds the file: same size and same SHA-256
 * - `not_there`: neither name exists
 * - `partial_temporary`: the temporary name exists and the final one does not hold the file; not delivered
 * - `different`: the final name holds something else and there is no temporary file
 * - `cannot_tell`: the server does not say enough
 */
export type Comparison = 'delivered' | 'not_there' | 'partial_temporary' | 'different' | 'cannot_tell';

export interface CompareRequest {
  target: Transport;
  targetPath: string;
  temporaryPath: string;
  /** Null where the size was not known yet; then nothing but absence can be told. */
  sizeBytes: number | null;
  /** Lower-case hex; null where not all had been read yet, so that only sizes can be compared. */
  sha256: string | null;
  signal: AbortSignal;
}

/** Looks, and changes nothing. @throws TransportError when the session fails */
export async function compareDelivered(request: CompareRequest): Promise<Comparison> {
  const { target, targetPath, temporaryPath, sizeBytes, sha256, signal } = request;
  const final = await target.stat(targetPath);
  const temporary = await target.stat(temporaryPath);
  if (final === null) return temporary === null ? 'not_there' : 'partial_temporary';
  const otherwise = temporary === null ? 'different' : 'partial_temporary';
  if (final.sizeBytes === null || sizeBytes === null)
    return temporary === null ? 'cannot_tell' : 'partial_temporary';
  if (final.sizeBytes !== sizeBytes) return otherwise;
  if (sha256 === null) {
    // The same size may be an older file of that name. It is ours only if our temporary file became it.
    return temporary === null ? 'cannot_tell' : 'partial_temporary';
  }
  const found = (await target.hashByServer(targetPath)) ?? (await hashByReading(target, targetPath, signal));
  if (found === null) return 'cannot_tell';
  return found === sha256 ? 'delivered' : otherwise;
}

/** Reads the file back and hashes it; null where it may be written but not read. */
async function hashByReading(target: Transport, path: string, signal: AbortSignal): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await target.read(path, (chunk) => void hash.update(chunk), signal);
    return hash.digest('hex');
  } catch (error) {
    const mayNotRead =
      error instanceof TransportError && ['permission_denied', 'not_found'].includes(error.kind);
    if (!mayNotRead) throw error;
    return null;
  }
}
