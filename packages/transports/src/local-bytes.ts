/** The bytes of one file on this machine, in order, and what shows that they are all of it. */
import type { FileHandle } from 'node:fs/promises';
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { RING_BYTES, startDiskThread } from './disk-thread.js';
import { createFileHashes, digestsOf, updateAll } from './hash-algorithms.js';
import type { ReadHandle } from './read-here.js';
import { refuseChanged } from './refuse-changed.js';
import { cancelledAt, TransportError } from './transport-error.js';
import type { ReadOptions, Sink, WriteOptions } from './transport.js';

const CHUNK_BYTES = 1024 * 1024;
/** So much is brought to the disk while as much again is written, so that there is little to wait for at the end. */
const FLUSH_BYTES = 32 * 1024 * 1024;
/** No more than this at the end of a file is lost where the machine stops at once. */
export const MOST_UNFLUSHED_BYTES = 2 * (FLUSH_BYTES + CHUNK_BYTES) + RING_BYTES;

/**
 * Reads ahead into one buffer while the sink works on the other.
 * @returns how many bytes the sink got
 * @throws TransportError `source_changed`, `name_refused` for what is no file, `cancelled`; the sink's error
 */
export async function readBytes(
  handle: Pick<ReadHandle, 'stat' | 'read'>,
  path: string,
  sink: Sink,
  { signal, startAt = 0, expected }: Pick<ReadOptions, 'signal' | 'startAt' | 'expected'>,
): Promise<number> {
  const before = await handle.stat();
  if (!before.isFile()) throw notAFile(path, 'transfer');
  refuseChanged(path, expected, { sizeBytes: before.size, modifiedAt: before.mtime });
  const bufferBytes = Math.max(1, Math.min(CHUNK_BYTES, before.size - startAt));
  const newBuffer = (): Buffer => Buffer.allocUnsafeSlow(bufferBytes);
  let position = startAt;
  // What has been added since is found by looking afterwards.
  const readInto = (buffer: Buffer): Promise<{ bytesRead: number }> =>
    position < before.size
      ? handle.read(buffer, 0, bufferBytes, position)
      : Promise.resolve({ bytesRead: 0 });
  let current = newBuffer();
  let spare: Buffer | null = null;
  let ahead = readInto(current);
  for (;;) {
    const { bytesRead } = await ahead;
    if (signal.aborted) throw cancelledAt('transfer');
    if (bytesRead === 0) break;
    const chunk = current.subarray(0, bytesRead);
    const chunkAt = position;
    position += bytesRead;
    // A file that fits into one buffer needs no other, unless it comes in pieces, as from a network share.
    const next: Buffer = spare ?? (position < before.size ? newBuffer() : current);
    ahead = readInto(next);
    // A sink that fails must not leave the read behind it without anyone to catch its error.
    ahead.catch(() => undefined);
    try {
      await sink(chunk, chunkAt);
    } catch (error) {
      await ahead.catch(() => undefined);
      throw error;
    }
    [spare, current] = [next === current ? null : current, next];
  }
  const after = await handle.stat();
  if (after.size !== position || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    throw new TransportError(
      'source_changed',
      'transfer',
      `${path} changed while it was read (${countOf(before.size, 'byte')} before, ${formatCount(after.size)} after, read up to ${formatCount(position)}). ` +
        'It may still be written.',
    );
  }
  return position - startAt;
}

/**
 * Writes all chunks, by a thread beside where they are to be hashed and one can be had. What is on the disk when this
 * returns is for the caller to make sure of.
 * @returns how many bytes were written
 */
export async function writeBytes(
  handle: Pick<FileHandle, 'write' | 'datasync' | 'fd'>,
  source: AsyncIterable<Uint8Array>,
  { signal, startAt = 0, hashesAlong }: WriteOptions,
): Promise<number> {
  let bytes = 0;
  const { algorithms } = hashesAlong ?? { algorithms: [] };
  // What an earlier try has written.
  if (startAt > 0) await handle.datasync();
  const flusher = createFlusher(handle);
  const thread = hashesAlong && startAt === 0 ? startDiskThread(handle.fd, algorithms) : null;
  const hashes = createFileHashes(thread === null ? algorithms : []);
  try {
    for await (const chunk of source) {
      if (signal.aborted) throw cancelledAt('transfer');
      if (thread === null) {
        updateAll(hashes, chunk);
        await writeAll(handle, chunk, startAt + bytes);
      } else await thread.write(chunk);
      bytes += chunk.length;
      // Where the source gives a file once only, it is not to be called read before it is here.
      if (bytes === hashesAlong?.sizeBytes) await thread?.untilWritten();
      await flusher.noteWritten(chunk.length);
    }
    const byThread = await thread?.end();
    if (hashesAlong) hashesAlong.digests = byThread ?? digestsOf(hashes);
  } catch (error) {
    // What has come is for another try to go on with; the first failure is the one to tell.
    await thread?.end().catch(() => undefined);
    await flusher.end().catch(() => undefined);
    throw error;
  } finally {
    await thread?.close();
  }
  await flusher.end();
  if (signal.aborted) throw cancelledAt('transfer');
  return bytes;
}

async function writeAll(
  handle: Pick<FileHandle, 'write'>,
  chunk: Uint8Array,
  position: number,
): Promise<void> {
  for (let offset = 0; offset < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, offset, chunk.length - offset, position + offset);
    offset += bytesWritten;
  }
}

/** Flushes in the background, one at a time. A system tells of a lost write once only, so that must not be missed. */
function createFlusher(handle: Pick<FileHandle, 'datasync'>) {
  let unflushed = 0;
  let underway: Promise<void> | null = null;
  let failure: { error: unknown } | null = null;
  const flush = async (): Promise<void> => {
    try {
      await handle.datasync();
    } catch (error) {
      failure ??= { error };
    } finally {
      underway = null;
    }
  };
  const end = async (): Promise<void> => {
    await underway;
    if (failure !== null) throw (failure as { error: unknown }).error;
  };
  return {
    /** @throws what an earlier flush met */
    async noteWritten(bytes: number): Promise<void> {
      if (failure !== null) throw failure.error;
      unflushed += bytes;
      if (unflushed < FLUSH_BYTES) return;
      await underway;
      unflushed = 0;
      underway = flush();
    },
    /** Waits for what is under way, which needs the file open. @throws what a flush met */
    end,
  };
}

export function notAFile(path: string, step: StepName): TransportError {
  return new TransportError('name_refused', step, `${path} is not a file.`);
}
