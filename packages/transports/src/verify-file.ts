/**
 * Whether what lies at the target is what was read from the source, by the best that the two ends offer and the
 * endpoints' settings ask for:
 *
 * - `server_hash`: a hash that the server computed is the one that we computed
 * - `read_back`: the file was read again from the target and has the same SHA-256
 * - `size`: as many bytes are there as were read
 * - `none`: both channels said that it is complete, and the bytes that they said it of were counted
 *
 * A hash weaker than SHA-256 shows accidents, and nothing to somebody who wants to deceive.
 */
import { countOf } from '@waybill/contracts/count-of.js';
import type { Side } from '@waybill/contracts/session-facts.js';
import type { HashAlgorithm } from './hash-algorithms.js';
import { createRunningHash } from './hash-algorithms.js';
import { TransportError, WrongHashError, WrongSizeError } from './transport-error.js';
import type { Entry, Transport } from './transport.js';

export interface Verified {
  verification: 'server_hash' | 'read_back' | 'size' | 'none';
  /** What the hash was, of the rungs that compare one; which server said it is in the timeline. */
  verificationAlgorithm: HashAlgorithm | null;
}

export interface VerifyRequest {
  source: Transport;
  sourcePath: string;
  target: Transport;
  temporaryPath: string;
  /** The file that follows, where that is known. */
  nextSourcePath?: string | null;
  signal: AbortSignal;
}

/** What was read from the source. */
export interface ReadBytes {
  bytes: number;
  hashes: ReadonlyMap<HashAlgorithm, string>;
  sourceGone: boolean;
}

const NOT_COMPARED: Verified = { verification: 'none', verificationAlgorithm: null };

const STRONG: ReadonlySet<HashAlgorithm> = new Set(['SHA-256', 'SHA-512']);

/**
 * The hashes that have to be computed while the bytes pass, SHA-256 among them.
 * @throws TransportError `verification_unavailable` where an endpoint insists on what its server does not offer
 */
export function algorithmsFor({ source, target }: Pick<VerifyRequest, 'source' | 'target'>): HashAlgorithm[] {
  const algorithms = new Set<HashAlgorithm>(['SHA-256']);
  for (const [side, transport] of [['source', source] as const, ['target', target] as const]) {
    const algorithm = algorithmOf(transport);
    if (algorithm !== null) algorithms.add(algorithm);
    else if (transport.policy.verification === 'server_hash' && !transport.isLocal) throw noHash(side);
  }
  return [...algorithms];
}

/** The hash that the server is asked for; null where none is to be compared. */
export function algorithmOf({ hashAlgorithm, policy }: Transport): HashAlgorithm | null {
  // The server counts and hashes what it has made of the line ends.
  if (policy.transferType === 'ascii') return null;
  const { verification } = policy;
  if (verification === 'size' || verification === 'none') return null;
  // Reading it back compares more than a weak hash does.
  const isEnough = verification !== 'read_back' || (hashAlgorithm !== null && STRONG.has(hashAlgorithm));
  return isEnough ? hashAlgorithm : null;
}

/**
 * @param known what was found out about the target already; null where nothing was
 * @throws TransportError `size_mismatch`, `hash_mismatch`, `verification_unavailable`
 */
export async function verifyFile(
  request: VerifyRequest,
  read: ReadBytes,
  { note, known }: { note: (detail: string) => void; known: Verified | null },
): Promise<Verified> {
  const { source, target } = request;
  const atTarget = known ?? (await verifyTarget(request, read));
  const bySource = read.sourceGone ? null : await verifySource(request, read);
  const said = [
    ...(atTarget.verification === 'none'
      ? ['not compared, as the endpoint’s settings ask']
      : [`${countOf(read.bytes, 'byte')} at the target`]),
    ...(atTarget.verification === 'read_back' ? ['read back with the same SHA-256'] : []),
    ...(atTarget.verification === 'server_hash'
      ? [`${atTarget.verificationAlgorithm} confirmed by the target`]
      : []),
    ...(bySource === null ? [] : [`${bySource} confirmed by the source`]),
  ];
  note(said.join(', '));
  // What lies on our own disk was written by us; the other end is the one to be compared.
  const isSourceWord = bySource !== null && target.isLocal && !source.isLocal;
  // What is at the target is what was read; whether that is what the source has, nothing tells.
  if (source.policy.transferType === 'ascii') return NOT_COMPARED;
  return isSourceWord ? { verification: 'server_hash', verificationAlgorithm: bySource } : atTarget;
}

