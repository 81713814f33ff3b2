/** Many partners' accounts may write and rename, and not delete: that must not cost a file its next try. */
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { answering } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import {
  type ScriptedServer,
  type Site,
  openSite,
  putFile,
  readFolder,
  sha256,
} from './test-support/site.js';

let site: Site;
let server: ScriptedServer;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
afterEach(async () => {
  await site.endWorkers();
  await site.stopServers();
});

const content = Buffer.alloc(1_000_000, 'x');

async function aRouteTo(script: Script) {
  server = await site.scripted({ onCommand: answering({ DELE: '550 Permission denied.' }), ...script });
  await writeFile(join(site.folder, 'out', 'a.csv'), content);
  return site.sendRoute(await site.server(server));
}

/** The file arrived by the second try, and what the first has left is to be seen. */
async function expectDelivered(id: string): Promise<void> {
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1, tryCount: 2 });
  const there = await readFolder(server.root);
  expect(there['a.csv']).toBe(sha256(content));
  const [left = '', ...others] = (await readdir(server.root)).filter((name) => name !== 'a.csv');
  expect(others).toEqual([]);
  const second = JSON.stringify(transfer.attempts.at(-1)?.timeline);
  expect(second).toContain(`The temporary file /${left} stays at the target`);
  expect(second).toContain('Permission denied.');
}

test('an upload that breaks off is sent under another name where the first may not be deleted', async () => {
  let cuts = 0;
  const route = await aRouteTo({
    onDataOpen: (_session, verb) =>
      verb === 'STOR' && ++cuts === 1 ? { cut: { afterBytes: 100_000, how: 'rst' } } : undefined,
  });
  await site.startWorker();
  await expectDelivered(await site.start(route));
});

test('what a lost worker has begun is sent under another name where the first may not be deleted', async () => {
  const route = await aRouteTo({});
  const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'transferred' });
  const death = once(doomed, 'exit');
  const id = await site.start(route);
  await death;
  await site.startWorker();
  await expectDelivered(id);
});

test('a file that is there beside its temporary one is delivered where that may not be deleted', async () => {
  const route = await aRouteTo({});
  const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'verified' });
  const death = once(doomed, 'exit');
  const id = await site.start(route);
  await death;
  await putFile(server.root, 'a.csv', content);
  await site.startWorker();
  expect((await site.waitFor(id)).files).toMatchObject([{ state: 'delivered', verification: 'compared' }]);
});

test('a rename that is refused is a failure and no doubt, where the temporary file may not be deleted either', async () => {
  const route = await aRouteTo({
    onCommand: answering({ DELE: '550 Permission denied.', RNTO: '550 Renaming is forbidden here.' }),
  });
  await site.startWorker();
  const transfer = await site.waitFor(await site.start(route));
  const [left = '', ...others] = await readdir(server.root);
  expect(others).toEqual([]);
  expect(transfer).toMatchObject({ state: 'failed', files: [{ state: 'failed' }] });
  const [attempt] = transfer.attempts;
  expect(attempt).toMatchObject({ outcome: 'failed', failureKind: 'permission_denied' });
  expect(attempt?.failureText).toContain(`The temporary file /${left} may be left at the target`);
});
