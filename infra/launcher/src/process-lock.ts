/**
 * A lock that a process holds for as long as it lives, as a file that names it. A lock whose holder was killed
 * is taken over: a process is known by its id and the time at which it started, so that another one that was
 * given the same id later is not taken for it.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';

interface Holder {
  pid: number;
  /** In clock ticks since boot, with the id of the boot; "" where the system does not tell. */
  startedAt: string;
}

/**
 * Takes the lock.
 * @returns a function that gives it back, or the process id of the one who holds it
 */
export async function takeLock(path: string): Promise<{ release: () => void } | { heldBy: number }> {
  const own: Holder = { pid: process.pid, startedAt: startOf(process.pid) };
  const proposal = `${path}.${randomUUID()}`;
  await writeFile(proposal, JSON.stringify(own), { mode: 0o600 });
  const release = (): void => rmSync(path, { force: true });
  try {
    for (;;) {
      try {
        // Unlike a rename, a link fails where the name is taken already.
        await link(proposal, path);
        return { release };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = await readHolder(path);
      if (holder === 'none') continue;
      if (isAlive(holder)) return { heldBy: holder.pid };
      // Several may find the same dead holder, the last of them when another one has taken its place already.
      const guard = await takeLock(`${path}.next`);
      if ('heldBy' in guard) return guard;
      try {
        const found = await readHolder(path);
        if (found === 'none' || isAlive(found)) continue;
        await rename(proposal, path);
        return { release };
      } finally {
        guard.release();
      }
    }
  } finally {
    await rm(proposal, { force: true });
  }
}

/** The process id of the one who holds the lock, or null. */
export async function lockHolder(path: string): Promise<number | null> {
  const holder = await readHolder(path);
  return holder !== 'none' && isAlive(holder) ? holder.pid : null;
}

async function readHolder(path: string): Promise<Holder | 'none'> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return 'none';
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // A crash of the machine cut it short: nobody holds it.
    return { pid: 0, startedAt: '' };
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(holder.pid) === holder.startedAt;
}

function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The name of the program, in brackets, may hold spaces; the 22nd field is the 20th after it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return `${boot} ${fields[19]}`;
  } catch {
    // Not Linux: the process id alone must do.
    return '';
  }
}
