import { spawn, type ChildProcess } from 'node:child_process';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { TEST_ROLES, testDatabase, type TestDatabase } from '@waybill/testing/database.js';
import { startRedis } from '@waybill/testing/servers/redis.js';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { JobsStore } from './connection.js';
import { openJobs, QUEUE_NAMES, type Jobs } from './jobs.js';

/** Looks until `holds` is true, at most ten seconds. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await holds()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error('It did not come true within ten seconds.');
  }
}

interface Backend {
  store: JobsStore;
  /** Throws away everything that the queues hold. */
  flush(): Promise<void>;
  /** Rows or keys that hold jobs. */
  countJobs(): Promise<number>;
  /** Connections to the store, those of the test itself left out. */
  countConnections(): Promise<number>;
  stop(): Promise<void>;
}

async function startPostgresBackend(): Promise<Backend> {
  const database: TestDatabase = await testDatabase();
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  return {
    store: { databaseUrl: database.appUrl },
    flush: async () => void (await owner.query('TRUNCATE bullmq.job, bullmq.event, bullmq.meta CASCADE')),
    countJobs: async () =>
      (await owner.query<{ n: number }>('SELECT count(*)::int AS n FROM bullmq.job')).rows[0]!.n,
    countConnections: async () => {
      const { rows } = await owner.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = '${TEST_ROLES.app}' AND datname = current_database()`,
      );
      return rows[0]!.n;
    },
    async stop() {
      await owner.end();
      await database.close();
    },
  };
}

async function startRedisBackend(): Promise<Backend> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  return {
    store: { databaseUrl: 'postgres://unused', redisUrl: server.url },
    flush: async () => void (await redis.flushall()),
    countJobs: async () => {
      const keys = await redis.keys('bull:*');
      return keys.filter((key) => /:[0-9a-f-]{36}$/.test(key)).length;
    },
    countConnections: async () =>
      String(await redis.client('LIST'))
        .trim()
        .split('\n').length - 1,
    async stop() {
      redis.disconnect();
      await server.stop();
    },
  };
}

describe.each([
  ['Postgres', startPostgresBackend],
  ['Redis', startRedisBackend],
] as const)('the queues on %s', (name, startBackend) => {
  let backend: Backend;
  const opened: Jobs[] = [];
  const errors: string[] = [];

  const open = (): Jobs => {
    const jobs = openJobs(backend.store, { onError: (error) => errors.push(error.message) });
    opened.push(jobs);
    return jobs;
  };

  beforeAll(async () => {
    backend = await startBackend();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((jobs) => jobs.close()));
    await backend.flush();
    errors.length = 0;
  });
  afterAll(() => backend.stop());

  test('tell which store they are in, and answer a ping', async () => {
    const jobs = open();
    expect(jobs.backend).toBe(name.toLowerCase());
    await jobs.ping();
  });

  test('hand each ring to a worker once, and keep nothing of it', async () => {
    const ringing = open();
    const seen: string[] = [];
    open().work('transfer', async (id) => void seen.push(id));
    open().work('transfer', async (id) => void seen.push(id));
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => ringing.ring('transfer', id)));
    await eventually(() => seen.length >= 4);
    await eventually(async () => (await backend.countJobs()) === 0);
    expect(seen.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('take a ring before there is a worker, and count it as waiting', async () => {
    const jobs = open();
    await jobs.ring('notification', 'a');
    expect(await jobs.depth('notification')).toEqual({ waiting: 1, active: 0 });
    expect(await jobs.depth('transfer')).toEqual({ waiting: 0, active: 0 });
    const seen: string[] = [];
    jobs.work('notification', async (id) => void seen.push(id));
    await eventually(() => seen.length === 1);
  });

  test('ring again for a row whose first ring is still being worked on', async () => {
    const jobs = open();
    const seen: string[] = [];
    jobs.work('transfer', async (id) => {
      seen.push(id);
      if (seen.length === 1) await jobs.ring('transfer', id);
    });
    await jobs.ring('transfer', 'a');
    await eventually(() => seen.length === 2);
  });

  test('tell of a handler that throws and go on with the next', async () => {
    const jobs = open();
    const seen: string[] = [];
    jobs.work(
      'endpoint-test',
      async (id) => {
        seen.push(id);
        if (id === 'bad') throw new Error('The handler broke.');
      },
      { concurrency: 1 },
    );
    await jobs.ring('endpoint-test', 'bad');
    await jobs.ring('endpoint-test', 'good');
    await eventually(() => seen.includes('good') && errors.length > 0);
    expect(seen).toEqual(['bad', 'good']);
    expect(errors).toEqual(['The handler broke.']);
    await eventually(async () => (await backend.countJobs()) === 0);
  });

  test('work on no more at a time than asked for', async () => {
    const jobs = open();
    let now = 0;
    let most = 0;
    let done = 0;
    jobs.work(
      'transfer',
      async () => {
        most = Math.max(most, ++now);
        await sleep(30);
        now--;
        done++;
      },
      { concurrency: 2 },
    );
    await Promise.all(Array.from({ length: 8 }, (_, index) => jobs.ring('transfer', `${index}`)));
    await eventually(() => done === 8);
    expect(most).toBe(2);
  });

  test('let a worker that closes end what it has in hand and take no more', async () => {
    const jobs = open();
    let finished = false;
    const begun = Promise.withResolvers<void>();
    const worker = jobs.work('transfer', async () => {
      begun.resolve();
      await sleep(200);
      finished = true;
    });
    await jobs.ring('transfer', 'a');
    await begun.promise;
    await worker.close();
    expect(finished).toBe(true);
    await jobs.ring('transfer', 'b');
    expect(await jobs.depth('transfer')).toEqual({ waiting: 1, active: 0 });
  });

  test('hand what a lost worker had to another one', async () => {
    const lost = spawnWorker(backend.store);
    try {
      const jobs = open();
      await jobs.ring('transfer', 'a');
      await lost.took('a');
      lost.process.kill('SIGKILL');
      const seen: string[] = [];
      jobs.work('transfer', async (id) => void seen.push(id), { lockMs: 500 });
      await eventually(() => seen.includes('a'));
    } finally {
      lost.process.kill('SIGKILL');
    }
  });

  test('ring as before after the store has lost everything', async () => {
    const jobs = open();
    const seen: string[] = [];
    jobs.work('transfer', async (id) => void seen.push(id));
    await jobs.ring('transfer', 'before');
    await eventually(() => seen.includes('before'));
    await backend.flush();
    await jobs.ring('transfer', 'after');
    await eventually(() => seen.includes('after'));
  });

  test('hold few connections with every queue in use', async () => {
    const jobs = open();
    for (const queue of QUEUE_NAMES) jobs.work(queue, async () => undefined);
    await Promise.all(QUEUE_NAMES.map((queue) => jobs.ring(queue, 'a')));
    await eventually(async () => (await backend.countJobs()) === 0);
    expect(await backend.countConnections()).toBeLessThanOrEqual(3 + 3 * QUEUE_NAMES.length);
  });
});

describe('a database that is shutting down', () => {
  /** What the server sends to a connection that it ends (57P01), as the protocol has it: type, length, fields. */
  const goodbye = (() => {
    const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0');
    const message = Buffer.alloc(5 + fields.length);
    message.write('E');
    message.writeInt32BE(4 + fields.length, 1);
    fields.copy(message, 5);
    return message;
  })();
  const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

  test('and ends each connection as soon as it is made does not end those who work', async () => {
    const database = await testDatabase();
    const url = new URL(database.appUrl);
    let isShuttingDown = false;
    let ended = 0;
    const links = new Set<Socket>();
    const proxy = createServer((client) => {
      const server = connect(Number(url.port), url.hostname);
      for (const socket of [client, server]) {
        links.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => [client, server].forEach((one) => one.destroy()));
      }
      client.pipe(server);
      server.on('data', (chunk) => {
        const isReady = chunk.subarray(-READY_FOR_QUERY.length).equals(READY_FOR_QUERY);
        if (!isShuttingDown || !isReady) return void client.write(chunk);
        ended += 1;
        client.end(Buffer.concat([chunk, goodbye]));
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const through = new URL(url);
    through.port = String((proxy.address() as AddressInfo).port);
    through.hostname = '127.0.0.1';
    const jobs = openJobs({ databaseUrl: through.href }, { onError: () => undefined });
    const seen: string[] = [];
    jobs.work('transfer', async (id) => void seen.push(id));
    await jobs.ring('transfer', 'before');
    await eventually(() => seen.includes('before'));

    isShuttingDown = true;
    for (const socket of links) socket.destroy();
    await eventually(() => ended > 3);
    isShuttingDown = false;
    const ring = () =>
      jobs.ring('transfer', 'after').then(
        () => true,
        () => false,
      );
    await eventually(ring);
    await eventually(() => seen.includes('after'));
    await jobs.close();
    proxy.close();
    await database.close();
  });
});

describe('a database that was away', () => {
  test('is asked for jobs every few seconds again, also where it does not tell of one', async () => {
    const database = await testDatabase();
    const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
    const admin = new pg.Client({ connectionString: adminUrlOf(database) });
    await admin.connect();
    const { pathname } = new URL(database.appUrl);
    const allow = (isAllowed: boolean) =>
      admin.query(`ALTER DATABASE ${pathname.slice(1)} ALLOW_CONNECTIONS ${isAllowed}`);
    const errors: Error[] = [];
    const jobs = openJobs({ databaseUrl: database.appUrl }, { onError: (error) => errors.push(error) });
    const seen: string[] = [];
    try {
      await jobs.ring('transfer', 'before');
      await owner.query('CREATE TABLE kept AS SELECT * FROM bullmq.job');
      jobs.work('transfer', async (id) => void seen.push(id));
      await eventually(() => seen.includes('before'));

      await allow(false);
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND datname = $2',
        [TEST_ROLES.app, pathname.slice(1)],
      );
      await eventually(() => errors.some(({ message }) => /not currently accepting/.test(message)));
      await allow(true);
      const listens = () =>
        owner.query(
          `SELECT 1 FROM pg_stat_activity WHERE usename = $1 AND datname = current_database()
          AND application_name = 'transfer'`,
          [TEST_ROLES.app],
        );
      await eventually(async () => (await listens()).rowCount === 1);
      // A ring would tell of it. This is as one that was told of to a connection that had just broken.
      await owner.query(`INSERT INTO bullmq.job SELECT (jsonb_populate_record(NULL::bullmq.job,
        to_jsonb(kept) || '{"id": "untold", "seq": 1000, "data": {"id": "after"}}')).* FROM kept`);
      await eventually(() => seen.includes('after'));
    } finally {
      await allow(true);
      await jobs.close();
      await Promise.all([owner.end(), admin.end()]);
      await database.close();
    }
  });
});

function adminUrlOf({ superuserUrl }: TestDatabase): string {
  return Object.assign(new URL(superuserUrl), { pathname: '/postgres' }).href;
}

/** A worker in a process of its own that takes a job and never ends it. */
function spawnWorker(store: JobsStore): { process: ChildProcess; took(id: string): Promise<void> } {
  const code = `
    import { createPostgresBackend, Worker, withBackend } from 'bullmq';
    const { databaseUrl, redisUrl } = JSON.parse(process.env.STORE);
    const process_ = async (job) => { console.log('took ' + job.data.id); await new Promise((r) => setTimeout(r, 60000)); };
    const lock = { lockDuration: 500, stalledInterval: 500 };
    const worker = redisUrl
      ? new Worker('transfer', process_, { ...lock, connection: { url: redisUrl, maxRetriesPerRequest: null } })
      : new (withBackend(createPostgresBackend).Worker)('transfer', process_, { ...lock, connection: { connectionString: databaseUrl, schema: 'bullmq', max: 2 } });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    env: { ...process.env, NODE_OPTIONS: '', STORE: JSON.stringify(store) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { process: child, took: (id) => eventually(() => output.includes(`took ${id}`)) };
}

describe('a store that cannot be reached', () => {
  test.each([
    ['Postgres', { databaseUrl: 'postgres://nobody:x@127.0.0.1:1/none' }],
    ['Redis', { databaseUrl: 'postgres://unused', redisUrl: 'redis://127.0.0.1:1/0' }],
  ])('makes a ring fail in time on %s', async (_name, store) => {
    const jobs = openJobs(store, { onError: () => undefined, ringTimeoutMs: 500 });
    try {
      await expect(jobs.ring('transfer', 'a')).rejects.toThrow();
      await expect(jobs.ping()).rejects.toThrow();
    } finally {
      await jobs.close();
    }
  });
});
