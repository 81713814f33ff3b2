import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ResendFiles } from '@waybill/contracts/transfers.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { startTransfer } from '@waybill/domain/transfers/start-transfer.js';
import { answering, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import { anActor } from '@waybill/testing/builders.js';
import { type ScriptedServer, type Site, emptyFolder, openSite, readFolder } from './test-support/site.js';

let site: Site;
let server: ScriptedServer;
let stored: string[];
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
});
afterAll(() => site.close());
beforeEach(async () => {
  stored = [];
  // The first file is refused, once.
  server = await site.scripted({
    onCommand: answering({ STOR: onlyFirst(1, '553 Not now.') }),
    onDataOpen: (_session, verb, path) => {
      if (verb === 'STOR') stored.push(path);
      return undefined;
    },
  });
  await emptyFolder(join(site.folder, 'out'));
  for (const name of ['a.csv', 'b.csv']) await writeFile(join(site.folder, 'out', name), name);
});
afterEach(() => site.stopServers());

async function sendAgain(resendOfId: string, resendFiles: ResendFiles) {
  const request = { cause: 'resend', resendOfId, resendFiles, reason: 'partner asks' } as const;
  const { transferId } = await inTransaction(site.database.app, (tx) =>
    startTransfer(tx, anActor(), request),
  );
  await site.jobs.ring('transfer', transferId);
  return site.waitFor(transferId);
}

test.each([
  ['not_delivered', ['a.csv'], 2],
  ['all', ['a.csv', 'b.csv'], 3],
] as const)('a partial transfer that is sent again, %s, moves %j', async (files, names, stores) => {
  const first = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
  expect(first.files).toMatchObject([{ state: 'failed' }, { state: 'delivered' }]);
  const second = await sendAgain(first.id, files);
  expect(second).toMatchObject({ state: 'succeeded', deliveredCount: names.length });
  expect(second.files.map(({ name }) => name)).toEqual(names);
  expect(stored).toHaveLength(stores);
  expect(Object.keys(await readFolder(server.root)).toSorted()).toEqual(['a.csv', 'b.csv']);
});
