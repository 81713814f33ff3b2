/** Does a duty again and again, one at a time; a failure is logged and the next turn comes all the same. */
import { sleepUntil } from './sleep-until.js';
import type { Worker } from './worker.js';

/** @returns what resolves when the duty in hand has ended, after the worker was told to stop */
export async function every(
  worker: Worker,
  intervalMs: number,
  duty: { name: string; do: () => Promise<void> },
): Promise<void> {
  const { stopping } = worker;
  while (!stopping.aborted) {
    try {
      await duty.do();
    } catch (error) {
      worker.log.warn(
        { err: error, duty: duty.name, intervalMs },
        'a duty failed; its next turn comes all the same',
      );
    }
    await sleepUntil(stopping, intervalMs);
  }
}
