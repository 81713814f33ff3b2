import { OtherSideError } from './transport-error.js';

/**
 * Between the source, which pushes chunks, and the target, which pulls them, one chunk at a time and without a copy:
 * `push` returns when the puller is done with the chunk, which is when it asks for the next one. So the slower side
 * sets the pace, and no more than one chunk waits whatever the file's size.
 */
export interface ChunkBridge {
  /** Resolves when the puller is done with the chunk; rejects when it failed or gave up. */
  push(chunk: Uint8Array): Promise<void>;
  /** No more chunks. */
  end(): void;
  /** Makes the puller's next read fail with this error, and every later push. */
  fail(error: unknown): void;
  /** Whether the puller stopped before the end; why, only it can tell. */
  readonly abandoned: boolean;
  /** To be read once. */
  chunks: AsyncIterable<Uint8Array>;
}

interface Handover {
  chunk: Uint8Array;
  done: () => void;
  failed: (error: unknown) => void;
}

export function createChunkBridge(): ChunkBridge {
  let offered = null as Handover | null;
  let inUse = null as Handover | null;
  let ended = false;
  let abandoned = false;
  let failure: { error: unknown } | null = null;
  let wakePuller: (() => void) | null = null;

  const wake = (): void => {
    const resume = wakePuller;
    wakePuller = null;
    resume?.();
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    for (const waiting of [offered, inUse]) waiting?.failed(failure.error);
    offered = null;
    inUse = null;
    wake();
  };

  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    inUse?.done();
    inUse = null;
    for (;;) {
      if (failure !== null) throw failure.error;
      if (offered !== null) {
        inUse = offered;
        offered = null;
        return { done: false, value: inUse.chunk };
      }
      if (ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (wakePuller = resolve));
    }
  };

  return {
    push: (chunk) =>
      new Promise((done, failed) => {
        if (failure !== null) return failed(failure.error as Error);
        offered = { chunk, done, failed };
        wake();
      }),
    end: () => {
      ended = true;
      wake();
    },
    fail,
    get abandoned() {
      return abandoned;
    },
    chunks: {
      [Symbol.asyncIterator]: () => ({
        next,
        return: () => {
          abandoned = failure === null;
          fail(new OtherSideError('target'));
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    },
  };
}
