/** A partner that takes files under their final name as soon as they are whole gets none of them twice. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { updateEndpoint } from '@waybill/domain/endpoints/endpoints.js';
import { afterDoing, answering, dropInstead } from '@waybill/ftps-server/behaviours.js';
import type { Behaviour, Script } from '@waybill/ftps-server/script.js';
import { TEST_ROOT, anActor, testSeal } from '@waybill/testing/builders.js';
import { type ScriptedServer, readFolder, sha256 } from './test-support/site.js';
import { useSite } from './test-support/use-site.js';

const site = await useSite('out', 'in');

const DIRECT = { settings: { temporaryName: 'direct' } } as const;
/** How often bytes were sent to each server. */
let stores = 0;

async function serve(script: Script): Promise<ScriptedServer> {
  stores = 0;
  return site.scripted({
    ...script,
    onCommand(session, verb, argument) {
      if (verb === 'STOR' || verb === 'APPE') stores += 1;
      return script.onCommand?.(session, verb, argument);
    },
  });
}

const put = (bytes: Buffer | string) => writeFile(join(site.folder, 'out', 'a.csv'), bytes);
const take = (server: ScriptedServer) => rm(join(server.root, 'a.csv'));

test('what is taken at once waits for a person after the first try', async () => {
  const server: ScriptedServer = await serve({
    onReply: answering({ 'STOR 226': afterDoing(() => take(server)) }),
  });
  await put('content');
  await site.startWorker();
  const route = await site.sendRoute(await site.server(server, DIRECT));
  const transfer = await site.waitFor(await site.start(route));
  expect(transfer).toMatchObject({ state: 'partial', tryCount: 1, deliveredCount: 0 });
  expect(transfer.files).toMatchObject([
    { state: 'uncertain', failureText: expect.stringContaining('somebody may have taken the file already') },
  ]);
  // Nor by the next run.
  await site.waitFor(await site.start(route));
  expect(stores).toBe(1);
});

test.each([
  ['is there', () => Promise.resolve(), { state: 'delivered', verification: 'compared' }],
  ['was taken', take, { state: 'uncertain', failureText: expect.stringContaining('under the final name') }],
] as const)(
  'what was confirmed and could not be looked at is compared by the next try, and %s',
  async (_what, meanwhile, file) => {
    let isStored = false;
    const server: ScriptedServer = await serve({
      onReply: (_session, verb, { code }) => {
        isStored ||= verb === 'STOR' && code === 226;
        return undefined;
      },
      async onCommand() {
        if (!isStored) return undefined;
        isStored = false;
        await meanwhile(server);
        return dropInstead('rst');
      },
    });
    await put('content');
    await site.startWorker();
    const route = await site.sendRoute(await site.server(server, DIRECT));
    const transfer = await site.waitFor(await site.start(route));
    expect(transfer).toMatchObject({ tryCount: 2, files: [file] });
    expect(stores).toBe(1);
  },
);

test('what is taken while the worker is told to stop is not sent by the next one, and a person is told', async () => {
  const stored = Promise.withResolvers<void>();
  const server: ScriptedServer = await serve({
    onReply: answering({
      'STOR 226': async (turn) => {
        await take(server);
        stored.resolve();
        while (turn.isOpen()) await turn.wait(20);
      },
    }),
  });
  await put('content');
  const first = await site.startWorker();
  const id = await site.start(await site.sendRoute(await site.server(server, DIRECT)));
  await stored.promise;
  await first.stop();
  await site.startWorker();
  const transfer = await site.waitFor(id);
  expect(transfer.files).toMatchObject([
    { state: 'uncertain', failureText: expect.stringContaining('Ask the partner before you send it again') },
  ]);
  expect(transfer.files[0]?.failureText).not.toContain('goes on at the next start');
  expect(stores).toBe(1);
});

test('what a worker has begun is left alone by it when another worker has the transfer', async () => {
  const stalled = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const removed: string[] = [];
  const how: Behaviour = async (turn) => {
    stalled.resolve();
    while (turn.isOpen()) await turn.wait(20);
    ended.resolve();
  };
  const server = await serve({
    onCommand: (_session, verb, argument) => {
      if (verb === 'DELE') removed.push(argument);
      return undefined;
    },
    onDataOpen: (_session, verb) => (verb === 'STOR' ? { cut: { afterBytes: 100_000, how } } : undefined),
  });
  await put(Buffer.alloc(500_000, 'x'));
  const worker = await site.startWorker();
  const id = await site.start(await site.sendRoute(await site.server(server, DIRECT)));
  await stalled.promise;
  const taken = { leaseOwner: 'another worker', tryCount: { increment: 1 } };
  await site.database.app.transfer.update({ where: { id }, data: taken });
  await ended.promise;
  await worker.stop();
  expect(removed).toEqual([]);
  expect(Object.keys(await readFolder(server.root))).toEqual(['a.csv']);
});

test('what was gone on with under its final name, after the endpoint had changed, is not sent twice either', async () => {
  let cuts = 0;
  let doomed: ChildProcess | undefined;
  const bytes = Buffer.alloc(4_000_000, 'x');
  const server = await serve({
    onReply: answering({
      'APPE 226': async (turn) => {
        doomed?.kill('SIGKILL');
        while (turn.isOpen()) await turn.wait(20);
      },
    }),
    onDataOpen: (_session, verb) =>
      verb === 'STOR' && ++cuts === 1 ? { cut: { afterBytes: 2_000_000, how: 'rst' } } : undefined,
  });
  await put(bytes);
  const endpoint = await site.server(server, DIRECT);
  const first = await site.startWorker({ WAYBILL_RETRY_BASE_MS: '600000' });
  const id = await site.start(await site.sendRoute(endpoint));
  await site.waitFor(id, ['waiting']);
  await first.stop();
  await inTransaction(site.database.app, async (tx) => {
    const means = { seal: await testSeal(), localRoots: [TEST_ROOT] };
    const change = { settings: { temporaryName: 'prefix' } } as const;
    await updateEndpoint(tx, anActor(), { id: endpoint.id, change }, means);
  });
  doomed = site.spawnWorker();
  const death = once(doomed, 'exit');
  await site.database.app.transfer.update({ where: { id }, data: { nextTryAt: new Date(0) } });
  await death;
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256(bytes) });
  await take(server);
  await site.startWorker();
  const transfer = await site.waitFor(id);
  expect(transfer.files).toMatchObject([
    { state: 'uncertain', failureText: expect.stringContaining('Somebody may have taken it already') },
  ]);
  expect(stores).toBe(2);
});
