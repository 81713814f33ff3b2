/**
 * Reading a data connection to its end in large chunks. Handing every TLS record on by itself costs three times the
 * processor time and half the speed.
 */
import type { Socket } from 'node:net';
import type { Pace } from '../bandwidth.js';
import { Intake } from './intake.js';

/** A slow connection hands on what it has this often, so that progress is seen. */
const FLUSH_MS = 500;
const CHECK_MS = 250;
/** So much has to come in so many idle times: a byte now and then would keep a transfer going for years. */
const LEAST_BYTES = 1024;
const LEAST_IDLE_TIMES = 4;

/** The other side moved nothing, or next to nothing, for too long. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';

  /** @param what goes before the time: `moved no data for` */
  constructor(what: string, timeMs: number) {
    super(`The server ${what} ${Math.round(timeMs / 1000)} s. If it repeats, ask the partner.`);
  }
}

/**
 * Frees the memory of a read that was copied. Node makes a new buffer for every TLS record, and what the
 * garbage collector has not come round to would be most of the memory of a transfer.
 */
function release(data: Buffer): void {
  const memory = data.buffer as ArrayBuffer;
  // Node's pool, which small buffers share, is not ours to free; reads from a socket do not come from it.
  if (memory.byteLength !== Buffer.poolSize) memory.transfer(0);
}

/**
 * Hands every byte to `sink` in order until the other side ends the connection; waits for the sink.
 * @returns the number of bytes
 * @throws the socket's error, the sink's error, or `SilenceError` after `idleTimeoutMs` of silence, or after four
 *   times that with less than 1 KiB (time spent waiting for the sink does not count)
 */
export function receiveChunks(
  socket: Socket,
  sink: (chunk: Buffer) => Promise<void>,
  { idleTimeoutMs, pace = null, intake = null }: ReceiveLimits,
): Promise<number> {
  return new Promise((resolve, reject) => {
    new Receiver(socket, sink, { idleTimeoutMs, pace, intake }, { resolve, reject }).start();
  });
}

export interface ReceiveLimits {
  idleTimeoutMs: number;
  /** Nothing is read faster than this, and holding still for it is no silence. */
  pace?: Pace | null;
  /** Where the socket puts what it reads; null for one that hands it on. */
  intake?: Intake | null;
}

class Receiver {
  readonly #intake: Intake;
  #bytes = 0;
  #sinkIsBusy = false;
  #isPaused = false;
  #hasEnded = false;
  #isSettled = false;
  #heardAt = performance.now();
  /** From when on, and after how many bytes, it is counted whether enough comes. */
  #counted = { since: performance.now(), from: 0 };
  #handedOnAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  /** Runs while nothing is read because of the pace. */
  #hold: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly sink: (chunk: Buffer) => Promise<void>,
    private readonly limits: Required<ReceiveLimits>,
    private readonly outcome: { resolve: (bytes: number) => void; reject: (error: unknown) => void },
  ) {
    this.#intake = limits.intake ?? new Intake();
  }

  start(): void {
    this.#timer = setInterval(this.#onTick, CHECK_MS);
    this.#intake.onBytes = this.#onBytes;
    if (this.limits.intake === null) this.socket.on('data', this.#onData);
    this.socket.on('end', this.#onEnd).on('error', this.#fail).on('close', this.#onClose);
    // Some of it, or all, may have come with the end of the handshake.
    if (this.#intake.filled > 0) this.#onBytes(this.#intake.filled);
    if (this.socket.readableEnded) this.#onEnd();
    else if (this.socket.destroyed) this.#onClose();
    else if (!this.#isPaused && this.#hold === undefined) this.socket.resume();
  }

  readonly #onData = (data: Buffer): void => {
    this.#intake.add(data);
    release(data);
  };

  readonly #onBytes = (bytes: number): void => {
    this.#bytes += bytes;
    this.#heardAt = performance.now();
    const holdMs = this.limits.pace?.spend(bytes) ?? 0;
    if (holdMs > 0) this.#holdStill(holdMs);
    if (!this.#intake.isFull) return;
    if (!this.#sinkIsBusy) return this.#handOn();
    this.#isPaused = true;
    this.socket.pause();
  };

  #holdStill(durationMs: number): void {
    clearTimeout(this.#hold);
    this.socket.pause();
    this.#hold = setTimeout(() => {
      this.#hold = undefined;
      if (!this.#isPaused) this.#resume();
    }, durationMs);
  }

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    if (!this.#sinkIsBusy && this.#intake.filled > 0) this.#handOn();
    this.#finishIfDone();
  };

  readonly #onClose = (): void => {
    if (!this.#hasEnded) this.#fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  };

  readonly #onTick = (): void => {
    if (this.#hasEnded) return;
    const now = performance.now();
    const silence = this.#isPaused || this.#hold !== undefined ? null : this.#silenceAt(now);
    if (silence !== null) return this.#fail(silence);
    const isDue = this.#intake.filled > 0 && now - this.#handedOnAt >= FLUSH_MS;
    if (isDue && !this.#sinkIsBusy) this.#handOn();
  };

  #silenceAt(now: number): SilenceError | null {
    if (now - this.#heardAt >= this.limits.idleTimeoutMs)
      return new SilenceError('moved no data for', this.limits.idleTimeoutMs);
    const timeMs = LEAST_IDLE_TIMES * this.limits.idleTimeoutMs;
    if (this.#bytes - this.#counted.from >= LEAST_BYTES) this.#counted = { since: now, from: this.#bytes };
    return now - this.#counted.since < timeMs ? null : new SilenceError('moved less than 1 KiB in', timeMs);
  }

  readonly #onSinkFree = (): void => {
    if (this.#isSettled) return;
    this.#sinkIsBusy = false;
    if (this.#intake.isFull || (this.#hasEnded && this.#intake.filled > 0)) this.#handOn();
    if (this.#isPaused) this.#resume();
    this.#finishIfDone();
  };

  #handOn(): void {
    this.#handedOnAt = performance.now();
    this.#sinkIsBusy = true;
    this.sink(this.#intake.swap()).then(this.#onSinkFree, this.#fail);
  }

  #resume(): void {
    this.#isPaused = false;
    if (this.#hold !== undefined) return;
    this.#heardAt = performance.now();
    this.#counted = { since: this.#heardAt, from: this.#bytes };
    this.socket.resume();
  }

  #finishIfDone(): void {
    if (!this.#hasEnded || this.#sinkIsBusy || this.#intake.filled > 0) return;
    if (!this.#letGo()) return;
    this.#intake.free();
    this.outcome.resolve(this.#bytes);
  }

  /** The sink may still be looking at one of the buffers: they are not used again. */
  readonly #fail = (error: unknown): void => {
    if (!this.#letGo()) return;
    this.socket.destroy();
    this.outcome.reject(error);
  };

  /** @returns whether it was not settled before */
  #letGo(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearInterval(this.#timer);
    clearTimeout(this.#hold);
    this.socket
      .off('data', this.#onData)
      .off('end', this.#onEnd)
      .off('error', this.#fail)
      .off('close', this.#onClose)
      // What comes later is no news, and must not become an uncaught error.
      .on('error', () => undefined);
    return true;
  }
}
