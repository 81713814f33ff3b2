/** What lies under a temporary name stays where it may be all that there is of a file. */
import { once } from 'node:events';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import { afterDoing, answering, dropInstead } from '@waybill/ftps-server/behaviours.js';
import { anActor } from '@waybill/testing/builders.js';
import { hiccup } from './test-support/hiccup.js';
import { type ScriptedServer, putFile, readFolder, sha256 } from './test-support/site.js';
import { useSite } from './test-support/use-site.js';

const site = await useSite('out', 'in');

/** Gives its one file, a.csv, only once. */
async function mailbox(): Promise<ScriptedServer> {
  const server = await site.scripted({
    onReply: answering({ 'RETR 226': afterDoing(() => rm(join(server.root, 'a.csv'))) }),
  });
  await putFile(server.root, 'a.csv', 'the only copy');
  return server;
}

test('a file that gets its name after its rename was given up is not sent twice', async () => {
  let stores = 0;
  let asked = 0;
  let given = '';
  const server = await site.scripted({
    onCommand(_session, verb, argument) {
      if (verb === 'STOR') stores += 1;
      if (verb === 'RNFR') given = argument;
      if (verb === 'RNTO' && ++asked === 1) return dropInstead('rst');
      if (verb !== 'DELE' || argument !== given) return undefined;
      given = '';
      return afterDoing(() => rename(join(server.root, argument), join(server.root, 'a.csv')));
    },
  });
  await writeFile(join(site.folder, 'out', 'a.csv'), 'content');
  await site.startWorker();
  const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1, tryCount: 2 });
  expect(transfer.files).toMatchObject([{ verification: 'compared' }]);
  expect(stores).toBe(1);
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('content') });
});

test('a file that gets its name while a cancelled transfer is cleared up is not said to be skipped', async () => {
  const server = await site.scripted({
    onCommand: answering({
      DELE: afterDoing(({ argument }) => rename(join(server.root, argument), join(server.root, 'a.csv'))),
    }),
  });
  await writeFile(join(site.folder, 'out', 'a.csv'), 'content');
  const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'verified' });
  const death = once(doomed, 'exit');
  const id = await site.start(await site.sendRoute(await site.server(server)));
  await death;
  await inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));
  await site.startWorker();
  expect((await site.waitFor(id)).files).toMatchObject([{ state: 'uncertain' }]);
});

test('what a broken try has left stays where the source was taken away meanwhile, and is said to be there', async () => {
  let cuts = 0;
  let away = 0;
  const server = await site.scripted({
    async onCommand(_session, verb) {
      if (verb !== 'CONNECT' || cuts === 0 || ++away > 1) return undefined;
      await rm(join(site.folder, 'out', 'a.csv'));
      return '421 Not now';
    },
    onDataOpen: (_session, verb) =>
      verb === 'STOR' && ++cuts === 1 ? { cut: { afterBytes: 100_000, how: 'rst' } } : undefined,
  });
  await writeFile(join(site.folder, 'out', 'a.csv'), Buffer.alloc(1_000_000, 'x'));
  await site.startWorker();
  const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
  const [name = '', ...others] = Object.keys(await readFolder(server.root));
  expect(others).toEqual([]);
  expect(transfer.files).toMatchObject([
    { state: 'uncertain', failureText: expect.stringContaining(`/${name}`) },
  ]);
});

test('what a cut try has left is said to be there by its own name, where a later one was lost before it wrote', async () => {
  let cuts = 0;
  const server = await site.scripted({
    onDataOpen: (_session, verb) =>
      verb === 'STOR' && ++cuts === 1 ? { cut: { afterBytes: 4_000_000, how: 'rst' } } : undefined,
  });
  await writeFile(join(site.folder, 'out', 'a.csv'), Buffer.alloc(6_000_000, 'x'));
  const first = await site.startWorker({ WAYBILL_RETRY_BASE_MS: '600000' });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  await site.waitFor(id, ['waiting']);
  await first.stop();
  const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'temporary-recorded' });
  const death = once(doomed, 'exit');
  await site.database.app.transfer.update({ where: { id }, data: { nextTryAt: new Date(0) } });
  await death;
  await rm(join(site.folder, 'out', 'a.csv'));
  await site.startWorker();
  const transfer = await site.waitFor(id);
  const [name = '', ...others] = Object.keys(await readFolder(server.root));
  expect(others).toEqual([]);
  expect(transfer.files).toMatchObject([
    { state: 'uncertain', temporaryPath: `/${name}`, failureText: expect.stringContaining(`as /${name}.`) },
  ]);
});

