/** The bytes of one file, from the source through the hashes to the temporary name. */
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import type { Side } from '@waybill/contracts/session-facts.js';
import { createChunkBridge } from './chunk-bridge.js';
import {
  createFileHashes,
  digestsOf,
  type FileHashes,
  type HashAlgorithm,
  updateAll,
} from './hash-algorithms.js';
import { OtherSideError, TransportError } from './transport-error.js';
import { areKnownApart } from './same-folder.js';
import type { Entry, HashesAlong, Transport, WriteResult } from './transport.js';
import { algorithmOf } from './verify-file.js';

export interface CopyRequest {
  source: Transport;
  sourcePath: string;
  target: Transport;
  temporaryPath: string;
  /** A fresh session on the target, for when the one in use cannot be trusted any more. */
  reopenTarget: (signal: AbortSignal) => Promise<Transport>;
  /** Cancels. Pass the one that the sessions were opened with, or one that is aborted together with it. */
  signal: AbortSignal;
  /** The file that is read next from this source, where that is known. */
  nextSourcePath?: string | null;
  /** How far the source was read; awaited for each chunk, so at most once a MiB or twice a second. */
  onProgress?: (bytes: number) => Promise<void> | void;
}

/** What of the file is at the target already. */
export interface Beginning {
  bytes: number;
  /** Where the source is read from; nothing before was read from it. */
  readFrom: number;
  /** Of the bytes before `readFrom`. */
  hashes: FileHashes;
  /** Gets the source's bytes from where it begins up to `bytes`, in order. */
  take: (chunk: Buffer, position: number) => void;
  /** Awaited when all of them were taken and before anything is written there. @throws CannotResumeError */
  confirm: (hashes: FileHashes, target: Transport) => Promise<void>;
}

/** What the caller has to know however the copy ends. */
export interface CopyProgress {
  /** How far the source was read, from its beginning. */
  bytes: number;
  /** Empty until the source was read to its end, or the target has it all where that hashes it; SHA-256 among them in lower-case hex. */
  hashes: ReadonlyMap<HashAlgorithm, string>;
  /** It was read to its end, and is not there any more: nothing can take the place of the temporary file. */
  sourceGone: boolean;
  /** The target has begun to take bytes under the temporary name. */
  writeBegun: boolean;
  /** The session that has taken the place of the one on the target, for the caller to close; null where none has. */
  renewed: Transport | null;
}

export interface CopyPlan {
  /** Hashes to compute, SHA-256 among them. */
  algorithms: readonly HashAlgorithm[];
  beginning: Beginning | null;
  /** The source as it was looked at, which is what a beginning was compared with. */
  entry: Entry;
}

/** What is smaller is there before a thread has started. */
const HASHED_ALONG_FROM_BYTES = 32 * 1024 * 1024;
/** Few servers end a session sooner in which nothing is said. */
const MOST_IDLE_MS = 60_000;

