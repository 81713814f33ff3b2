/**
 * Postgres refuses to run as root. Started by root, Waybill runs it as the system user `postgres`, which must
 * be able to get at the binaries and the data whatever folder the installation lives in.
 */
import { execFile } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account that the server runs under; null where that is simply the one we run under. */
export interface PostgresAccount {
  uid: number;
  gid: number;
}

/**
 * Tells which account the server must run under, and makes the system user `postgres` where root needs it.
 * @throws Error when root has no such user and it cannot be made
 */
export async function postgresAccount(): Promise<PostgresAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const existing = await readAccount();
  if (existing) return existing;
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
  } catch (cause) {
    throw new Error(
      'Postgres does not run as root and the system user "postgres" could not be made. ' +
        'Make it with "useradd --system --user-group postgres", or start Waybill as an ordinary user.',
      { cause },
    );
  }
  const made = await readAccount();
  if (!made) throw new Error('The system user "postgres" was made but is not in /etc/passwd.');
  return made;
}

async function readAccount(): Promise<PostgresAccount | null> {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

/** Hands a file or folder to the account; does nothing when we run under our own. */
export async function giveTo(account: PostgresAccount | null, path: string): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

/**
 * Checks that the account may walk down to `folder`.
 * @throws Error naming the first folder on the way that is closed to it
 */
export async function requireReachable(account: PostgresAccount | null, folder: string): Promise<void> {
  if (!account) return;
  for (const ancestor of ancestors(folder)) {
    const { mode, uid, gid } = await stat(ancestor);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      throw new Error(
        `The system user "postgres", under which the database runs, may not enter ${ancestor}. ` +
          'Choose a data folder that it can reach (WAYBILL_DATA), or start Waybill as an ordinary user.',
      );
    }
  }
}

/** Every folder above `folder`, from the root down, without `folder` itself. */
function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [] : [...ancestors(above), above];
}
