/** The folder in which one installation keeps everything: database, secrets, keys, logs, local files. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LaunchError } from './config.js';
import { lockHolder, takeLock } from './process-lock.js';

/** Raised when what lies in the folder changes so that an older Waybill would damage it. */
const FORMAT_VERSION = 1;

/** Where things are; the paths say nothing about what exists yet. */
export interface DataFolder {
  path: string;
  postgres: string;
  secrets: string;
  logs: string;
  practice: string;
  /** The local folder that routes may read and write. */
  files: string;
}

/** A folder that no other launcher can open until it is released. */
export interface LockedDataFolder extends DataFolder {
  release(): void;
}

export function dataFolderAt(path: string): DataFolder {
  return {
    path,
    postgres: join(path, 'postgres'),
    secrets: join(path, 'secrets'),
    logs: join(path, 'logs'),
    practice: join(path, 'practice'),
    files: join(path, 'files'),
  };
}

/**
 * Opens the folder for this process alone, and makes it first where there is none.
 * @throws LaunchError when a newer version wrote it, another launcher uses it, or it cannot be written
 */
export async function openDataFolder(path: string): Promise<LockedDataFolder> {
  const folder = dataFolderAt(path);
  try {
    const first = await mkdir(path, { recursive: true });
    // The account of the database must be able to walk through, whatever our umask.
    for (let made = dirname(path); first && made.length >= first.length; made = dirname(made))
      await chmod(made, 0o755);
    await chmod(path, 0o711);
    for (const inside of [folder.secrets, folder.logs, folder.practice, folder.files]) {
      await mkdir(inside, { mode: 0o700, recursive: true });
    }
  } catch (error) {
    throw new LaunchError(
      `The data folder ${path} cannot be used (${(error as Error).message}). Choose another one with WAYBILL_DATA.`,
    );
  }
  const lock = await takeLock(join(path, 'launcher.lock'));
  if ('heldBy' in lock) throw runningAlready(path, lock.heldBy);
  try {
    await requireKnownFormat(path);
  } catch (error) {
    lock.release();
    throw error;
  }
  return { ...folder, release: lock.release };
}

function runningAlready(path: string, processId: number): LaunchError {
  return new LaunchError(
    `Waybill, or a command of it, is running already on the data folder ${path} (process ${processId}). ` +
      'Stop that one first, or choose another folder with WAYBILL_DATA.',
  );
}

/** @throws LaunchError when a launcher runs on this folder; the lock itself is taken by `openDataFolder` */
export async function requireNotRunning(path: string): Promise<void> {
  const processId = await runningLauncher(path);
  if (processId !== null) throw runningAlready(path, processId);
}

/** @throws LaunchError where no Waybill was ever started on this folder */
export function requireInstallation(path: string): void {
  if (existsSync(join(path, 'format-version'))) return;
  throw new LaunchError(
    `There is no Waybill in ${path}. Start it first, or say with WAYBILL_DATA which folder it was started with.`,
  );
}

/** The process id of the launcher that runs on this folder, or null. */
export function runningLauncher(path: string): Promise<number | null> {
  return lockHolder(join(path, 'launcher.lock'));
}

async function requireKnownFormat(path: string): Promise<void> {
  const file = join(path, 'format-version');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return writeWhole(file, `${FORMAT_VERSION}\n`);
  const version = Number(text);
  if (!Number.isInteger(version) || version < 1) {
    throw new LaunchError(
      `${file} should hold a number, but holds "${text.trim().slice(0, 40)}". Restore it from a backup, or choose ` +
        'another folder with WAYBILL_DATA.',
    );
  }
  if (version > FORMAT_VERSION) {
    throw new LaunchError(
      `The data folder ${path} was written by a newer version of Waybill (format ${version}, this version knows ` +
        `${FORMAT_VERSION}). Start that version again, or choose another folder with WAYBILL_DATA.`,
    );
  }
}

/** A secret of this installation: made at random when it is first asked for, then always the same. */
export async function keepSecret(folder: DataFolder, name: string): Promise<string> {
  const path = join(folder.secrets, name);
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (known !== null) return known.trim();
  const made = randomBytes(24).toString('base64url');
  await writeSecret(folder, name, made);
  return made;
}

/** Writes a file that only we may read into the folder of secrets. */
export function writeSecret(folder: DataFolder, name: string, text: string): Promise<void> {
  return writeWhole(join(folder.secrets, name), `${text}\n`);
}

/** Writes a file that only we may read: whole or, when the disk is full or we are killed, not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  } catch (error) {
    await rm(`${path}.new`, { force: true });
    throw error;
  }
}
