/** Writing a stream of chunks into a data connection, never faster than the other side takes them. */
import type { Socket } from 'node:net';
import { SilenceError } from './receive-chunks.js';

/**
 * Written at once. Of each slice it is only known when all of it was taken, so where that takes long they get smaller:
 * a slow line is not a silent one.
 */
const MOST_AT_ONCE_BYTES = 256 * 1024;
const FIRST_BYTES = 32 * 1024;
const LEAST_AT_ONCE_BYTES = 4 * 1024;
const CHECK_MS = 250;

export interface Interrupt {
  /** Set once something happened that makes going on pointless. */
  readonly error: unknown;
  /** Called when it happens. */
  onTrip: (() => void) | null;
}

/** An interrupt that can be tripped once; the first error is kept. */
export function createInterrupt(): Interrupt & { trip(error: unknown): void } {
  const interrupt = {
    error: undefined as unknown,
    onTrip: null as (() => void) | null,
    trip(error: unknown): void {
      if (interrupt.error !== undefined) return;
      interrupt.error = error;
      interrupt.onTrip?.();
    },
  };
  return interrupt;
}

/**
 * Writes all chunks; a chunk is done with before the next one is asked for. Does not end the socket.
 * @returns the number of bytes
 * @throws the source's error, the interrupt's error, or `SilenceError` when the other side took nothing for
 *   `idleTimeoutMs` (time spent waiting for the source does not count)
 */
export async function sendChunks(
  socket: Socket,
  source: AsyncIterable<Uint8Array>,
  idleTimeoutMs: number,
  interrupt: Interrupt,
): Promise<number> {
  const iterator = source[Symbol.asyncIterator]();
  let bytes = 0;
  let atOnceBytes = FIRST_BYTES;
  let writingSince: number | null = null;
  let failPending: ((error: unknown) => void) | null = null;
  /** Waits for one thing, and no longer than until the interrupt. (A race would pile up on one promise.) */
  const unlessInterrupted = <T>(
    start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  ) =>
    new Promise<T>((resolve, reject) => {
      if (interrupt.error !== undefined) return reject(interrupt.error as Error);
      failPending = reject;
      start(resolve, reject);
    });
  interrupt.onTrip = () => failPending?.(interrupt.error);
  const timer = setInterval(() => {
    if (writingSince !== null && performance.now() - writingSince >= idleTimeoutMs)
      failPending?.(new SilenceError('moved no data for', idleTimeoutMs));
  }, CHECK_MS);
  try {
    for (;;) {
      const next = await unlessInterrupted<IteratorResult<Uint8Array>>((resolve, reject) => {
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) return bytes;
      for (let offset = 0; offset < next.value.length;) {
        const slice = next.value.subarray(offset, offset + atOnceBytes);
        const since = performance.now();
        writingSince = since;
        await unlessInterrupted<void>((resolve, reject) => {
          socket.write(slice, (error) => (error ? reject(error) : resolve()));
        });
        writingSince = null;
        offset += slice.length;
        bytes += slice.length;
        atOnceBytes = nextAtOnce(atOnceBytes, (performance.now() - since) / idleTimeoutMs);
      }
    }
  } catch (error) {
    // Not awaited: a source that hangs would hang this too.
    void iterator.return?.().catch(() => undefined);
    throw error;
  } finally {
    clearInterval(timer);
    interrupt.onTrip = null;
  }
}

/** @param share of the idle time-out that the last slice took */
function nextAtOnce(bytes: number, share: number): number {
  if (share > 1 / 8) return Math.max(LEAST_AT_ONCE_BYTES, bytes / 4);
  return share < 1 / 64 ? Math.min(MOST_AT_ONCE_BYTES, bytes * 2) : bytes;
}

/** The same chunks; an error of the source is noted, to be told from one of the connection. */
export function withErrorsNoted(
  source: AsyncIterable<Uint8Array>,
  note: (error: unknown) => void,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      return {
        next: () =>
          inner.next().catch((error: unknown) => {
            note(error);
            throw error;
          }),
        return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}

/** Waits for a promise, but not past the interrupt, nor past the time: then it is a `SilenceError`. */
export function withinTime(promise: Promise<void>, timeoutMs: number, interrupt: Interrupt): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SilenceError('moved no data for', timeoutMs)), timeoutMs);
    const stop = (): void => {
      clearTimeout(timer);
      interrupt.onTrip = null;
      reject(interrupt.error as Error);
    };
    if (interrupt.error !== undefined) return stop();
    interrupt.onTrip = stop;
    promise.then(() => {
      clearTimeout(timer);
      interrupt.onTrip = null;
      resolve();
    }, reject);
  });
}
