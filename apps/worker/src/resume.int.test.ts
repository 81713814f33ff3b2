/** A transfer that was cut goes on at the next try, and nothing of ours is left at the target whatever becomes of it. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DialogueLine, Side } from '@waybill/contracts/session-facts.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import { dropInstead, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import type { Behaviour, Script } from '@waybill/ftps-server/script.js';
import { anActor } from '@waybill/testing/builders.js';
import { type Site, emptyFolder, openSite, readFolder, sha256 } from './test-support/site.js';

const MEBIBYTE = 1024 * 1024;
const BYTES = randomBytes(6 * MEBIBYTE);

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  for (const name of ['out', 'in']) await emptyFolder(join(site.folder, name));
  await writeFile(join(site.folder, 'out', 'a.bin'), BYTES);
});
afterEach(async () => {
  await site.endWorkers();
  await site.stopServers();
});

/** Cuts the first transfers of this kind, those included that append to a part. */
function cutting(verb: 'STOR' | 'RETR', times = 1, afterBytes = 4 * MEBIBYTE): Script {
  let cuts = 0;
  // A reset also loses what has come and was not read yet, so what is left of a download would be left to chance.
  const how = verb === 'RETR' ? 'fin' : 'rst';
  return {
    onDataOpen: (_session, asked) => {
      const isAsked = asked === verb || (verb === 'STOR' && asked === 'APPE');
      return isAsked && ++cuts <= times ? { cut: { afterBytes, how } } : undefined;
    },
  };
}

async function deliveredEvent(fileId: string) {
  const event = await site.database.app.auditEvent.findFirstOrThrow({
    where: { objectId: fileId, action: 'transfer_file.delivered' },
  });
  return event.details;
}

test('an upload goes on where it was cut, and that is on record', async () => {
  const server = await site.scripted(cutting('STOR'));
  await site.startWorker();
  const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
  expect(transfer).toMatchObject({ state: 'succeeded', tryCount: 2 });
  const [cut, whole] = transfer.attempts;
  expect(cut).toMatchObject({ outcome: 'failed', failureText: expect.stringContaining('to go on with') });
  const resumedFrom = Number(whole?.resumedFromBytes);
  expect(resumedFrom).toBeGreaterThan(MEBIBYTE);
  expect(whole).toMatchObject({
    verification: 'server_hash',
    verificationAlgorithm: 'SHA-256',
    bytes: BigInt(BYTES.length),
  });
  expect(JSON.stringify(whole?.dialogue)).toContain('APPE ');
  expect(await deliveredEvent(transfer.files[0]!.id)).toMatchObject({
    resumedFromBytes: resumedFrom,
    verificationAlgorithm: 'SHA-256',
    confirmationLost: false,
  });
  expect(transfer.files).toMatchObject([
    { temporaryPath: null, partial: null, verificationAlgorithm: 'SHA-256' },
  ]);
  expect(await readFolder(server.root)).toEqual({ 'a.bin': sha256(BYTES) });
});

test('a download goes on where it was cut', async () => {
  const server = await site.scripted(cutting('RETR', 2));
  await writeFile(join(server.root, 'a.bin'), BYTES);
  await site.startWorker();
  const transfer = await site.waitFor(await site.start(await site.collectRoute(await site.server(server))));
  expect(transfer.state).toBe('succeeded');
  expect(Number(transfer.attempts.at(-1)?.resumedFromBytes)).toBeGreaterThan(MEBIBYTE);
  expect(await readFolder(join(site.folder, 'in'))).toEqual({ 'a.bin': sha256(BYTES) });
});

test('a source that has changed since is sent from its beginning, and what was left is gone', async () => {
  const other = randomBytes(BYTES.length);
  const cut = cutting('STOR');
  const server = await site.scripted({
    ...cut,
    onCommand: async (_session, verb) => {
      if (verb === 'CONNECT' && (await readdir(server.root)).length > 0)
        await writeFile(join(site.folder, 'out', 'a.bin'), other);
      return undefined;
    },
  });
  await site.startWorker();
  const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
  expect(transfer).toMatchObject({ state: 'succeeded', tryCount: 2 });
  expect(transfer.attempts[1]?.resumedFromBytes).toBeNull();
  expect(await readFolder(server.root)).toEqual({ 'a.bin': sha256(other) });
});

test('what was left to go on with is removed when the transfer is cancelled', async () => {
  const server = await site.scripted(cutting('STOR', 99));
  await site.startWorker({ WAYBILL_RETRY_BASE_MS: '600000' });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  await site.waitFor(id, ['waiting']);
  expect(await readdir(server.root)).toHaveLength(1);
  await inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));
  await site.jobs.ring('transfer', id);
  expect(await site.waitFor(id)).toMatchObject({ state: 'cancelled', files: [{ partial: null }] });
  expect(await readdir(server.root)).toEqual([]);
});

