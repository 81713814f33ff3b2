import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import type { CrashBoundary } from './crash-at.js';
import { type Site, emptyFolder, openSite, readFolder, sha256 } from './test-support/site.js';

let site: Site;
let server: FtpTestServer;
beforeAll(async () => {
  [site, server] = await Promise.all([openSite(), startVsftpd()]);
}, 60_000);
afterAll(async () => {
  await site.close();
  await server.stop();
});

/** Sends one file with a worker that is killed, changes the target, and lets another worker go on. */
async function crashAnd(boundary: CrashBoundary, meanwhile: () => Promise<void>) {
  await emptyFolder(server.root);
  await writeFile(join(site.folder, 'out', 'a.csv'), 'ours');
  const route = await site.sendRoute(await site.server(server), { afterAction: 'delete' });
  const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: boundary });
  const death = once(doomed, 'exit');
  const id = await site.start(route);
  await death;
  await meanwhile();
  const rescuer = await site.startWorker();
  const transfer = await site.waitFor(id);
  await rescuer.stop();
  return { id, transfer };
}

test('a file that the partner may have taken away already is uncertain, is not sent again, and its source stays', async () => {
  const { id, transfer } = await crashAnd('renamed', () => rm(join(server.root, 'a.csv')));
  expect(transfer).toMatchObject({ state: 'partial', deliveredCount: 0 });
  expect(transfer.files).toMatchObject([
    { state: 'uncertain', failureText: expect.stringContaining('ask the partner') },
  ]);
  expect(await readFolder(server.root)).toEqual({});
  expect(await readFolder(join(site.folder, 'out'))).toEqual({ 'a.csv': sha256('ours') });
  expect(await site.actionsOf(id)).toEqual(
    expect.arrayContaining(['transfer_file.uncertain', 'transfer.ended_partial']),
  );
}, 30_000);

test('a final name that holds another file by then is uncertain, and the other file stays', async () => {
  const { transfer } = await crashAnd('renamed', () => writeFile(join(server.root, 'a.csv'), 'theirs'));
  expect(transfer.files).toMatchObject([{ state: 'uncertain' }]);
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('theirs') });
}, 30_000);

test('a final name that holds the same file by then is delivered, and no temporary file is left beside it', async () => {
  const { transfer } = await crashAnd('verified', () => writeFile(join(server.root, 'a.csv'), 'ours'));
  expect(transfer.files).toMatchObject([{ state: 'delivered', verification: 'compared' }]);
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('ours') });
}, 30_000);

test('a temporary file that somebody cleared before it was complete is no doubt: the file is sent', async () => {
  const { transfer } = await crashAnd('transferred', async () => {
    for (const name of await readdir(server.root)) await rm(join(server.root, name));
  });
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('ours') });
}, 30_000);
