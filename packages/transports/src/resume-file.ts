/**
 * Going on with a file of which an earlier try has left a part at the target. Nothing is believed of that part that
 * was not looked at: the source has to be the same, the part no longer than it, and its bytes those of the source: by
 * the server's hash, by reading our own disk, by reading the end of it back. By its length alone only where the
 * server can do neither, and only once. What lies under the final name is compared as a whole or not believed: it is on
 * record before the first byte is sent, so that it may be an older file. So is any part where the source tells no time.
 */
import { uptime } from 'node:os';
import { countOf } from '@waybill/contracts/count-of.js';
import type { Beginning } from './copy-bytes.js';
import { createFileHashes, digestsOf, type HashAlgorithm, updateAll } from './hash-algorithms.js';
import { MOST_UNFLUSHED_BYTES } from './local-bytes.js';
import type { PartialFile } from './partial-file.js';
import { CannotResumeError, TransportError } from './transport-error.js';
import type { Entry, Transport } from './transport.js';

/** Less is sent again sooner than it is looked at. */
export const LEAST_RESUMED_BYTES = 1024 * 1024;
/** So much of the end of a part is compared byte by byte: what goes wrong in a cut goes wrong there. */
const OVERLAP_BYTES = 64 * 1024;

export interface ResumeRequest {
  source: Transport;
  sourcePath: string;
  target: Transport;
  targetPath: string;
  signal: AbortSignal;
}

export interface Resumption {
  beginning: Beginning;
  /** How the bytes that are there were compared; known once they were. */
  confirmedBy(): string;
}

/**
 * Looks at what is there. @returns null where the file is to be sent from its beginning, with the reason told to `note`
 * @throws TransportError when a session fails
 */
export async function planResumption(
  request: ResumeRequest,
  {
    partial,
    entry,
    algorithms,
  }: { partial: PartialFile; entry: Entry; algorithms: readonly HashAlgorithm[] },
  note: (detail: string) => void,
): Promise<Resumption | null> {
  const { source, target } = request;
  const anew = (why: string): null => {
    note(`it is sent from its beginning: ${why}`);
    return null;
  };
  const { sizeBytes } = entry;
  if (sizeBytes === null || sizeBytes !== partial.sourceSizeBytes) return anew('the source has changed');
  if (entry.modifiedAt?.getTime() !== partial.sourceModifiedAt?.getTime())
    return anew('the source has changed');
  const there = await target.stat(partial.path);
  const bytes = there?.sizeBytes ?? 0;
  if (bytes < LEAST_RESUMED_BYTES) return anew(`${countOf(bytes, 'byte')} of an earlier try are there`);
  if (bytes > sizeBytes) return anew('what an earlier try left is longer than the source');
  const part = { path: partial.path, bytes };
  const known = entry.modifiedAt !== null;
  if (target.isLocal && !source.isLocal) {
    const overlapBytes = Math.min(bytes, isFromBeforeStart(there) ? MOST_UNFLUSHED_BYTES : OVERLAP_BYTES);
    const resumption = await fromOwnDisk(request, part, { algorithms, known, overlapBytes });
    return resumption ?? anew('what an earlier try left could not be confirmed');
  }
  // What may be an older file or a part of another one of the same size is compared as a whole.
  const comparesAll = partial.path === request.targetPath || !known;
  return fromTheBeginning(part, request.signal, {
    algorithms,
    comparesAll,
    mayTrustSize: partial.resumedFrom === null && !comparesAll,
  });
}

/** Whether it was written before this machine started: then it may have holes where the machine had stopped at once. */
function isFromBeforeStart(there: Entry | null): boolean {
  const startedAt = Date.now() - uptime() * 1000;
  return there?.modifiedAt == null || there.modifiedAt.getTime() < startedAt;
}

interface Part {
  path: string;
  bytes: number;
}

/**
 * The target is our own disk: its bytes are hashed from there, and the source is only asked for the rest, and for a
 * little before that, which has to be the same.
 */
