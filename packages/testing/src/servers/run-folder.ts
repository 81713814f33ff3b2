import { chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Servers never run as root: as root we start them as nobody, otherwise as ourselves. So a test behaves the same
 * for both, and a file that the server may not read is refused for both.
 */
export const serverUid = process.getuid?.() === 0 ? 65534 : (process.getuid?.() ?? 0);
export const serverGid = process.getgid?.() === 0 ? 65534 : (process.getgid?.() ?? 0);

/**
 * Not below the clone (which nobody may not enter when it lies in a home folder) and not in /tmp (which may be
 * small and in memory).
 */
const parent = '/var/tmp';
const prefix = 'waybill-test-';

/** Makes a folder that belongs to the server's user, after removing those of test processes that died. */
export async function makeRunFolder(kind: string): Promise<string> {
  await removeAbandonedFolders();
  const folder = await mkdtemp(join(parent, `${prefix}${kind}-${process.pid}-`));
  await chown(folder, serverUid, serverGid);
  return folder;
}

/** Writes a file that only the server's user can read. */
export async function writeServerFile(path: string, content: string | Buffer): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await chown(path, serverUid, serverGid);
}

export async function makeServerFolder(path: string): Promise<void> {
  await mkdir(path);
  await chown(path, serverUid, serverGid);
}

async function removeAbandonedFolders(): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = new RegExp(`^${prefix}[a-z0-9-]+-(\\d+)-\\w{6}$`).exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.uid === serverUid) await rm(path, { recursive: true, force: true });
  }
}
