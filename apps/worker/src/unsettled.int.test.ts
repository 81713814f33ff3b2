/** What one transfer of a route leaves in doubt is not sent by the next one, until a person says so. */
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Route } from '@waybill/contracts/routes.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { startTransfer } from '@waybill/domain/transfers/start-transfer.js';
import { answering, dropInstead } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import { anActor } from '@waybill/testing/builders.js';
import type { RunningWorker } from './start-worker.js';
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
let worker: RunningWorker | undefined;
/** How often bytes of a file were asked for or offered. */
let moves = 0;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  moves = 0;
  for (const name of ['out', 'in']) await emptyFolder(join(site.folder, name));
});
afterEach(async () => {
  await worker?.stop();
  await site.stopServers();
});

async function serve(script: Script = {}): Promise<void> {
  server = await site.scripted({
    ...script,
    onDataOpen: (_session, verb) => {
      if (verb === 'STOR' || verb === 'RETR') moves += 1;
      return undefined;
    },
  });
}

const run = async (route: Route) => site.waitFor(await site.start(route));

/** A transfer that ends with its file uncertain: the worker is lost after the rename, and the partner takes the file. */
async function anUncertainOne(afterAction: 'keep' | 'delete'): Promise<{ route: Route; id: string }> {
  await serve();
  await writeFile(join(site.folder, 'out', 'pay.csv'), 'pay 100');
  const route = await site.sendRoute(await site.server(server), { afterAction });
  const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'renamed' });
  const death = once(doomed, 'exit');
  const id = await site.start(route);
  await death;
  await rm(join(server.root, 'pay.csv'));
  worker = await site.startWorker();
  expect((await site.waitFor(id)).files).toMatchObject([{ state: 'uncertain' }]);
  expect(moves).toBe(1);
  return { route, id };
}

async function sendAgain(resendOfId: string) {
  const request = { cause: 'resend', resendOfId, resendFiles: 'not_delivered', reason: 'lost' } as const;
  const { transferId } = await inTransaction(site.database.app, (tx) =>
    startTransfer(tx, anActor(), request),
  );
  await site.jobs.ring('transfer', transferId);
  return site.waitFor(transferId);
}

test.each(['keep', 'delete'] as const)(
  'an uncertain file is not sent by the next run, where sources are to %s, and goes when a person sends it again',
  async (afterAction) => {
    const { route, id } = await anUncertainOne(afterAction);
    const next = await run(route);
    expect(next).toMatchObject({ state: 'succeeded', fileCount: 0 });
    expect(next.files).toMatchObject([
      { state: 'skipped', skipReason: expect.stringMatching(/^It may have arrived .* Ask the partner/) },
    ]);
    expect(await readFolder(server.root)).toEqual({});
    expect(moves).toBe(1);

    expect(await sendAgain(id)).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
    expect(await readFolder(server.root)).toEqual({ 'pay.csv': sha256('pay 100') });
    // What is kept goes at every run from now on, as ever.
    expect(await run(route)).toMatchObject({
      state: 'succeeded',
      deliveredCount: afterAction === 'keep' ? 1 : 0,
    });
  },
);

test('a file that was written anew since is another file, and goes', async () => {
  const { route } = await anUncertainOne('delete');
  await writeFile(join(site.folder, 'out', 'pay.csv'), 'pay 200');
  expect(await run(route)).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(await readFolder(server.root)).toEqual({ 'pay.csv': sha256('pay 200') });
});

test('a file that was written anew before the try that left it in doubt is the one that is not sent by the next run', async () => {
  let tries = 0;
  let isAway = false;
  await serve({
    onCommand: async (_session, verb) => {
      if (verb === 'CONNECT' && isAway) return '421 Not now';
      if (verb !== 'STOR') return undefined;
      tries += 1;
      if (tries > 1) return undefined;
      await writeFile(join(site.folder, 'out', 'pay.csv'), 'pay 1000');
      return '450 Not now.';
    },
    // All bytes go under the final name, the answer is lost, and nobody can look.
    onReply: (_session, verb, { code }) => {
      if (verb !== 'STOR' || code !== 226) return undefined;
      isAway = true;
      return dropInstead('rst');
    },
  });
  await writeFile(join(site.folder, 'out', 'pay.csv'), 'pay 100');
  worker = await site.startWorker();
  const endpoint = await site.server(server, { settings: { temporaryName: 'direct' } });
  const route = await site.sendRoute(endpoint, { maxTries: 2 });
  expect((await run(route)).files).toMatchObject([{ state: 'uncertain' }]);
  isAway = false;
  expect((await run(route)).files).toMatchObject([
    { state: 'skipped', skipReason: expect.stringMatching(/^It may have arrived/) },
  ]);
  expect(tries).toBe(2);
});

test.each([
  ['with dates in its listing', {}],
  ['with dates of single files only', { FEAT: '211 No features' }],
  ['without dates', { FEAT: '211 No features', MDTM: '500 Unknown command' }],
])(
  'a delivered file that its server %s would not let us delete in time is not collected again',
  async (_what, answers) => {
    await serve({ onCommand: answering({ ...answers, DELE: '450 Locked.' }) });
    worker = await site.startWorker();
    await putFile(server.root, 'pay.csv', 'pay 100');
    const change = { afterAction: 'delete', maxTries: 1 } as const;
    const route = await site.collectRoute(await site.server(server), change);
    const first = await run(route);
    expect(first).toMatchObject({ state: 'partial', deliveredCount: 1 });
    await emptyFolder(join(site.folder, 'in'));
    const second = await run(route);
    expect(second.files).toMatchObject([
      { state: 'skipped', skipReason: expect.stringMatching(/^Delivered already by the transfer of /) },
    ]);
    expect(moves).toBe(1);
    expect(await readFolder(join(site.folder, 'in'))).toEqual({});
  },
);