test('a worker that is told to stop leaves what has arrived to the next one', async () => {
  let stalls = 0;
  const stalled = Promise.withResolvers<void>();
  const server = await site.scripted({
    onDataOpen: (_session, verb) => {
      if (verb !== 'STOR' || ++stalls > 1) return undefined;
      const how: Behaviour = async (turn) => {
        stalled.resolve();
        await turn.wait(60_000);
      };
      return { cut: { afterBytes: 4 * MEBIBYTE, how } };
    },
  });
  const first = await site.startWorker();
  const id = await site.start(await site.sendRoute(await site.server(server)));
  await stalled.promise;
  await first.stop();
  await site.startWorker();
  const transfer = await site.waitFor(id);
  expect(transfer.state).toBe('succeeded');
  expect(Number(transfer.attempts.at(-1)?.resumedFromBytes)).toBeGreaterThan(MEBIBYTE);
  expect(await readFolder(server.root)).toEqual({ 'a.bin': sha256(BYTES) });
});

test('what is left to go on with stays where its source was taken away meanwhile, and a person is told', async () => {
  const server = await site.scripted({
    ...cutting('STOR'),
    onCommand: async (_session, verb) => {
      if (verb === 'CONNECT' && (await readdir(server.root)).length > 0)
        await rm(join(site.folder, 'out', 'a.bin'), { force: true });
      return undefined;
    },
  });
  await site.startWorker();
  const route = await site.sendRoute(await site.server(server));
  const transfer = await site.waitFor(await site.start(route));
  const [left = '', ...others] = await readdir(server.root);
  expect(others).toEqual([]);
  expect(transfer.files).toMatchObject([
    { state: 'uncertain', temporaryPath: `/${left}`, failureText: expect.stringContaining(`as /${left}.`) },
  ]);
  await site.waitFor(await site.start(route));
  expect(await readdir(server.root)).toEqual([left]);
});

test('the last try leaves nothing to go on with', async () => {
  const server = await site.scripted(cutting('STOR', 99, 2 * MEBIBYTE));
  await site.startWorker();
  const route = await site.sendRoute(await site.server(server), { maxTries: 2 });
  expect(await site.waitFor(await site.start(route))).toMatchObject({ state: 'failed', tryCount: 2 });
  expect(await readdir(server.root)).toEqual([]);
});

test('what a transfer that is over could not remove is removed by the next run of its route', async () => {
  let isAway = false;
  const server = await site.scripted({
    ...cutting('STOR'),
    onCommand: (_session, verb) => (isAway && verb === 'CONNECT' ? '421 Not now' : undefined),
    onReply: (_session, verb, reply) => {
      if (verb === 'STOR' && reply.code >= 400) isAway = true;
      return undefined;
    },
  });
  await site.startWorker();
  const route = await site.sendRoute(await site.server(server), { maxTries: 2 });
  const failed = await site.waitFor(await site.start(route));
  expect(failed.state).toBe('failed');
  const [left = '', ...others] = await readdir(server.root);
  expect(left).toMatch(/^\.waybill-/);
  expect(others).toEqual([]);
  // A file of somebody else, whatever it is called, is not ours to remove.
  await writeFile(join(server.root, '.waybill-of-another.part'), 'theirs');
  isAway = false;
  expect(await site.waitFor(await site.start(route))).toMatchObject({ state: 'succeeded' });
  expect(await readFolder(server.root)).toEqual({
    'a.bin': sha256(BYTES),
    '.waybill-of-another.part': sha256('theirs'),
  });
  const file = await site.database.app.transferFile.findUniqueOrThrow({ where: { id: failed.files[0]!.id } });
  expect(file).toMatchObject({ partial: null, temporaryPath: null });
});

test('a final reply that is lost is made good by looking, and the file is sent once', async () => {
  let stores = 0;
  const lose = onlyFirst(1, dropInstead('rst'));
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      if (verb === 'STOR') stores += 1;
      return undefined;
    },
    onReply: (_session, verb, reply) => (verb === 'STOR' && reply.code === 226 ? lose : undefined),
  });
  await site.startWorker();
  const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
  expect(transfer).toMatchObject({ state: 'succeeded', tryCount: 1 });
  expect(transfer.attempts).toMatchObject([{ confirmationLost: true, verification: 'server_hash' }]);
  // What was asked by the session that cleared it up is in the dialogue like all else.
  const said = (transfer.attempts[0]!.dialogue as (DialogueLine & { side: Side })[]).flatMap(
    ({ from, side, text }) => (from === 'us' && side === 'target' ? text.split(' ')[0] : []),
  );
  expect(said.filter((verb) => verb === 'PASS')).toHaveLength(2);
  const cleared = said.slice(said.lastIndexOf('PASS'));
  expect(cleared).toEqual(expect.arrayContaining(['HASH', 'RNFR', 'RNTO']));
  expect(cleared.some((verb) => verb === 'MLST' || verb === 'SIZE')).toBe(true);
  expect(await deliveredEvent(transfer.files[0]!.id)).toMatchObject({ confirmationLost: true });
  expect(stores).toBe(1);
  expect(await readFolder(server.root)).toEqual({ 'a.bin': sha256(BYTES) });
});

