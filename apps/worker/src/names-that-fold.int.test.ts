/** `A.csv` and `a.csv` are two files of the source, and may be one name at the target. */
import { access, link, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from '@jest/globals';
import { afterDoing } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import { type ScriptedServer, readFolder, sha256 } from './test-support/site.js';
import { useSite } from './test-support/use-site.js';

const site = await useSite('out');
beforeEach(async () => {
  await writeFile(join(site.folder, 'out', 'A.csv'), 'upper');
  await writeFile(join(site.folder, 'out', 'a.csv'), 'lower');
});

/** A server to which the two names are one: what is stored as the one is there as the other too. */
async function folding(script: Script = {}): Promise<ScriptedServer> {
  const server = await site.scripted({
    ...script,
    onReply: (_session, verb, { code }) => {
      if (!['RNTO 250', 'STOR 226'].includes(`${verb} ${code}`)) return undefined;
      return afterDoing(async () => {
        const [upper, lower] = [join(server.root, 'A.csv'), join(server.root, 'a.csv')];
        const isThere = await access(upper).then(
          () => true,
          () => false,
        );
        if (!isThere) return;
        await rm(lower, { force: true });
        await link(upper, lower);
      });
    },
  });
  return server;
}

test.each([
  ['at once', {}, 0],
  ['by the next try', {}, 1],
  ['under their final names', { temporaryName: 'direct' }, 0],
] as const)(
  'a target that takes both for one keeps the first, and the source keeps the other, where they come %s',
  async (_how, settings, refusals) => {
    let stores = 0;
    const server = await folding({
      onCommand: (_session, verb) => {
        if (verb !== 'STOR') return undefined;
        stores += 1;
        return stores === 2 && refusals > 0 ? '450 Not now' : undefined;
      },
    });
    await site.startWorker();
    const route = await site.sendRoute(await site.server(server, { settings }), {
      ifExists: 'replace',
      afterAction: 'delete',
    });
    const transfer = await site.waitFor(await site.start(route));
    expect(transfer).toMatchObject({ state: 'partial', deliveredCount: 1, tryCount: 1 + refusals });
    expect(transfer.files).toMatchObject([
      { name: 'A.csv', state: 'delivered' },
      {
        name: 'a.csv',
        state: 'failed',
        failureKind: 'target_exists',
        failureText: expect.stringContaining('/a.csv would replace /A.csv, which this transfer has'),
      },
    ]);
    expect(await readFolder(server.root)).toEqual({ 'A.csv': sha256('upper'), 'a.csv': sha256('upper') });
    expect(await readFolder(join(site.folder, 'out'))).toEqual({ 'a.csv': sha256('lower') });
  },
);

test('a target that tells them apart has both replaced, also where the files of the day before were alike', async () => {
  const server = await site.scripted();
  const yesterday = new Date(Date.now() - 86_400_000);
  for (const name of ['A.csv', 'a.csv']) {
    await writeFile(join(server.root, name), 'older');
    await utimes(join(server.root, name), yesterday, yesterday);
  }
  await site.startWorker();
  const route = await site.sendRoute(await site.server(server), { ifExists: 'replace' });
  const transfer = await site.waitFor(await site.start(route));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 2 });
  expect(await readFolder(server.root)).toEqual({ 'A.csv': sha256('upper'), 'a.csv': sha256('lower') });
});

test('two such files go one after the other, however many sessions share the work', async () => {
  for (let index = 0; index < 60; index += 1)
    await writeFile(join(site.folder, 'out', `B ${index}.csv`), 'x');
  const named: string[] = [];
  const server = await site.scripted({
    onCommand: async (_session, verb, argument) => {
      if (verb !== 'RNTO') return undefined;
      // Until others have come, which do not wait for it.
      const until = performance.now() + 20_000;
      while (argument === '/A.csv' && named.length <= 40 && performance.now() < until) await sleep(20);
      named.push(argument);
      return undefined;
    },
  });
  await site.startWorker({ WAYBILL_SESSIONS_PER_TRANSFER: '3' });
  const route = await site.sendRoute(await site.server(server), { ifExists: 'replace' });
  expect(await site.waitFor(await site.start(route))).toMatchObject({
    state: 'succeeded',
    deliveredCount: 62,
  });
  expect(named.filter((path) => /^\/a\.csv$/i.test(path))).toEqual(['/A.csv', '/a.csv']);
  expect(named.indexOf('/A.csv')).toBeGreaterThan(40);
});
