/**
 * Where what a data connection brings is put: two large buffers, of which one fills while the other is worked on. Into
 * a socket that is opened for it Node decrypts straight (`onread`); to hand each TLS record on as a buffer of its own
 * takes two thirds more of the event loop's time.
 */
import type { OnReadOpts } from 'node:net';

/** Larger ones have left the processor's cache before they are written, which costs a quarter more of its time. */
export const CHUNK_BYTES = 256 * 1024;
/** The most that one TLS record holds (RFC 8446 section 5.1). */
const RECORD_BYTES = 16 * 1024;
/** What may still come after the socket was told to hold still: all that Node had read of it, which is 64 KiB. */
const SLACK_BYTES = 128 * 1024;

/** Buffers of finished transfers, for the next ones. */
const spareBuffers: Buffer[] = [];
const MAX_SPARE_BUFFERS = 16;
const takeBuffer = (): Buffer => spareBuffers.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES + SLACK_BYTES);

export class Intake {
  /** For the socket, from before it connects. */
  readonly onread: OnReadOpts = {
    buffer: () => this.#room(),
    callback: (bytes, into) => this.#take(bytes, into),
  };
  /** Told of every read; until somebody listens, the socket holds still once a chunk is there. */
  onBytes: ((bytes: number) => void) | null = null;
  /** Both are taken when they are needed. */
  #filling: Buffer | null = null;
  #other: Buffer | null = null;
  #filled = 0;

  /** How much there is. */
  get filled(): number {
    return this.#filled;
  }

  /** Whether it is time to hand on what there is: no room is left for another record. */
  get isFull(): boolean {
    return CHUNK_BYTES - this.#filled < RECORD_BYTES;
  }

  /** Takes a read that came as a buffer of its own. */
  add(data: Uint8Array): void {
    for (let rest = data; rest.length > 0;) {
      const room = this.#room();
      const part = rest.subarray(0, room.length);
      room.set(part);
      this.#filled += part.length;
      rest = rest.subarray(part.length);
    }
    this.onBytes?.(data.length);
  }

  /** All that there is; the other buffer fills from now on, so whoever had that one has to be done with it. */
  swap(): Buffer {
    const chunk = this.#filling?.subarray(0, this.#filled) ?? Buffer.alloc(0);
    [this.#filling, this.#other] = [this.#other, this.#filling];
    this.#filled = 0;
    return chunk;
  }

  /** Gives the buffers back, once nobody looks at them and nothing comes any more. */
  free(): void {
    for (const buffer of [this.#filling, this.#other])
      if (buffer !== null && spareBuffers.length < MAX_SPARE_BUFFERS) spareBuffers.push(buffer);
  }

  #take(bytes: number, into: Uint8Array): boolean {
    if (this.#isNext(into)) {
      this.#filled += bytes;
      this.onBytes?.(bytes);
    } else {
      // Swapped since the last read: Node learns where to put the next one only after each.
      this.add(into.subarray(0, bytes));
    }
    // Whoever listens holds the socket still.
    return this.onBytes !== null || !this.isFull;
  }

  #isNext({ buffer, byteOffset }: Uint8Array): boolean {
    const filling = this.#filling;
    return buffer === filling?.buffer && byteOffset === filling.byteOffset + this.#filled;
  }

  /** Never empty: Node would try for ever to put something into it. */
  #room(): Buffer {
    this.#filling ??= takeBuffer();
    if (this.#filled === this.#filling.length)
      this.#filling = Buffer.concat([this.#filling], this.#filled + SLACK_BYTES);
    return this.#filling.subarray(this.#filled);
  }
}
