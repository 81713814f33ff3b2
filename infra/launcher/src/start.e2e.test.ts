/** `npm start` as a whole, from the built files: what it prints, what it survives and how it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';
import { emptyTestDatabase } from '@waybill/testing/database.js';
import { startRedis } from '@waybill/testing/servers/redis.js';
import pg from 'pg';

const LAUNCHER = join(import.meta.dirname, '../dist/main.js');
const BOOTSTRAP = join(import.meta.dirname, '../bootstrap.mjs');
const COMMAND = join(import.meta.dirname, '../dist/run-command.js');
const RUNNING = 'Waybill is running.';

interface Launch {
  child: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
}

let folder: string;
let port: number;
const launches: Launch[] = [];

beforeEach(async () => {
  // The database of a launcher that root starts runs as another user, who must be able to get here.
  folder = await mkdtemp(join(tmpdir(), 'waybill-start-'));
  await chmod(folder, 0o711);
  port = await findFreePort();
});
afterEach(async () => {
  await endAll();
  await rm(folder, { recursive: true });
});

async function endAll(): Promise<void> {
  for (const { child, exited } of launches.splice(0)) {
    child.kill('SIGTERM');
    await exited;
  }
}

function launch(environment: NodeJS.ProcessEnv = {}, args = [LAUNCHER]): Launch {
  const { PATH, HOME } = process.env;
  const settings = {
    WAYBILL_DATA: join(folder, 'data'),
    WAYBILL_PORT: String(port),
    ...environment,
  };
  const child = spawn(process.execPath, args, { env: { PATH, HOME, ...settings }, stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const started = { child, output: () => output, exited };
  launches.push(started);
  return started;
}

/** `npm run waybill -- …` on the same folder. */
async function command(args: string[], environment: NodeJS.ProcessEnv = {}) {
  const { exited, output } = launch(environment, [COMMAND, ...args]);
  return { code: await exited, output: output() };
}

async function eventually(holds: () => boolean | Promise<boolean>, about: () => string): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await holds()); await sleep(50)) {
    if (Date.now() > deadline) throw new Error(`It did not come true. ${about()}`);
  }
}

async function launchUntilRunning(environment: NodeJS.ProcessEnv = {}, args?: string[]): Promise<Launch> {
  const started = launch(environment, args);
  let hasEnded = false;
  void started.exited.then(() => (hasEnded = true));
  await eventually(() => hasEnded || started.output().includes('To stop'), started.output);
  expect(started.output()).toContain(RUNNING);
  return started;
}

/** Process ids of everything that has the data folder on its command line or in its environment. */
async function processesOfFolder(): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const facts = ['cmdline', 'environ'].map((name) =>
      readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''),
    );
    if ((await Promise.all(facts)).some((text) => text.includes(join(folder, 'data')))) found.push(pid);
  }
  return found;
}

async function processOf(entry: string): Promise<number> {
  for (const pid of await processesOfFolder()) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(entry)) return pid;
  }
  throw new Error(`No process of ${entry} was found.`);
}

