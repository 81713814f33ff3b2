import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { RouteCreate } from '@waybill/contracts/routes.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import { getTransfer } from '@waybill/domain/transfers/transfer-views.js';
import { afterDoing, answering, dropInstead } from '@waybill/ftps-server/behaviours.js';
import { anActor } from '@waybill/testing/builders.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import type { CrashBoundary } from './crash-at.js';
import { type Site, emptyFolder, openSite, putFile, readFolder, sha256 } from './test-support/site.js';

let site: Site;
let server: FtpTestServer;
beforeAll(async () => {
  [site, server] = await Promise.all([openSite(), startVsftpd()]);
});
afterAll(async () => {
  await site.close();
  await server.stop();
});

afterEach(() => site.stopServers());

/** Sends one file with a worker that is killed, changes the target, and lets another worker go on. */
async function crashAnd(
  boundary: CrashBoundary,
  meanwhile: (transferId: string) => Promise<void>,
  change: Partial<RouteCreate> = { afterAction: 'delete' },
) {
  await emptyFolder(server.root);
  await writeFile(join(site.folder, 'out', 'a.csv'), 'ours');
  const route = await site.sendRoute(await site.server(server), change);
  const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: boundary });
  const death = once(doomed, 'exit');
  const id = await site.start(route);
  await death;
  await meanwhile(id);
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
});

test('a final name that holds another file by then is uncertain, and the other file stays', async () => {
  const { transfer } = await crashAnd('renamed', () => writeFile(join(server.root, 'a.csv'), 'theirs'));
  expect(transfer.files).toMatchObject([{ state: 'uncertain' }]);
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('theirs') });
});

test('a final name that holds the same file by then is delivered, and no temporary file is left beside it', async () => {
  const { transfer } = await crashAnd('verified', () => writeFile(join(server.root, 'a.csv'), 'ours'));
  expect(transfer.files).toMatchObject([{ state: 'delivered', verification: 'compared' }]);
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('ours') });
});

test('a temporary file that was verified gets its final name, and is not sent again though its source is gone', async () => {
  const { id, transfer } = await crashAnd('verified', () => rm(join(site.folder, 'out', 'a.csv')));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(transfer.files).toMatchObject([{ state: 'delivered', verification: 'compared' }]);
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('ours') });
  const { timeline, dialogue } = transfer.attempts.at(-1) ?? {};
  expect(timeline).toEqual(
    expect.arrayContaining([expect.objectContaining({ step: 'rename', outcome: 'ok' })]),
  );
  expect(JSON.stringify(dialogue)).not.toContain('STOR');
  expect(await site.actionsOf(id)).toContain('transfer_file.delivered');
});

test('a verified temporary file replaces what has the final name, where the route says so', async () => {
  const meanwhile = async () => {
    await writeFile(join(server.root, 'a.csv'), 'old');
    await rm(join(site.folder, 'out', 'a.csv'));
  };
  const { transfer } = await crashAnd('verified', meanwhile, { ifExists: 'replace' });
  expect(transfer.files).toMatchObject([{ state: 'delivered', verification: 'compared' }]);
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('ours') });
});

test('a temporary file that is not as it was verified is removed, and the file is sent again', async () => {
  const { transfer } = await crashAnd('verified', async () => {
    for (const name of await readdir(server.root)) await writeFile(join(server.root, name), 'ourS');
  });
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(JSON.stringify(transfer.attempts.at(-1)?.dialogue)).toContain('STOR');
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('ours') });
});

test('a verified temporary file of a transfer that was cancelled meanwhile gets no final name', async () => {
  const { transfer } = await crashAnd('verified', async (id) => {
    await inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));
  });
  expect(transfer).toMatchObject({ state: 'cancelled', deliveredCount: 0 });
  expect(transfer.files).toMatchObject([{ state: 'skipped', failureKind: 'cancelled' }]);
  expect(await readFolder(server.root)).toEqual({});
});

test('a worker that is lost when the old file had made way leaves the new one to the next, which names it', async () => {
  let stores = 0;
  let asked = 0;
  let doomed: ChildProcess | undefined;
  const scripted = await site.scripted({
    onCommand(_session, verb) {
      if (verb === 'STOR') stores += 1;
      if (verb !== 'RNTO') return undefined;
      asked += 1;
      if (asked === 1) return '550 File already exists.';
      if (asked > 2) return undefined;
      doomed?.kill('SIGKILL');
      return dropInstead('rst');
    },
  });
  await putFile(scripted.root, 'a.csv', 'old');
  await writeFile(join(site.folder, 'out', 'a.csv'), 'ours');
  const route = await site.sendRoute(await site.server(scripted), { ifExists: 'replace' });
  doomed = site.spawnWorker();
  const death = once(doomed, 'exit');
  const id = await site.start(route);
  await death;
  expect(Object.values(await readFolder(scripted.root))).toEqual([sha256('ours')]);
  await rm(join(site.folder, 'out', 'a.csv'));
  const rescuer = await site.startWorker();
  const transfer = await site.waitFor(id);
  await rescuer.stop();
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(await readFolder(scripted.root)).toEqual({ 'a.csv': sha256('ours') });
  expect(stores).toBe(1);
});

