/** The source of a delivered file is moved or deleted as the route says, unless it is not what was delivered any more. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { releaseRoute } from '@waybill/domain/routes/hold-route.js';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { anActor } from '@waybill/testing/builders.js';
import { type Site, emptyFolder, openSite, putFile, readFolder, sha256 } from './test-support/site.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
});
afterAll(() => site.close());
beforeEach(async () => {
  for (const name of ['out', 'in', 'archive']) await emptyFolder(join(site.folder, name));
  await writeFile(join(site.folder, 'out', 'a.csv'), 'content');
});
afterEach(() => site.stopServers());

test('a source that was written anew after it was read stays, though it is as long as before', async () => {
  const server = await site.scripted({
    async onCommand(_session, verb) {
      // The file has been read and verified by now, and is about to get its name.
      if (verb === 'RNTO') await writeFile(join(site.folder, 'out', 'a.csv'), 'CONTENT');
      return undefined;
    },
  });
  const route = await site.sendRoute(await site.server(server), { afterAction: 'delete', maxTries: 2 });
  const transfer = await site.waitFor(await site.start(route));
  expect(transfer).toMatchObject({ state: 'partial', failureKind: 'source_changed' });
  expect(transfer.files).toMatchObject([{ state: 'delivered', failureKind: 'source_changed' }]);
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('content') });
  expect(await readFolder(join(site.folder, 'out'))).toEqual({ 'a.csv': sha256('CONTENT') });
});

test('a source that somebody has taken meanwhile is not said to be in the archive', async () => {
  const server = await site.scripted({
    async onCommand(_session, verb) {
      if (verb === 'RNTO') await rm(join(site.folder, 'out', 'a.csv'));
      return undefined;
    },
  });
  const change = { afterAction: 'move', archivePath: '/archive' } as const;
  const route = await site.sendRoute(await site.server(server), change);
  const transfer = await site.waitFor(await site.start(route));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(await site.movedTo(transfer.files[0]?.id)).toEqual([null]);
});

test('a source that may not be deleted does not keep another file from its next try', async () => {
  await writeFile(join(site.folder, 'out', 'b.csv'), 'second');
  let refused = 0;
  const source = await site.scripted({ onCommand: answering({ DELE: '550 Permission denied.' }) });
  await putFile(source.root, 'a.csv', 'first');
  await putFile(source.root, 'b.csv', 'second');
  const target = await site.scripted({
    onCommand(_session, verb, argument) {
      if (verb !== 'RNTO' || !argument.endsWith('b.csv') || refused > 0) return undefined;
      refused += 1;
      return '451 Try again.';
    },
  });
  const route = await site.collectRoute(await site.server(source), {
    targetEndpointId: (await site.server(target)).id,
    targetPath: '/',
    afterAction: 'delete',
    maxTries: 3,
  });
  const transfer = await site.waitFor(await site.start(route), ['held']);
  expect(transfer.files).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
  expect(transfer).toMatchObject({ failureKind: 'permission_denied', tryCount: 2 });
});

test('a source that may not be deleted holds the route, and nothing goes twice; released, the transfer goes on', async () => {
  let isAllowed = false;
  let reads = 0;
  const source = await site.scripted({
    onCommand: (_session, verb) => (verb === 'DELE' && !isAllowed ? '550 Permission denied.' : undefined),
    onDataOpen: (_session, verb) => {
      if (verb === 'RETR') reads += 1;
      return undefined;
    },
  });
  await putFile(source.root, 'pay.csv', 'pay 100');
  const route = await site.collectRoute(await site.server(source), { afterAction: 'delete' });
  const id = await site.start(route);
  const held = await site.waitFor(id, ['held']);
  expect(held).toMatchObject({ failureKind: 'permission_denied', deliveredCount: 1 });
  const { heldReason } = await site.database.app.route.findUniqueOrThrow({ where: { id: route.id } });
  expect(heldReason).toMatch(/^pay\.csv: Delivered, but .* Permission denied.* release the route/);
  await expect(site.start(route)).rejects.toMatchObject({
    code: 'held',
    detail: expect.stringContaining('pay.csv: Delivered, but'),
  });
  isAllowed = true;
  await inTransaction(site.database.app, (tx) => releaseRoute(tx, anActor(), { id: route.id }));
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(reads).toBe(1);
  expect(await readFolder(source.root)).toEqual({});
});
