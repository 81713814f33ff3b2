/** Jest's global tear-down: stops the test database's server and removes the folder of the run. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export default async function endThisTestRun() {
  await endTestRun(process.env.WAYBILL_TEST_RUN);
}

/** @param {string} folder the folder of one run, made by start-test-run.mjs */
export async function endTestRun(folder) {
  const dataDir = join(folder, 'postgres');
  const pid = serverOf(dataDir);
  // Its data is thrown away, so it need not be closed in order.
  if (pid !== null) process.kill(pid, 'SIGQUIT');
  for (let waitedMs = 0; serverOf(dataDir) === pid && pid !== null && waitedMs < 10_000; waitedMs += 20) {
    await sleep(20);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** The process id of the server that runs on this folder, or null. */
function serverOf(dataDir) {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataDir) ? pid : null;
  } catch {
    // It was never started, or is gone.
    return null;
  }
}
