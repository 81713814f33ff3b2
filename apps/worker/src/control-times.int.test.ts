/** How long a person, and whoever stops a worker, has to wait in the middle of a transfer. */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import { anActor } from '@waybill/testing/builders.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { startHuge } from './test-support/huge-transfer.js';
import { type Site, openSite } from './test-support/site.js';

// These promises are in seconds, and other tests share the machine. What is promised besides is in control.int.test.ts.
jest.retryTimes(2);

let site: Site;
let server: FtpTestServer;
beforeAll(async () => {
  [site, server] = await Promise.all([openSite(), startVsftpd()]);
});
afterAll(async () => {
  await site.close();
  await server.stop();
});
afterEach(() => site.endWorkers());

const DIRECTIONS = ['send', 'collect'] as const;
/** What a busy machine may add to any time; far less than the patience that a hang would take. */
const STANDSTILL_MS = 4000;

test.each(DIRECTIONS)(
  'a %s that is cancelled while bytes flow ends within two seconds',
  async (direction) => {
    await site.startWorker();
    const { id } = await startHuge(site, server, direction);
    const askedAt = performance.now();
    await inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));
    await site.waitFor(id, ['cancelled']);
    expect(performance.now() - askedAt).toBeLessThan(2000 + STANDSTILL_MS);
  },
);

test.each(DIRECTIONS)(
  'a worker that is told to stop has put a %s back after eight seconds',
  async (direction) => {
    const child = site.spawnWorker();
    const { id } = await startHuge(site, server, direction);
    const toldAt = performance.now();
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - toldAt).toBeLessThan(8000 + STANDSTILL_MS);
    await site.waitFor(id, ['queued']);
  },
);
