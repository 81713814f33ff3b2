/** Many partners' accounts may write and rename, and not delete: that must not cost a file its next try. */
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Route } from '@waybill/contracts/routes.js';
import { answering, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import {
  type ScriptedServer,
  type Site,
  emptyFolder,
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
beforeEach(() => emptyFolder(join(site.folder, 'out')));
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

/** The worker that has it is lost when all bytes went, before the file has its name. */
async function startAndLose(route: Route): Promise<string> {
  const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'transferred' });
  const death = once(doomed, 'exit');
  const id = await site.start(route);
  await death;
  return id;
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
  const id = await startAndLose(route);
  await site.startWorker();
  await expectDelivered(id);
});

test('what could not be removed at once is removed by the next run, also where its file has arrived', async () => {
  const inUse = '550 The process cannot access the file because it is being used by another process.';
  const asked: string[] = [];
  const refuse = answering({ DELE: onlyFirst(1, inUse) });
  server = await site.scripted({
    onCommand(session, verb, argument) {
      if (verb === 'DELE') asked.push(argument);
      return refuse(session, verb, argument);
    },
  });
  await writeFile(join(site.folder, 'out', 'a.csv'), content);
  const route = await site.sendRoute(await site.server(server), { ifExists: 'replace' });
  const id = await startAndLose(route);
  await site.startWorker();
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(await readdir(server.root)).toHaveLength(2);
  expect(await site.waitFor(await site.start(route))).toMatchObject({ state: 'succeeded' });
  expect(await readdir(server.root)).toEqual(['a.csv']);
  // Once it is gone nobody asks for it any more.
  await site.waitFor(await site.start(route));
  expect(asked).toHaveLength(2);
});

test('what may never be removed is asked for once by each run, and keeps none from its files', async () => {
  let asked = 0;
  const route = await aRouteTo({
    onCommand(session, verb, argument) {
      if (verb === 'DELE') asked += 1;
      return answering({ DELE: '550 Permission denied.' })(session, verb, argument);
    },
  });
  const id = await startAndLose(route);
  await site.startWorker();
  await expectDelivered(id);
  for (const run of [1, 2]) {
    await writeFile(join(site.folder, 'out', `of run ${run}.csv`), 'x');
    asked = 0;
    const next = await site.waitFor(await site.start(route));
    expect(next.files).toContainEqual(
      expect.objectContaining({ name: `of run ${run}.csv`, state: 'delivered' }),
    );
    expect(asked).toBe(1);
  }
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
