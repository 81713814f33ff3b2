/**
 * Jest's global set-up: makes the folder of one test run, which holds the test database's server and all that tests
 * write for a while, and clears what runs that were killed have left behind. Built-in modules only: nothing is compiled at this point.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endTestRun } from './end-test-run.mjs';

/** Root's server runs as the user postgres, which may not be able to enter root's own folder for temporary files. */
const PARENT = process.getuid?.() === 0 ? '/var/lib/waybill/tests' : tmpdir();
const PREFIX = 'waybill-test-';

export default async function startTestRun() {
  // Whatever the caller's: the server of root's tests runs as another user, who must be able to get here.
  process.umask(0o022);
  mkdirSync(PARENT, { recursive: true, mode: 0o755 });
  await clearDeadRuns();
  const folder = mkdtempSync(join(PARENT, PREFIX));
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'owner.pid'), String(process.pid));
  process.env.WAYBILL_TEST_RUN = folder;
  // As open as the folder for temporary files that it stands in for: servers run as other users.
  process.env.TMPDIR = join(folder, 'tmp');
  mkdirSync(process.env.TMPDIR);
  chmodSync(process.env.TMPDIR, 0o1777);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    // More than once, because a terminal's Ctrl-C comes from the terminal and from whoever started us.
    process.on(signal, () => void endTestRun(folder).finally(() => process.exit(130)));
  }
}

async function clearDeadRuns() {
  for (const name of readdirSync(PARENT).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(PARENT, name);
    const owner = readOwner(folder);
    if (owner !== null && !isAlive(owner)) await endTestRun(folder);
  }
}

function readOwner(folder) {
  try {
    return Number(readFileSync(join(folder, 'owner.pid'), 'utf8')) || null;
  } catch {
    // Another user's run, or one that is just being made.
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