test('it prints where everything is, serves the console and the API, and ends without a trace', async () => {
  const { child, output, exited } = await launchUntilRunning();
  expect(output()).toContain(`http://127.0.0.1:${port}\n`);
  expect(output()).toMatch(/set-up#token=[\w-]{43} /);
  expect(output()).toMatch(/127\.0\.0\.1:\d+ \(explicit\), 127\.0\.0\.1:\d+ \(implicit\)/);
  const password = /user waybill, password in (\S+)\n/.exec(output())?.[1] ?? '';
  expect(await readFile(password, 'utf8')).toMatch(/^[\w-]{24}\n$/);
  expect(output()).toContain(`${join(folder, 'data')}  (npm run waybill needs the same WAYBILL_DATA)\n`);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<div id="root">');
  child.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(output()).toMatch(/Stopping …\nStopped\.\n$/);
  expect(await processesOfFolder()).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a %s for the first process alone stops everything that it has started',
  async (signal) => {
    const { child, output, exited } = await launchUntilRunning({}, [BOOTSTRAP, 'start']);
    child.kill(signal);
    expect(await exited).toBe(0);
    expect(output()).toMatch(/Stopping …\nStopped\.\n$/);
    expect(await processesOfFolder()).toEqual([]);
  },
);

test('only the worker is told where the private key of the vault is', async () => {
  await launchUntilRunning();
  const environmentOf = async (entry: string): Promise<string> =>
    readFile(`/proc/${await processOf(entry)}/environ`, 'utf8');
  expect(await environmentOf('apps/worker/')).toContain('vault/private-key');
  expect(await environmentOf('apps/api/')).not.toContain('private-key');
  expect(await environmentOf('apps/api/')).not.toContain('owner.url');
  expect(await environmentOf('practice-main')).not.toMatch(/secrets/);
  const { code, output } = await command(['api-key', 'create', '--name', 'metrics', '--role', 'auditor']);
  expect(code).toBe(0);
  const authorization = `Bearer ${/^[\w-]{43,}$/m.exec(output)?.[0]}`;
  const metrics = await (
    await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization } })
  ).text();
  expect(metrics).toMatch(/^process_open_fds [1-9]/m);
  expect(metrics).toMatch(/^process_resident_memory_bytes [1-9]/m);
  const options = (await readFile(`/proc/${await processOf('apps/api/')}/cmdline`, 'utf8')).split('\0');
  expect(options).toContain('--permission');
  const secrets = join(folder, 'data/secrets');
  const readable = options.flatMap((option) => /^--allow-fs-read=(.*)/.exec(option)?.[1] ?? []);
  expect(readable.filter((path) => `${path}/`.startsWith(join(folder, 'data')))).toEqual([
    join(secrets, 'app.url'),
    join(secrets, 'vault/public-key'),
  ]);
});

test('a command where no Waybill was ever started makes none, and says where it looked', async () => {
  const { output, code } = await command(['migrate']);
  expect({ output, code }).toMatchObject({ code: 1 });
  expect(output).toContain(`There is no Waybill in ${join(folder, 'data')}.`);
  expect(await processesOfFolder()).toEqual([]);
  expect(existsSync(join(folder, 'data'))).toBe(false);
});

test('a second launcher on the same folder is refused, whatever its port, and the first is left alone', async () => {
  const first = await launchUntilRunning();
  for (const environment of [{ WAYBILL_PORT: String(await findFreePort()) }, {}]) {
    const second = launch(environment);
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain(`running already on the data folder ${join(folder, 'data')}`);
  }
  expect(first.child.exitCode).toBeNull();
});

test('a port that is taken is told before anything is made', async () => {
  await launchUntilRunning();
  const second = launch({ WAYBILL_DATA: join(folder, 'other') });
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(`Port ${port} on 127.0.0.1 is taken`);
  expect(second.output()).toContain(`WAYBILL_PORT=${port + 1}`);
  const other = String(await findFreePort());
  const third = launch({
    WAYBILL_DATA: join(folder, 'other'),
    WAYBILL_PORT: other,
    WAYBILL_PRACTICE_IMPLICIT_PORT: String(port),
  });
  expect(await third.exited).toBe(1);
  expect(third.output()).toContain(`Port ${port} on 127.0.0.1 is taken`);
  expect(third.output()).toContain(`WAYBILL_PRACTICE_IMPLICIT_PORT=${port + 1}`);
  expect(await readdir(folder)).toEqual(['data']);
});

test('a folder of a newer version is refused', async () => {
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data/format-version'), '99\n');
  const { exited, output } = launch();
  expect(await exited).toBe(1);
  expect(output()).toContain('newer version of Waybill (format 99');
});

test('a worker that is killed is started again, and that is said', async () => {
  const { output } = await launchUntilRunning();
  const worker = await processOf('apps/worker/');
  process.kill(worker, 'SIGKILL');
  await eventually(async () => (await processOf('apps/worker/').catch(() => worker)) !== worker, output);
  expect(output()).toContain('The worker ended by itself (SIGKILL)');
});

test('after the launcher itself was killed the next start clears up and runs', async () => {
  const first = await launchUntilRunning();
  const token = /token=([\w-]+)/.exec(first.output())![1];
  first.child.kill('SIGKILL');
  await first.exited;
  const second = launch();
  // The processes of the first one end by themselves; until the port is free again a start says so.
  await eventually(async () => {
    if (launches.at(-1)!.output().includes(RUNNING)) return true;
    if (launches.at(-1)!.child.exitCode !== null) launch();
    return false;
  }, second.output);
  expect(launches.at(-1)!.output()).not.toContain(token!);
});

