import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Route } from '@waybill/contracts/routes.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { pauseInstallation, resumeInstallation } from '@waybill/domain/settings/pause.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import { anActor } from '@waybill/testing/builders.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { type Site, emptyFolder, openSite, putFile, readFolder, sha256 } from './test-support/site.js';

/** Takes many seconds to move, and no room on the disk where it is sparse. */
const HUGE_BYTES = 8 * 1024 ** 3;

// Two promises here are in seconds, and other tests share the machine.
jest.retryTimes(2);

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
afterEach(() => site.endWorkers());

async function emptyAll(server: FtpTestServer): Promise<void> {
  for (const name of ['out', 'in', 'archive']) await emptyFolder(join(site.folder, name));
  await emptyFolder(server.root);
}

async function putHuge(folder: string): Promise<void> {
  await putFile(folder, 'huge.bin', '');
  await truncate(join(folder, 'huge.bin'), HUGE_BYTES);
}

async function untilBytesFlow(transferId: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
    const { movedBytes } = await site.database.app.transfer.findUniqueOrThrow({ where: { id: transferId } });
    if (movedBytes > 0n) return;
  }
  throw new Error('no byte has moved');
}

describe.each([
  ['vsftpd', startVsftpd],
  ['proftpd', startProftpd],
] as const)('with %s', (_name, startServer) => {
  let server: FtpTestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());
  beforeEach(() => emptyAll(server));

  async function aHugeTransfer(direction: 'send' | 'collect'): Promise<{ route: Route; to: string }> {
    const endpoint = await site.server(server);
    if (direction === 'send') {
      await putHuge(join(site.folder, 'out'));
      return { route: await site.sendRoute(endpoint), to: server.root };
    }
    await putHuge(server.root);
    return { route: await site.collectRoute(endpoint), to: join(site.folder, 'in') };
  }

  test.each(['send', 'collect'] as const)(
    'cancelling a %s while bytes flow ends it within two seconds and leaves nothing at the target',
    async (direction) => {
      const worker = await site.startWorker();
      const { route, to } = await aHugeTransfer(direction);
      const id = await site.start(route);
      await untilBytesFlow(id);
      const askedAt = performance.now();
      await inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));
      const transfer = await site.waitFor(id, ['cancelled']);
      expect(performance.now() - askedAt).toBeLessThan(2000);
      expect(await readFolder(to)).toEqual({});
      expect(transfer.files).toMatchObject([{ state: 'skipped', failureKind: 'cancelled' }]);
      expect(await site.actionsOf(id)).toEqual(
        expect.arrayContaining(['transfer.cancel_requested', 'transfer.cancelled']),
      );
      await worker.stop();
    },
  );

  test.each(['send', 'collect'] as const)(
    'a worker that is told to stop puts a %s back at once, and it goes on from the start',
    async (direction) => {
      const child = site.spawnWorker({ WAYBILL_LEASE_MS: '30000' });
      const { route, to } = await aHugeTransfer(direction);
      const id = await site.start(route);
      await untilBytesFlow(id);
      const toldAt = performance.now();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(performance.now() - toldAt).toBeLessThan(8000);
      const back = await site.waitFor(id, ['queued']);
      expect(back).toMatchObject({ tryCount: 0, leaseOwner: null });
      expect(back.files).toMatchObject([{ state: 'planned', temporaryPath: null }]);
      expect(await readFolder(to)).toEqual({});
      expect(await site.actionsOf(id)).toContain('transfer.interrupted');
      // Nobody cancelled it, so the evidence must not say so.
      const attempts = await site.database.app.attempt.findMany({ where: { transferId: id } });
      expect(attempts).toMatchObject([{ outcome: 'failed', failureKind: 'worker_stopped' }]);
      // Small enough now to see the end of it.
      await truncate(join(direction === 'send' ? join(site.folder, 'out') : server.root, 'huge.bin'), 1000);
      await site.database.app.transferFile.updateMany({
        where: { transferId: id },
        data: { sizeBytes: null, modifiedAt: null },
      });
      const next = await site.startWorker();
      expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', tryCount: 1 });
      expect(await readFolder(to)).toEqual({ 'huge.bin': sha256(Buffer.alloc(1000)) });
      await next.stop();
    },
  );
});

describe('a pause', () => {
  test('stops new starts and leaves what runs alone; afterwards the queue goes on', async () => {
    const server = await startVsftpd();
    await emptyAll(server);
    await writeFile(join(site.folder, 'out', 'a.csv'), 'a');
    const route = await site.sendRoute(await site.server(server));
    const id = await site.start(route, { ring: false });
    await inTransaction(site.database.app, (tx) =>
      pauseInstallation(tx, anActor(), { reason: 'moving house' }),
    );
    await expect(site.start(route)).rejects.toMatchObject({ code: 'paused' });
    const worker = await site.startWorker();
    await site.jobs.ring('transfer', id);
    await sleep(1000);
    expect(await site.waitFor(id, ['queued'])).toMatchObject({ tryCount: 0 });
    await inTransaction(site.database.app, (tx) => resumeInstallation(tx, anActor()));
    expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded' });
    await worker.stop();
    await server.stop();
  });
});