async function fromOwnDisk(
  { source, sourcePath, target, signal }: ResumeRequest,
  { path, bytes }: Part,
  {
    algorithms,
    known,
    overlapBytes,
  }: { algorithms: readonly HashAlgorithm[]; known: boolean; overlapBytes: number },
): Promise<Resumption | null> {
  const readFrom = bytes - overlapBytes;
  const hashes = createFileHashes(algorithms);
  const whole = createFileHashes(algorithms);
  const sink = (chunk: Buffer, position: number): void => {
    updateAll(whole, chunk);
    const before = chunk.subarray(0, Math.max(0, readFrom - position));
    updateAll(hashes, before);
  };
  const read = await target.read(path, sink, { signal });
  if (read.bytes !== bytes) return null;
  const { hashAlgorithm: algorithm } = source;
  const said =
    algorithm === null || source.policy.transferType === 'ascii'
      ? null
      : await source.hashByServer(sourcePath, { algorithm, firstBytes: bytes });
  const own = digestsOf(whole);
  if (said !== null && said !== own.get(algorithm!)) return null;
  // A file of the same size may be another one, where nothing tells when it was written.
  if (said === null && !known) return null;
  return {
    confirmedBy: () =>
      said === null ? 'by the end of it, read once more' : `by the ${algorithm} of the source`,
    beginning: {
      bytes,
      readFrom,
      hashes,
      take: () => undefined,
      // Of what is here up to where the source was read from, and of what came from there.
      confirm: async (read) => {
        if (digestsOf(read).get('SHA-256') !== own.get('SHA-256')) throw differs(path);
      },
    },
  };
}

/**
 * The source is read from its beginning, which costs nothing where it is our own disk, and what the target has of it
 * is compared when the source was read that far.
 */
function fromTheBeginning(
  { path, bytes }: Part,
  signal: AbortSignal,
  {
    algorithms,
    comparesAll,
    mayTrustSize,
  }: { algorithms: readonly HashAlgorithm[]; comparesAll: boolean; mayTrustSize: boolean },
): Resumption {
  const end = Buffer.alloc(OVERLAP_BYTES);
  const endAt = bytes - OVERLAP_BYTES;
  let confirmedBy = '';
  return {
    confirmedBy: () => confirmedBy,
    beginning: {
      bytes,
      readFrom: 0,
      hashes: createFileHashes(algorithms),
      take: (chunk, position) => {
        const skipped = Math.max(0, endAt - position);
        chunk.copy(end, Math.max(0, position - endAt), Math.min(chunk.length, skipped));
      },
      confirm: async (read, target) => {
        const digests = digestsOf(read);
        // Of our own disk all of it is read; of a part that is known to be of this source the end.
        const readFrom = target.isLocal || comparesAll ? 0 : endAt;
        const how = await compare(target, { path, bytes, readFrom, end, digests, signal });
        if (how === null && !mayTrustSize) throw unconfirmed(path);
        confirmedBy = how ?? 'by its size alone';
      },
    },
  };
}

/**
 * @returns in words what was compared; null where the target lets nothing be compared
 * @throws CannotResumeError where it differs
 */
async function compare(
  target: Transport,
  {
    path,
    bytes,
    readFrom: startAt,
    end,
    digests,
    signal,
  }: Part & {
    readFrom: number;
    end: Buffer;
    digests: ReadonlyMap<HashAlgorithm, string>;
    signal: AbortSignal;
  },
): Promise<string | null> {
  const { hashAlgorithm: algorithm } = target;
  if (algorithm !== null && digests.has(algorithm)) {
    const said = await target.hashByServer(path, { algorithm });
    if (said !== null) {
      if (said !== digests.get(algorithm)) throw differs(path);
      return `by the ${algorithm} of the target`;
    }
  }
  const hashes = createFileHashes(['SHA-256']);
  const back = Buffer.alloc(end.length);
  const sink = (chunk: Buffer, position: number): void => {
    updateAll(hashes, chunk);
    const at = position - (bytes - end.length);
    chunk.copy(back, Math.max(0, at), Math.min(chunk.length, Math.max(0, -at)));
  };
  try {
    await target.read(path, sink, { signal, startAt });
  } catch (error) {
    const mayNotRead = error instanceof TransportError && error.kind === 'permission_denied' && target.usable;
    if (!mayNotRead) throw error;
    return null;
  }
  const isAllOfIt = digestsOf(hashes).get('SHA-256') === digests.get('SHA-256');
  if (!back.equals(end) || (startAt === 0 && !isAllOfIt)) throw differs(path);
  return startAt === 0 ? 'by reading it' : 'by the end of it, read back';
}

function differs(path: string): CannotResumeError {
  const message = `What an earlier try has left as ${path} is not the beginning of the file.`;
  return new CannotResumeError('hash_mismatch', 'verify', message);
}

function unconfirmed(path: string): CannotResumeError {
  const message = `What earlier tries have left as ${path} cannot be compared with the source.`;
  return new CannotResumeError('verification_unavailable', 'verify', message);
}