test('in production there is no practice partner', async () => {
  const { output } = await launchUntilRunning({ NODE_ENV: 'production' });
  expect(output()).not.toContain('Practice partner');
});

test('Ctrl-C while it starts ends it as well, as a program that was interrupted', async () => {
  const { child, exited, output } = launch();
  await eventually(() => existsSync(join(folder, 'data/launcher.lock')), output);
  child.kill('SIGINT');
  expect(await exited).toBe(130);
  expect(await processesOfFolder()).toEqual([]);
});

test('it stops in order when nobody reads any more what it says, as after a terminal was closed', async () => {
  const { child, exited } = await launchUntilRunning();
  child.stdout!.destroy();
  child.stderr!.destroy();
  child.kill('SIGHUP');
  expect(await exited).toBe(0);
  expect(await processesOfFolder()).toEqual([]);
});

test('a fault in the configuration of a process ends the start at once, and is told', async () => {
  const { exited, output } = launch({ WAYBILL_CONCURRENCY: 'many' });
  expect(await exited).toBe(1);
  expect(output()).toContain('The configuration has faults:');
  expect(output()).toContain('WAYBILL_CONCURRENCY: must be a number');
  expect(output()).not.toContain('starting it again');
});

describe('with a database and a Redis of one’s own', () => {
  test('it uses them, and makes roles that keep the API away from the audit log', async () => {
    const database = await emptyTestDatabase();
    const redis = await startRedis();
    try {
      const { output } = await launchUntilRunning({
        DATABASE_URL: database.superuserUrl,
        REDIS_URL: redis.url,
      });
      expect(output()).not.toContain('separation of database roles is off');
      const appUrl = (await readFile(join(folder, 'data/secrets/app.url'), 'utf8')).trim();
      expect(new URL(appUrl).username).toMatch(/^test_\w+_app$/);
      await expect(query(appUrl, 'DELETE FROM audit_event')).rejects.toThrow(/permission denied/);
      expect(await readdir(join(folder, 'data'))).not.toContain('postgres');
      expect(await readdir(join(folder, 'data/secrets'))).not.toContain('owner.url');
      expect(await readFile(join(folder, 'data/logs/worker.log'), 'utf8')).toContain('"queue":"redis"');
    } finally {
      await endAll();
      await redis.stop();
      const name = new URL(database.superuserUrl).pathname.slice(1);
      for (const role of ['app', 'worker', 'sealer']) {
        await query(database.superuserUrl, `DROP OWNED BY ${name}_${role}; DROP ROLE ${name}_${role}`);
      }
      await database.close();
    }
  });

  test('an owner without the right to make roles runs everything as the owner, which is said', async () => {
    const database = await emptyTestDatabase();
    try {
      const { output } = await launchUntilRunning({ DATABASE_URL: database.ownerUrl });
      // Said below where everything is, and so maybe a moment later.
      await eventually(() => output().includes('The separation of database roles is off'), output);
      const secrets = await readdir(join(folder, 'data/secrets'));
      expect(secrets.filter((name) => name.endsWith('.url'))).toEqual([]);
      expect((await command(['migrate'])).output).toContain('Set DATABASE_URL here as it is set there');
      expect((await command(['migrate'], { DATABASE_URL: database.ownerUrl })).output).toContain(
        'is current',
      );
      await endAll();
      const forgetful = launch();
      expect(await forgetful.exited).toBe(1);
      expect(forgetful.output()).toMatch(
        /goes with the database 127.0.0.1:\d+\/test_\w+, and DATABASE_URL is not/,
      );
    } finally {
      await endAll();
      await database.close();
    }
  });

  test('one that cannot be reached is told with its name', async () => {
    const { exited, output } = launch({ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/mine' });
    expect(await exited).toBe(1);
    expect(output()).toContain('The database mine at 127.0.0.1:1 cannot be used');
    expect(output()).not.toContain('secret');
  });

  test('a Redis that cannot be reached is told at once, with its address', async () => {
    const { exited, output } = launch({ REDIS_URL: 'redis://:secret@127.0.0.1:1' });
    expect(await exited).toBe(1);
    expect(output()).toContain('The Redis at 127.0.0.1:1 cannot be used: connect ECONNREFUSED');
    expect(output()).not.toContain('secret');
  });
});

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
