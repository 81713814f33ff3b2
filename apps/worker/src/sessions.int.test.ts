import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { systemActor } from '@waybill/domain/actor.js';
import { claimTransfer } from '@waybill/domain/transfers/claim-transfer.js';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { TEST_ROOT, aLocalFolder, testVaultKeys } from '@waybill/testing/builders.js';
import { assertFails } from '@waybill/transports/test-support/assert-fails.js';
import { openWith } from '@waybill/vault/open.js';
import pino from 'pino';
import { readConfig } from './config.js';
import { crashAt } from './crash-at.js';
import { openSessions } from './sessions.js';
import { type ScriptedServer, type Site, openSite } from './test-support/site.js';
import type { Worker } from './worker.js';

let site: Site;
let server: ScriptedServer;
beforeAll(async () => {
  site = await openSite();
  server = await site.scripted({ onCommand: answering({ MLSD: '522 Session reuse required' }) });
});
afterAll(() => site.close());

async function aWorker(): Promise<Worker> {
  const { privateKey } = await testVaultKeys();
  return {
    id: 'w1',
    actor: systemActor('worker test'),
    config: readConfig({
      DATABASE_URL: site.database.workerUrl,
      WAYBILL_VAULT_PRIVATE_KEY: privateKey,
      WAYBILL_LOCAL_ROOTS: `${TEST_ROOT}=${site.folder}`,
    }),
    database: site.database.worker,
    jobs: site.jobs,
    log: pino({ level: 'silent' }),
    openSecret: await openWith(privateKey),
    crashAt: crashAt(null),
    stopping: new AbortController().signal,
  };
}

test('a side that could be opened in the end is not to blame for the other one', async () => {
  const worker = await aWorker();
  const source = await aLocalFolder(site.database.app, { basePath: '/late' });
  const target = await site.server(server);
  const route = await site.sendRoute(target, { sourceEndpointId: source.id, sourcePath: '/' });
  const transferId = await site.start(route, { ring: false });
  const claim = await inTransaction(site.database.worker, (tx) =>
    claimTransfer(tx, worker.actor, { transferId, workerId: worker.id, leaseMs: 60_000 }),
  );
  const sessions = openSessions(worker, claim!, worker.stopping);
  try {
    const absent = await assertFails(sessions.open('source'), 'not_found');
    expect(sessions.endpointAtFault(absent)).toBe(source.id);
    await mkdir(join(site.folder, 'late'));
    await sessions.open('source');
    const transport = await sessions.open('target');
    const refused = await assertFails(transport.list('/'), 'protection_refused');
    expect(sessions.endpointAtFault(refused)).toBe(target.id);
  } finally {
    await sessions.close();
  }
});