describe('of a mailbox that gives each file only once', () => {
  test('what could not be verified at once is verified by the next try, and gets its name', async () => {
    let looks = 0;
    const target = await site.scripted({
      onCommand: (_session, verb, argument) =>
        verb === 'MLST' && argument.endsWith('.part') && ++looks === 1 ? dropInstead('rst') : undefined,
    });
    await site.startWorker();
    const route = await site.collectRoute(await site.server(await mailbox()), {
      targetEndpointId: (await site.server(target)).id,
      targetPath: '/',
    });
    const transfer = await site.waitFor(await site.start(route));
    expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1, tryCount: 2 });
    expect(transfer.attempts[0]).toMatchObject({ failureKind: 'connection_lost', failureStep: 'verify' });
    expect(await readFolder(target.root)).toEqual({ 'a.csv': sha256('the only copy') });
  });

  test('what could not be recorded as verified gets its name by the next try', async () => {
    await hiccup(site.database.ownerUrl, 'verified bytes');
    await site.startWorker();
    const transfer = await site.waitFor(
      await site.start(await site.collectRoute(await site.server(await mailbox()))),
    );
    expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1, tryCount: 2 });
    expect(await readFolder(join(site.folder, 'in'))).toEqual({ 'a.csv': sha256('the only copy') });
  });

  test('what may have arrived waits for a person also where the endpoint would have it sent again', async () => {
    const target = await site.scripted({
      onReply: answering({
        'RNTO 250': afterDoing(() => writeFile(join(target.root, 'a.csv'), 'changed on its way in')),
      }),
    });
    await site.startWorker();
    const settings = { whenUncertain: 'send_again' } as const;
    const route = await site.collectRoute(await site.server(await mailbox()), {
      targetEndpointId: (await site.server(target, { settings })).id,
      targetPath: '/',
    });
    const transfer = await site.waitFor(await site.start(route));
    expect(transfer.files).toMatchObject([
      { state: 'uncertain', failureText: expect.stringContaining('confirmed the rename to /a.csv') },
    ]);
  });

  test('what a lost worker has left unverified stays, and is said to be there', async () => {
    const route = await site.collectRoute(await site.server(await mailbox()), { afterAction: 'delete' });
    const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'transferred' });
    const death = once(doomed, 'exit');
    const id = await site.start(route);
    await death;
    await site.startWorker();
    const transfer = await site.waitFor(id);
    const left = await readFolder(join(site.folder, 'in'));
    expect(Object.values(left)).toEqual([sha256('the only copy')]);
    const [name = ''] = Object.keys(left);
    expect(transfer).toMatchObject({ state: 'partial', deliveredCount: 0 });
    expect(transfer.files).toMatchObject([
      { state: 'uncertain', failureText: expect.stringContaining(`/in/${name}`) },
    ]);
    expect(await site.actionsOf(id)).toContain('transfer_file.uncertain');
  });

  test('what a cancelled transfer has verified stays, and is said to be there', async () => {
    const route = await site.collectRoute(await site.server(await mailbox()));
    const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'verified' });
    const death = once(doomed, 'exit');
    const id = await site.start(route);
    await death;
    await inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));
    await site.startWorker();
    const transfer = await site.waitFor(id);
    expect(transfer).toMatchObject({ state: 'cancelled' });
    expect(transfer.files).toMatchObject([{ state: 'uncertain' }]);
    expect(Object.values(await readFolder(join(site.folder, 'in')))).toEqual([sha256('the only copy')]);
  });

  test('what may not replace another file stays beside it, and is said to be there', async () => {
    const route = await site.collectRoute(await site.server(await mailbox()), { ifExists: 'fail' });
    const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: 'verified' });
    const death = once(doomed, 'exit');
    const id = await site.start(route);
    await death;
    await writeFile(join(site.folder, 'in', 'a.csv'), 'another');
    await site.startWorker();
    const transfer = await site.waitFor(id);
    expect(transfer.files).toMatchObject([{ state: 'uncertain' }]);
    const left = Object.values(await readFolder(join(site.folder, 'in')));
    expect(left.toSorted()).toEqual([sha256('another'), sha256('the only copy')].toSorted());
  });
});