/** Of the target alone. */
export async function verifyTarget(
  request: Pick<VerifyRequest, 'target' | 'temporaryPath' | 'nextSourcePath' | 'signal'>,
  read: Pick<ReadBytes, 'bytes' | 'hashes'>,
): Promise<Verified> {
  const { target, temporaryPath, nextSourcePath } = request;
  const { verification, transferType } = target.policy;
  if (verification === 'none') return NOT_COMPARED;
  const algorithm = algorithmOf(target);
  const isHashed = algorithm !== null && read.hashes.has(algorithm);
  // Asked for together, which saves a round trip.
  const [there, hash] = await Promise.all([
    target.stat(temporaryPath, nextSourcePath == null ? 'size' : 'size_before_next'),
    isHashed ? target.hashByServer(temporaryPath, { algorithm }) : null,
  ]);
  if (transferType === 'ascii') {
    if (there === null) throw wrongSize(read.bytes, null);
    return NOT_COMPARED;
  }
  if (there?.sizeBytes !== read.bytes) {
    throw wrongSize(read.bytes, there);
  }
  if (isHashed) {
    if (hash !== null) {
      requireSame('target', algorithm, { said: hash, own: read.hashes.get(algorithm) });
      return { verification: 'server_hash', verificationAlgorithm: algorithm };
    }
    if (verification === 'server_hash') throw noHash('target');
  }
  if (verification !== 'read_back') return { verification: 'size', verificationAlgorithm: null };
  await readBack(request, read);
  return { verification: 'read_back', verificationAlgorithm: 'SHA-256' };
}

/** @returns the algorithm that its server has confirmed */
async function verifySource(
  { source, sourcePath }: VerifyRequest,
  { hashes }: ReadBytes,
): Promise<HashAlgorithm | null> {
  const algorithm = algorithmOf(source);
  if (algorithm === null) return null;
  const hash = await source.hashByServer(sourcePath, { algorithm });
  if (hash !== null) requireSame('source', algorithm, { said: hash, own: hashes.get(algorithm) });
  else if (source.policy.verification === 'server_hash') throw noHash('source');
  return hash === null ? null : algorithm;
}

/** Reads the file again from the target. */
export async function readBack(
  { target, temporaryPath, signal }: Pick<VerifyRequest, 'target' | 'temporaryPath' | 'signal'>,
  { hashes }: Pick<ReadBytes, 'hashes'>,
): Promise<void> {
  const hash = createRunningHash('SHA-256');
  await target
    .read(temporaryPath, (chunk) => hash.update(chunk), { signal })
    .catch((error: unknown) => {
      if (!(error instanceof TransportError) || error.kind !== 'permission_denied') throw error;
      const message =
        'The endpoint is set to read written files back, and the server does not let us read. ' +
        'Ask the partner for that right, or choose another verification for the endpoint.';
      throw new TransportError('verification_unavailable', 'verify', message, { cause: error });
    });
  requireSame('target', 'SHA-256', { said: hash.digest(), own: hashes.get('SHA-256') });
}

function requireSame(
  side: Side,
  algorithm: HashAlgorithm,
  { said, own }: { said: string; own: string | undefined },
): void {
  if (said === own) return;
  throw new WrongHashError(
    `The ${side} computes another ${algorithm} over the file than Waybill: ${said} instead of ${own}. ` +
      'If it repeats, ask the partner what becomes of files there.',
    side,
  );
}

function wrongSize(bytes: number, there: Entry | null): WrongSizeError {
  const size = there === null ? 'it has no such file' : `it has ${countOf(there.sizeBytes, 'byte')}`;
  const message = `${countOf(bytes, 'byte')} were written and confirmed, but the target says that ${size}. If it repeats, ask the partner.`;
  return new WrongSizeError(message, there?.sizeBytes ?? null);
}

function noHash(side: 'source' | 'target'): TransportError {
  const message =
    `The endpoint is set to compare the hash of the server, and the ${side} computes none. ` +
    'Choose another verification for the endpoint, or ask the partner whether HASH or XSHA256 can be turned on.';
  return new TransportError('verification_unavailable', 'verify', message);
}
