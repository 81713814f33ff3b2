/**
 * Writing one large file in a thread beside the event loop, which hashes it on the way. The event loop has TLS to take
 * off meanwhile, and that takes as long: together a large file arrives in four fifths of the time.
 *
 * The bytes go through a ring of slots. Both sides count the slots that they have dealt with in shared memory; the
 * thread sleeps on a bell, and sends the event loop, which cannot sleep, a word when it waits for room.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HashAlgorithm } from './hash-algorithms.js';

const SLOT_BYTES = 256 * 1024;
const SLOTS = 16;
/** So much may wait for the thread. */
export const RING_BYTES = SLOTS * SLOT_BYTES;

/** Where in the shared memory what is counted. */
const NOT_AWAITED = 0;
const AT = { filled: 0, written: 1, bell: 2, isAll: 3, awaited: 4, lengths: 5 } as const;

/** The thread needs next to nothing beside the ring, and nothing of what the process was told when it started. */
const FRUGAL = {
  resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 },
  execArgv: [],
  env: {},
};

/** What the thread is told when it starts. */
export interface ThreadTask {
  control: Int32Array<SharedArrayBuffer>;
  ring: SharedArrayBuffer;
  slotBytes: number;
  fd: number;
  /** As Node names them. */
  hashNames: string[];
  at: typeof AT;
}

/** What the thread says. */
export type ThreadWord =
  | { kind: 'go on' }
  | { kind: 'ended'; digests: string[] }
  | { kind: 'failed'; error: Pick<NodeJS.ErrnoException, 'message' | 'code' | 'errno' | 'syscall'> };

/** The event loop keeps a processor to itself. */
const mostThreads = availableParallelism() - 1;
let threads = 0;

/**
 * A thread that writes the file from its beginning; null where no processor is left for one.
 * @param fd of the open file, which has to stay open until the thread is closed
 */
export function startDiskThread(fd: number, algorithms: readonly HashAlgorithm[]): DiskThread | null {
  if (threads >= mostThreads) return null;
  try {
    return new DiskThread(fd, algorithms);
  } catch (error) {
    // The system grants no more threads (pids of a cgroup, ulimit -u): without one it takes a little longer.
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_INIT_FAILED') return null;
    throw error;
  }
}

export class DiskThread {
  readonly #control = new Int32Array(new SharedArrayBuffer((AT.lengths + SLOTS) * 4));
  readonly #ring = new Uint8Array(new SharedArrayBuffer(RING_BYTES));
  readonly #thread: Worker;
  #filled = 0;
  /** Of what was written, once that is all. */
  #digests: string[] | null = null;
  #failure: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(
    fd: number,
    private readonly algorithms: readonly HashAlgorithm[],
  ) {
    const task: ThreadTask = {
      control: this.#control,
      ring: this.#ring.buffer,
      slotBytes: SLOT_BYTES,
      fd,
      hashNames: algorithms.map((algorithm) => algorithm.replace('-', '').toLowerCase()),
      at: AT,
    };
    // The file beside, built or as it is in the source.
    const code = new URL(import.meta.url.replace(/(?=\.[jt]s$)/, '-worker'));
    this.#thread = new Worker(code, { ...FRUGAL, workerData: task });
    threads += 1;
    this.#thread
      .on('message', (word: ThreadWord) => this.#hear(word))
      .on('error', (error: Error) => this.#fail(error))
      .on('exit', () => this.#fail(new Error('The thread that writes the file has ended.')));
  }

  /** Copies the bytes; waits where the disk is slower. @throws what writing those before has met */
  async write(chunk: Uint8Array): Promise<void> {
    for (let offset = 0; offset < chunk.length;) {
      // Woken only when there is room for some.
      await this.#until(() => this.#filled - this.#written() < SLOTS, this.#filled - SLOTS / 2);
      const slot = this.#filled % SLOTS;
      const bytes = chunk.subarray(offset, offset + SLOT_BYTES);
      this.#ring.set(bytes, slot * SLOT_BYTES);
      Atomics.store(this.#control, AT.lengths + slot, bytes.length);
      offset += bytes.length;
      this.#filled += 1;
      Atomics.store(this.#control, AT.filled, this.#filled);
      this.#ringBell();
    }
  }

  /** Waits until all that there is so far is written. @throws what writing has met */
  async untilWritten(): Promise<void> {
    await this.#until(() => this.#written() === this.#filled, this.#filled);
  }

  /** Says that this is all, and waits until it is written. @returns the hashes in lower-case hex @throws what writing has met */
  async end(): Promise<Map<HashAlgorithm, string>> {
    Atomics.store(this.#control, AT.isAll, 1);
    this.#ringBell();
    await this.#until(() => this.#digests !== null, NOT_AWAITED);
    return new Map(this.algorithms.map((algorithm, index) => [algorithm, this.#digests![index]!]));
  }

  /** Waits until the thread has let go of the file. To be called once. */
  async close(): Promise<void> {
    await this.#thread.terminate();
    threads -= 1;
  }

  #written(): number {
    return Atomics.load(this.#control, AT.written);
  }

  #ringBell(): void {
    Atomics.add(this.#control, AT.bell, 1);
    Atomics.notify(this.#control, AT.bell);
  }

  /** @param awaited how many slots the thread is to have written when it says a word */
  async #until(isSo: () => boolean, awaited: number): Promise<void> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      if (isSo()) return;
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      Atomics.store(this.#control, AT.awaited, awaited);
      // It may have got there before it could see that.
      if (!isSo()) await woken;
    }
  }

  #hear(word: ThreadWord): void {
    if (word.kind === 'failed') return this.#fail(Object.assign(new Error(), word.error));
    if (word.kind === 'ended') this.#digests = word.digests;
    this.#wake();
  }

  #fail(error: Error): void {
    if (this.#digests !== null) return;
    this.#failure ??= error;
    this.#wake();
  }
}
