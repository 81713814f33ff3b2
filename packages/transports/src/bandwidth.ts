/**
 * The bandwidth limit of an endpoint: so many bytes a second each way, over all sessions of this process. Each piece
 * that moves puts the line off by the time that it is worth; whoever moves the next one holds still until then.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** What was not used up to so long ago may be used now; short, so that a limit is one at every moment. */
const BURST_MS = 100;
/** Shorter waits cost more than they are worth; they add up and are waited for together. */
const LEAST_WAIT_MS = 5;
/** A piece is worth so long at most, for a steady flow and an end without delay. */
const PIECE_MS = 100;
const LEAST_PIECE_BYTES = 256;

export class Pace {
  #freeAt = 0;

  constructor(public bytesPerSecond: number) {}

  /** Counts bytes that move now. @returns how long to hold still before the next ones, in ms; 0 for not at all */
  spend(bytes: number, now = performance.now()): number {
    this.#freeAt = Math.max(this.#freeAt, now - BURST_MS) + (bytes * 1000) / this.bytesPerSecond;
    const waitMs = this.#freeAt - now;
    return waitMs < LEAST_WAIT_MS ? 0 : waitMs;
  }

  get pieceBytes(): number {
    return Math.max(LEAST_PIECE_BYTES, Math.floor((this.bytesPerSecond * PIECE_MS) / 1000));
  }
}

const paces = new Map<string, Pace>();

/** The one pace of an endpoint in a direction; null where it has no limit. */
export function paceOf(
  direction: 'up' | 'down',
  { id, settings }: { id?: string | undefined; settings: { bandwidthKibPerSecond: number | null } },
): Pace | null {
  if (settings.bandwidthKibPerSecond === null) return null;
  const bytesPerSecond = settings.bandwidthKibPerSecond * 1024;
  if (id === undefined) return new Pace(bytesPerSecond);
  const key = `${direction} ${id}`;
  const pace = paces.get(key) ?? new Pace(bytesPerSecond);
  // As the endpoint says now.
  pace.bytesPerSecond = bytesPerSecond;
  paces.set(key, pace);
  return pace;
}

/** The same bytes in pieces, no faster than the pace; ends early when the signal fires. */
export async function* paced(
  source: AsyncIterable<Uint8Array>,
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    for (let offset = 0; offset < chunk.length;) {
      const piece = chunk.subarray(offset, offset + pace.pieceBytes);
      const waitMs = pace.spend(piece.length);
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
      yield piece;
      offset += piece.length;
    }
  }
}
