import { setTimeout as sleep } from 'node:timers/promises';

/** Sleeps until the signal is aborted, and for this long at most. */
export async function sleepUntil(signal: AbortSignal, atMostMs: number): Promise<void> {
  try {
    await sleep(atMostMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