test('a source that the lost worker had moved away already is said to be where it put it', async () => {
  const change = { afterAction: 'move', archivePath: '/archive' } as const;
  const { transfer } = await crashAnd('after-action-done', () => Promise.resolve(), change);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(await site.movedTo(transfer.files[0]?.id)).toEqual(['/archive/a.csv']);
  expect(await readFolder(join(site.folder, 'archive'))).toEqual({ 'a.csv': sha256('ours') });
});

describe('a file that a lost worker had begun under its final name', () => {
  const crashDirect = async (
    boundary: CrashBoundary,
    meanwhile: () => Promise<void>,
    settings: { whenUncertain?: 'send_again' } = {},
  ) => {
    await emptyFolder(join(site.folder, 'out'));
    await emptyFolder(server.root);
    await writeFile(join(site.folder, 'out', 'a.csv'), OURS);
    const endpoint = await site.server(server, { settings: { temporaryName: 'direct', ...settings } });
    const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: boundary });
    const death = once(doomed, 'exit');
    const id = await site.start(await site.sendRoute(endpoint));
    await death;
    await meanwhile();
    const rescuer = await site.startWorker();
    const transfer = await site.waitFor(id);
    await rescuer.stop();
    return transfer;
  };
  const OURS = Buffer.alloc(3_000_000, 'ours');
  const take = () => rm(join(server.root, 'a.csv'), { force: true });
  const nothing = () => Promise.resolve();

  test.each([
    ['was taken', 'transferred', take, 'Somebody may have taken it already'],
    ['may never have come', 'part-recorded', take, 'or it never came so far'],
    ['is there, as long as it is', 'transferred', nothing, 'may be all of it'],
  ] as const)('and that %s waits for a person', async (_what, boundary, meanwhile, why) => {
    const transfer = await crashDirect(boundary, meanwhile);
    expect(transfer).toMatchObject({ state: 'partial', deliveredCount: 0 });
    expect(transfer.files).toMatchObject([{ state: 'uncertain', failureText: expect.stringContaining(why) }]);
    expect(JSON.stringify(transfer.attempts.at(-1)?.dialogue)).not.toContain('STOR');
  });

  test.each([
    ['was taken', take],
    ['is there, as long as it is', nothing],
  ])('and that %s is sent again where the endpoint asks for that', async (_what, meanwhile) => {
    const transfer = await crashDirect('transferred', meanwhile, { whenUncertain: 'send_again' });
    expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
    expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256(OURS) });
  });

  test('and of which only a part is there is no doubt', async () => {
    const transfer = await crashDirect('mid-transfer', async () => {
      await putFile(server.root, 'a.csv', OURS.subarray(0, 2_000_000));
    });
    expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
    expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256(OURS) });
  });
});

test('a temporary file that somebody cleared before it was complete is no doubt: the file is sent', async () => {
  const { transfer } = await crashAnd('transferred', async () => {
    for (const name of await readdir(server.root)) await rm(join(server.root, name));
  });
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('ours') });
});

test('a final name that holds another size than was confirmed is uncertain at once, and is sent only once', async () => {
  let renames = 0;
  const partner = await site.scripted({
    onReply: answering({
      'RNTO 250': afterDoing(async () => {
        renames += 1;
        await putFile(partner.root, 'a.csv', 'ours, converted on arrival');
      }),
    }),
  });
  await writeFile(join(site.folder, 'out', 'a.csv'), 'ours');
  const route = await site.sendRoute(await site.server(partner), { afterAction: 'delete' });
  const worker = await site.startWorker();
  const id = await site.start(route);
  const transfer = await site.waitFor(id);
  await worker.stop();
  expect(transfer).toMatchObject({ state: 'partial', tryCount: 1, deliveredCount: 0 });
  expect(transfer.files).toMatchObject([{ state: 'uncertain', failureKind: 'size_mismatch' }]);
  expect(transfer.attempts).toMatchObject([{ outcome: 'uncertain', sha256: sha256('ours') }]);
  expect((await getTransfer(site.database.app, id)).failedEnd).toMatchObject({ side: 'target' });
  expect(renames).toBe(1);
  expect(await readFolder(join(site.folder, 'out'))).toEqual({ 'a.csv': sha256('ours') });
  expect(await site.actionsOf(id)).toEqual(
    expect.arrayContaining(['transfer_file.uncertain', 'transfer.ended_partial']),
  );
});