/** Streams the bytes through the hashes into the temporary name; the first failure of either side is the one told. */
export async function copyBytes(
  request: CopyRequest,
  progress: CopyProgress,
  { algorithms, beginning, entry }: CopyPlan,
): Promise<void> {
  const { source, sourcePath, temporaryPath, signal } = request;
  const begunAt = performance.now();
  const startAt = beginning?.bytes ?? 0;
  const readFrom = beginning?.readFrom ?? 0;
  let hashes = beginning?.hashes ?? createFileHashes(algorithms);
  const { sizeBytes } = entry;
  const isCounted = sizeBytes !== null && source.policy.transferType === 'binary';
  const isLarge = beginning === null && isCounted && sizeBytes >= HASHED_ALONG_FROM_BYTES;
  /** By the target, where it can, and here otherwise. */
  const hashesAlong: HashesAlong | undefined =
    isLarge && targetOf(request, progress).hashesWhatItWrites
      ? { algorithms, sizeBytes, digests: null }
      : undefined;
  const bridge = createChunkBridge();
  const chunks: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => {
      progress.writeBegun = true;
      return bridge.chunks[Symbol.asyncIterator]();
    },
  };
  let first: { error: unknown } | null = null;
  let echo: { error: unknown } | null = null;
  const failed = (side: Side, error: unknown): void => {
    first ??= { error };
    bridge.fail(new OtherSideError(side));
  };
  let writing: Promise<WriteResult> | null = null;
  const beginWriting = (): void => {
    writing = targetOf(request, progress)
      .write(temporaryPath, chunks, { signal, startAt, hashesAlong })
      .catch((error: unknown) => {
        failed('target', error);
        return { bytes: 0 };
      });
  };
  const sink = async (chunk: Buffer, position: number): Promise<void> => {
    // A source that can only begin at the beginning.
    if (position === 0 && readFrom > 0) hashes = createFileHashes(algorithms);
    let rest = chunk;
    if (beginning !== null && position < startAt) {
      const before = chunk.subarray(0, startAt - position);
      rest = chunk.subarray(before.length);
      beginning.take(before, position);
      updateAll(hashes, before);
      progress.bytes = position + before.length;
      if (progress.bytes === startAt) {
        await renewIfIdle(request, progress, begunAt);
        await beginning.confirm(hashes, targetOf(request, progress));
      }
    }
    if (rest.length > 0) {
      if (writing === null) beginWriting();
      if (!hashesAlong) updateAll(hashes, rest);
      await bridge.push(rest);
    }
    progress.bytes = position + chunk.length;
    await request.onProgress?.(progress.bytes);
  };
  if (beginning === null) beginWriting();
  progress.bytes = readFrom;
  const reading = source
    .read(sourcePath, sink, {
      signal,
      startAt: readFrom,
      expected: entry,
      hashWith: algorithmOf(source),
      // Where something is still to be asked about this file, nothing else is.
      nextPath: areKnownApart(request) ? request.nextSourcePath : null,
    })
    // Only now: a source that was cut short must not be confirmed to the target.
    .then((read) => {
      if (read.startedAt + read.bytes !== progress.bytes) {
        const counts = `${countOf(read.startedAt + read.bytes, 'byte')} came and ${formatCount(progress.bytes)} were taken`;
        throw new TransportError(
          'size_mismatch',
          'transfer',
          `Of the source ${counts}. If it repeats, ask the partner.`,
        );
      }
      progress.sourceGone = read.gone;
      if (!hashesAlong) progress.hashes = digestsOf(hashes);
      bridge.end();
    })
    .catch((error: unknown) => {
      // When the target gives up, the source fails too, only because nobody takes its bytes any more.
      if (bridge.abandoned) echo = { error };
      else failed('source', error);
    });
  await reading;
  // Where all of it was there already, nothing is written.
  const written = await ((writing as Promise<WriteResult> | null) ?? { bytes: 0 });
  if (hashesAlong?.digests) progress.hashes = hashesAlong.digests;
  const failure = (first ?? echo) as { error: unknown } | null;
  if (failure !== null) throw failure.error;
  if (startAt + written.bytes !== progress.bytes) {
    const counts = `${countOf(progress.bytes, 'byte')} were read and ${formatCount(startAt + written.bytes)} written`;
    throw new TransportError(
      'size_mismatch',
      'confirm',
      `The counts of the two sides differ: ${counts}. If it repeats, ask the partner.`,
    );
  }
}

/** The session on the target that is in use now. */
export function targetOf(
  { target }: Pick<CopyRequest, 'target'>,
  { renewed }: Pick<CopyProgress, 'renewed'>,
): Transport {
  return renewed ?? target;
}

/** Ends the session on the target and goes on with another one. */
export async function renewTarget(
  request: Pick<CopyRequest, 'target' | 'reopenTarget' | 'signal'>,
  progress: Pick<CopyProgress, 'renewed'>,
): Promise<void> {
  // First of all: it may be the one connection that the endpoint allows.
  await targetOf(request, progress).close();
  progress.renewed = null;
  progress.renewed = await request.reopenTarget(request.signal);
}

/** While the source was read up to what is there, the server may have ended the session, or forgotten that of TLS. */
async function renewIfIdle(request: CopyRequest, progress: CopyProgress, since: number): Promise<void> {
  const target = targetOf(request, progress);
  const now = performance.now();
  if (target.isLocal || (now < target.expiresAt && now - since <= MOST_IDLE_MS)) return;
  await renewTarget(request, progress);
}
