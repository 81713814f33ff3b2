import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { pauseInstallation, resumeInstallation } from '@waybill/domain/settings/pause.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import { anActor } from '@waybill/testing/builders.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { emptyAll, startHuge } from './test-support/huge-transfer.js';
import { type Site, openSite, readFolder, sha256 } from './test-support/site.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
afterEach(() => site.endWorkers());

describe.each([
  ['vsftpd', startVsftpd],
  ['proftpd', startProftpd],
] as const)('with %s', (_name, startServer) => {
  let server: FtpTestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  test.each(['send', 'collect'] as const)(
    'cancelling a %s while bytes flow ends it and leaves nothing at the target',
    async (direction) => {
      await site.startWorker();
      const { id, to } = await startHuge(site, server, direction);
      await inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));
      const transfer = await site.waitFor(id, ['cancelled']);
      expect(await readFolder(to)).toEqual({});
      expect(transfer.files).toMatchObject([{ state: 'skipped', failureKind: 'cancelled' }]);
      expect(await site.actionsOf(id)).toEqual(
        expect.arrayContaining(['transfer.cancel_requested', 'transfer.cancelled']),
      );
    },
  );

  test.each(['send', 'collect'] as const)(
    'a worker that is told to stop puts a %s back, and what it has left goes once the source is another one',
    async (direction) => {
      const child = site.spawnWorker();
      const { id, file, to } = await startHuge(site, server, direction);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      const back = await site.waitFor(id, ['queued']);
      expect(back).toMatchObject({ tryCount: 0, leaseOwner: null });
      expect(back.files).toMatchObject([{ state: 'planned', temporaryPath: null }]);
      expect(Object.keys(await readFolder(to))).toEqual([expect.stringMatching(/^\.waybill-.*-1\.part$/)]);
      expect(await site.actionsOf(id)).toContain('transfer.interrupted');
      // Nobody cancelled it, so the evidence must not say so.
      const attempts = await site.database.app.attempt.findMany({ where: { transferId: id } });
      expect(attempts).toMatchObject([{ outcome: 'failed', failureKind: 'worker_stopped' }]);
      // Small enough now to see the end of it.
      await truncate(file, 1000);
      await site.database.app.transferFile.updateMany({
        where: { transferId: id },
        data: { sizeBytes: null, modifiedAt: null },
      });
      await site.startWorker();
      expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', tryCount: 1 });
      expect(await readFolder(to)).toEqual({ 'huge.bin': sha256(Buffer.alloc(1000)) });
    },
  );
});

describe('a pause', () => {
  let server: FtpTestServer;
  beforeAll(async () => {
    server = await startVsftpd();
  });
  afterAll(() => server.stop());

  test('stops new starts and leaves what runs alone; afterwards the queue goes on', async () => {
    await emptyAll(site, server);
    await writeFile(join(site.folder, 'out', 'a.csv'), 'a');
    const route = await site.sendRoute(await site.server(server));
    const id = await site.start(route, { ring: false });
    await inTransaction(site.database.app, (tx) =>
      pauseInstallation(tx, anActor(), { reason: 'moving house' }),
    );
    await expect(site.start(route)).rejects.toMatchObject({ code: 'paused' });
    await site.startWorker();
    await site.jobs.ring('transfer', id);
    await sleep(1000);
    expect(await site.waitFor(id, ['queued'])).toMatchObject({ tryCount: 0 });
    await inTransaction(site.database.app, (tx) => resumeInstallation(tx, anActor()));
    expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded' });
  });
});
