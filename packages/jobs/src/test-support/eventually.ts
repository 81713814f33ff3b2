import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until `holds` is true, at most ten seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await holds()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error('It did not come true within ten seconds.');
  }
}