test('what may have arrived and cannot be compared waits for a person, or is sent again, as the endpoint asks', async () => {
  for (const whenUncertain of ['ask', 'send_again'] as const) {
    let isTaken = false;
    // The partner takes the file, and the answer that it has its name is lost.
    const server = await site.scripted({
      onReply: (_session, verb, reply) =>
        verb === 'RNTO' && reply.code < 300 && !isTaken
          ? async (turn) => {
              isTaken = true;
              await rm(join(server.root, 'a.bin'));
              turn.drop('rst');
            }
          : undefined,
    });
    const worker = await site.startWorker();
    const endpoint = await site.server(server, { settings: { whenUncertain } });
    const transfer = await site.waitFor(await site.start(await site.sendRoute(endpoint)));
    await worker.stop();
    if (whenUncertain === 'ask') {
      expect(transfer.files).toMatchObject([{ state: 'uncertain' }]);
      expect(await readdir(server.root)).toEqual([]);
    } else {
      expect(transfer).toMatchObject({ state: 'succeeded' });
      expect(JSON.stringify(transfer.attempts.at(-1)?.timeline)).toContain(
        'sent again, as the endpoint asks',
      );
      expect(await readFolder(server.root)).toEqual({ 'a.bin': sha256(BYTES) });
    }
  }
});

test('what may have arrived with the last try waits for a person, whatever the endpoint asks', async () => {
  let isAway = false;
  // All bytes go under the final name, the answer is lost, and nobody can look.
  const server = await site.scripted({
    onCommand: (_session, verb) => (isAway && verb === 'CONNECT' ? '421 Not now' : undefined),
    onReply: (_session, verb, reply) => {
      if (verb !== 'STOR' || reply.code !== 226) return undefined;
      isAway = true;
      return dropInstead('rst');
    },
  });
  await site.startWorker();
  const settings = { temporaryName: 'direct', whenUncertain: 'send_again' } as const;
  const endpoint = await site.server(server, { settings });
  const transfer = await site.waitFor(await site.start(await site.sendRoute(endpoint, { maxTries: 1 })));
  expect(transfer.files).toMatchObject([
    { state: 'uncertain', failureText: expect.stringContaining('Ask the partner before you send it again') },
  ]);
  expect(transfer.files[0]?.failureText).not.toContain('It is sent again');
});

test.each([
  ['suffix', { temporaryName: 'suffix', temporarySuffix: '.tmp' }, /^\/a\.bin\.waybill-.*\.tmp$/],
  ['folder', { temporaryName: 'folder', temporaryFolder: '/tmp' }, /^\/tmp\/\.waybill-.*\.part$/],
  ['direct', { temporaryName: 'direct' }, /^\/a\.bin$/],
] as const)(
  'a file is written with a temporary name by %s, and goes on under it',
  async (form, settings, name) => {
    const server = await site.scripted(cutting('STOR'));
    if (form === 'folder') await mkdir(join(server.root, 'tmp'));
    await site.startWorker();
    const endpoint = await site.server(server, { settings });
    const transfer = await site.waitFor(
      await site.start(await site.sendRoute(endpoint, { ifExists: 'fail' })),
    );
    expect(transfer).toMatchObject({ state: 'succeeded', tryCount: 2 });
    const [cut, whole] = transfer.attempts;
    const stored = JSON.stringify([cut?.dialogue, whole?.dialogue]).match(/(?<=(STOR|APPE) )[^"]+/g) ?? [];
    expect(stored).toHaveLength(2);
    for (const path of stored) expect(path).toMatch(name);
    expect(Number(whole?.resumedFromBytes)).toBeGreaterThan(MEBIBYTE);
    expect(JSON.stringify(whole?.dialogue).includes('RNTO')).toBe(form !== 'direct');
    expect(await readFolder(server.root)).toEqual({ 'a.bin': sha256(BYTES) });
    if (form === 'folder') expect(await readdir(join(server.root, 'tmp'))).toEqual([]);
  },
);
