import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { aSchedule } from '@waybill/testing/builders.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { type TestRedis, startRedis } from '@waybill/testing/servers/redis.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import pg from 'pg';
import { type Site, emptyFolder, openSite, readFolder } from './test-support/site.js';

let server: FtpTestServer;
beforeAll(async () => {
  server = await startVsftpd();
});
afterAll(() => server.stop());

describe.each(['postgres', 'redis'] as const)('with the queue on %s', (backend) => {
  let site: Site;
  let redis: TestRedis | undefined;
  beforeAll(async () => {
    redis = backend === 'redis' ? await startRedis() : undefined;
    site = await openSite(redis && { redisUrl: redis.url });
  });
  afterAll(async () => {
    await site.close();
    await redis?.stop();
  });
  beforeEach(async () => {
    await emptyFolder(server.root);
    await emptyFolder(join(site.folder, 'out'));
    await writeFile(join(site.folder, 'out', 'a.csv'), 'a');
  });

  async function routes(count: number) {
    const target = await site.server(server);
    const made = Array.from({ length: count }, (_, i) => {
      // A name of its own in one folder for each, so that they do not meet.
      const filePattern = `${i}.csv`;
      return writeFile(join(site.folder, 'out', filePattern), String(i)).then(() =>
        site.sendRoute(target, { filePattern }),
      );
    });
    return Promise.all(made);
  }

  async function loseTheStore(): Promise<void> {
    if (redis) {
      const { port } = redis;
      await redis.stop();
      redis = await startRedis({ port });
      return;
    }
    const client = new pg.Client({ connectionString: site.database.superuserUrl });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename LIKE '%job%'",
    );
    expect(rows.length).toBeGreaterThan(0);
    await client.query(`TRUNCATE ${rows.map((row) => row.name).join(', ')} CASCADE`);
    await client.end();
  }

  test('two workers never run one transfer at the same time, however often it is rung', async () => {
    const workers = await Promise.all([site.startWorker(), site.startWorker()]);
    const ids = await Promise.all((await routes(12)).map((route) => site.start(route)));
    await Promise.all([...ids, ...ids, ...ids].map((id) => site.jobs.ring('transfer', id)));
    for (const id of ids) {
      expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', tryCount: 1, deliveredCount: 1 });
      const actions = await site.actionsOf(id);
      expect(actions.filter((action) => action === 'transfer.started')).toHaveLength(1);
      expect(actions.filter((action) => action === 'transfer_file.delivered')).toHaveLength(1);
    }
    expect(Object.keys(await readFolder(server.root))).toHaveLength(12);
    await Promise.all(workers.map((worker) => worker.stop()));
  });

  test('losing the whole store of the queue loses no transfer', async () => {
    expect(site.jobs.backend).toBe(backend);
    const ids = await Promise.all((await routes(3)).map((route) => site.start(route)));
    await loseTheStore();
    const worker = await site.startWorker();
    for (const id of ids) expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', tryCount: 1 });
    await worker.stop();
  });

  test('losing the store under a worker that is at work loses nothing either', async () => {
    const worker = await site.startWorker();
    const made = await routes(6);
    const before = await Promise.all(made.slice(0, 3).map((route) => site.start(route)));
    await loseTheStore();
    const after = await Promise.all(made.slice(3).map((route) => site.start(route, { ring: false })));
    for (const id of [...before, ...after])
      expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
    await worker.stop();
  });

  test('a schedule that is due starts its route once, with two workers ticking', async () => {
    const [route] = await routes(1);
    const schedule = await aSchedule(site.database.app, { routeId: route!.id });
    await inTransaction(site.database.app, (tx) =>
      tx.schedule.update({ where: { id: schedule.id }, data: { nextRunAt: new Date(Date.now() - 1000) } }),
    );
    const workers = await Promise.all([site.startWorker(), site.startWorker()]);
    const find = () => site.database.app.transfer.findMany({ where: { scheduleId: schedule.id } });
    for (const deadline = Date.now() + 60_000; (await find()).length === 0; await sleep(50))
      if (Date.now() > deadline) throw new Error('the schedule has started nothing');
    const [started] = await find();
    expect(await site.waitFor(started!.id)).toMatchObject({ state: 'succeeded', cause: 'schedule' });
    await sleep(1500);
    expect(await find()).toHaveLength(1);
    await Promise.all(workers.map((worker) => worker.stop()));
  });
});
