import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { TEST_ROLES, testDatabase, type TestDatabase } from '@waybill/testing/database.js';
import { startRedis } from '@waybill/testing/servers/redis.js';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { JobsStore } from './connection.js';
import { openJobs, QUEUE_NAMES, type Jobs } from './jobs.js';
import { eventually } from './test-support/eventually.js';

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
