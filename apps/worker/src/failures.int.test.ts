import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { releaseEndpoint } from '@waybill/domain/endpoints/hold-endpoint.js';
import { updateEndpoint } from '@waybill/domain/endpoints/endpoints.js';
import { getTransfer } from '@waybill/domain/transfers/transfer-views.js';
import { afterDoing, answering, dropInstead, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import { TEST_ROOT, anActor, testSeal } from '@waybill/testing/builders.js';
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

/** Longer than any wait between tries of these tests. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 1000));

describe('what must not be repeated', () => {
  test('a wrong password is given once, and puts the endpoint on hold until it is set right', async () => {
    const server = await site.scripted();
    const endpoint = await site.server(server, { password: 'wrong-password' });
    const route = await site.sendRoute(endpoint);
    const id = await site.start(route);
    const held = await site.waitFor(id, ['held']);
    expect(held).toMatchObject({ failureKind: 'login_refused', tryCount: 1, leaseOwner: null });
    expect(held.attempts).toMatchObject([{ outcome: 'failed', failureStep: 'login', transferFileId: null }]);
    expect(await site.actionsOf(id)).toContain('transfer.held');
    await aWhile();
    expect(server.loginCount()).toBe(1);
    await expect(site.start(route)).rejects.toMatchObject({ code: 'held' });

    const means = { seal: await testSeal(), localRoots: [TEST_ROOT] };
    await inTransaction(site.database.app, async (tx) => {
      const change = { password: server.password };
      await updateEndpoint(tx, anActor(), { id: endpoint.id, change }, means);
      const { heldAt } = await tx.endpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
      if (heldAt !== null) await releaseEndpoint(tx, anActor(), { id: endpoint.id });
    });
    expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded' });
    expect(await site.actionsOf(id)).toContain('transfer.released');
    expect(server.loginCount()).toBe(2);
  });

  test.each([
    ['unknown-ca', 'certificate_untrusted'],
    ['self-signed', 'certificate_untrusted'],
    ['expired', 'certificate_expired'],
    ['wrong-host', 'certificate_wrong_host'],
  ] as const)(
    'a certificate that is %s is not spoken to twice, and gets no password',
    async (certificate, kind) => {
      const server = await site.scripted({}, { certificate });
      const endpoint = await site.server(server);
      const id = await site.start(await site.sendRoute(endpoint));
      expect(await site.waitFor(id, ['held'])).toMatchObject({ failureKind: kind, tryCount: 1 });
      await aWhile();
      expect(await site.waitFor(id, ['held'])).toMatchObject({ tryCount: 1 });
      expect(server.loginCount()).toBe(0);
      const row = await site.database.app.endpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
      expect(row.heldAt).not.toBeNull();
    },
  );

  test('a server that refuses PROT P gets no byte of the file', async () => {
    const verbs: string[] = [];
    const server = await site.scripted({
      onCommand(session, verb, argument) {
        verbs.push(verb);
        return answering({ PROT: '536 not here' })(session, verb, argument);
      },
    });
    const id = await site.start(await site.sendRoute(await site.server(server)));
    const held = await site.waitFor(id, ['held']);
    expect(held).toMatchObject({ failureKind: 'protection_refused', tryCount: 1 });
    expect(verbs).toContain('PROT');
    expect(verbs).not.toContain('STOR');
    expect(await readFolder(server.root)).toEqual({});
  });

  test('a file that may not be written fails, and the others go', async () => {
    await writeFile(join(site.folder, 'out', 'b.csv'), 'goes');
    const server = await site.scripted({
      onCommand: answering({ STOR: onlyFirst(1, '553 permission denied') }),
    });
    const id = await site.start(await site.sendRoute(await site.server(server)));
    const transfer = await site.waitFor(id);
    expect(transfer).toMatchObject({ state: 'partial', deliveredCount: 1, tryCount: 1 });
    expect(transfer.files.map((file) => file.state)).toEqual(['failed', 'delivered']);
    expect(transfer.failureText).toContain('a.csv');
    const shown = await getTransfer(site.database.app, transfer.id);
    expect(shown).toMatchObject({ whoActs: 'partner', failedEnd: { side: 'target', isLocal: false } });
    expect(Object.keys(await readFolder(server.root))).toEqual(['b.csv']);
  });

  test('a file that is there already stays, where the route says so', async () => {
    const server = await site.scripted();
    await putFile(server.root, 'a.csv', 'theirs');
    const route = await site.sendRoute(await site.server(server), { ifExists: 'fail' });
    const transfer = await site.waitFor(await site.start(route));
    expect(transfer).toMatchObject({ state: 'failed', failureKind: 'target_exists', tryCount: 1 });
    expect(await getTransfer(site.database.app, transfer.id)).toMatchObject({ whoActs: 'us' });
    expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('theirs') });
  });
});

test('two names of one server do not move a file onto itself, and do not delete it then', async () => {
  const server = await site.scripted();
  await putFile(server.root, 'a.csv', 'the only copy');
  const byName = await site.server(server, { host: 'localhost' });
  const route = await site.collectRoute(await site.server(server), {
    targetEndpointId: byName.id,
    targetPath: '/',
    afterAction: 'delete',
    ifExists: 'replace',
  });
  const transfer = await site.waitFor(await site.start(route));
  expect(transfer).toMatchObject({ state: 'failed', failureKind: 'name_refused', tryCount: 1 });
  expect(transfer.failureText).toContain('the same folder');
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('the only copy') });
});

describe('what may pass', () => {
  test('a connection that breaks in the middle is tried again, and the file arrives whole', async () => {
    const big = Buffer.alloc(2_000_000, 'x');
    await writeFile(join(site.folder, 'out', 'a.csv'), big);
    let cuts = 0;
    const server = await site.scripted({
      onDataOpen: (_session, verb) => {
        if (verb !== 'STOR' || cuts >= 2) return undefined;
        cuts += 1;
        return { cut: { afterBytes: 500_000, how: 'rst' } };
      },
    });
    const id = await site.start(await site.sendRoute(await site.server(server)));
    const transfer = await site.waitFor(id);
    expect(transfer).toMatchObject({ state: 'succeeded', tryCount: 3 });
    expect(transfer.attempts.map((attempt) => attempt.outcome)).toEqual(['failed', 'failed', 'delivered']);
    // The later tries went by the listing of the first, which began before their sessions did, and say so.
    const timelines = transfer.attempts.map(({ timeline }) => timeline as TimelineStep[]);
    const starts = timelines.map((steps) => steps.map(({ startedAt }) => startedAt));
    expect(starts).toEqual(starts.map((one) => one.toSorted()));
    const [first, ...later] = timelines.map((steps) => steps.filter(({ step }) => step === 'list'));
    expect(first).toMatchObject([{ detail: '1 entry' }]);
    const listed = [{ ...first?.[0], detail: '1 entry, by an earlier session' }];
    expect(later).toEqual([listed, listed]);
    expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256(big) });
    const actions = await site.actionsOf(id);
    expect(actions.filter((action) => action === 'transfer.retry_scheduled')).toHaveLength(2);
  });

  test('a download that is cut short without a word is not taken for the file', async () => {
    const server = await site.scripted({
      onDataOpen: (_session, verb) =>
        verb === 'RETR' ? { cut: { afterBytes: 100_000, how: 'clean' }, finalReply: '226 Done' } : undefined,
    });
    await putFile(server.root, 'a.csv', Buffer.alloc(300_000, 'y'));
    const route = await site.collectRoute(await site.server(server), { maxTries: 2 });
    const transfer = await site.waitFor(await site.start(route));
    expect(transfer).toMatchObject({ state: 'failed', tryCount: 2, deliveredCount: 0 });
    expect(['truncated', 'size_mismatch']).toContain(transfer.failureKind);
    expect(await readFolder(join(site.folder, 'in'))).toEqual({});
  });

  test('a server that is busy is tried again until the tries are used up', async () => {
    const server = await site.scripted({ onCommand: answering({ CONNECT: '421 too many users' }) });
    const id = await site.start(await site.sendRoute(await site.server(server), { maxTries: 3 }));
    const transfer = await site.waitFor(id);
    expect(transfer).toMatchObject({ state: 'failed', failureKind: 'server_busy', tryCount: 3 });
    expect(transfer.attempts).toHaveLength(3);
  });

  test('an account that has all its sessions taken is not one with a wrong password', async () => {
    const taken = '530 Sorry, the maximum number of clients (2) for this user already connected.';
    const server = await site.scripted({ onCommand: answering({ PASS: onlyFirst(1, taken) }) });
    const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
    expect(transfer).toMatchObject({ state: 'succeeded', tryCount: 2 });
    expect(transfer.attempts[0]).toMatchObject({ failureKind: 'server_busy', failureStep: 'login' });
  });

  test('a lost answer to the rename does not send the file twice', async () => {
    let stores = 0;
    // The rename is done, and the connection is gone before anybody says so.
    const lose = answering({ 'RNTO 250': onlyFirst(1, dropInstead('rst')) });
    const server = await site.scripted({
      onCommand: (_session, verb) => {
        if (verb === 'STOR') stores += 1;
        return undefined;
      },
      onReply: lose,
    });
    const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
    expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
    expect(stores).toBe(1);
  });

  test.each(['replace', 'fail'] as const)(
    'a connection that is lost after the rename was confirmed does not send the file twice (%s)',
    async (ifExists) => {
      let renames = 0;
      const server = await site.scripted({
        onCommand: (_session, verb) => {
          if (verb === 'RNTO') renames += 1;
          return renames === 1 && verb === 'MLST' ? dropInstead('rst') : undefined;
        },
      });
      const route = await site.sendRoute(await site.server(server), { ifExists });
      const transfer = await site.waitFor(await site.start(route));
      expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1, tryCount: 1 });
      expect(renames).toBe(1);
      expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('content') });
    },
  );

  test('a mailbox that gives each file only once is collected at the first try', async () => {
    const mailbox = await site.scripted({
      onReply: answering({ 'RETR 226': afterDoing(() => rm(join(mailbox.root, 'a.csv'))) }),
    });
    await putFile(mailbox.root, 'a.csv', 'the only copy');
    const route = await site.collectRoute(await site.server(mailbox), { afterAction: 'delete' });
    const transfer = await site.waitFor(await site.start(route));
    expect(transfer).toMatchObject({ state: 'succeeded', tryCount: 1, deliveredCount: 1 });
    expect(await readFolder(join(site.folder, 'in'))).toEqual({ 'a.csv': sha256('the only copy') });
  });

  test('a source that cannot be deleted after delivery is tried again and does not send the file twice', async () => {
    let stores = 0;
    const server = await site.scripted({
      onCommand: answering({ DELE: onlyFirst(1, '450 locked') }),
      onDataOpen: (_session, verb) => {
        if (verb === 'RETR') stores += 1;
        return undefined;
      },
    });
    await putFile(server.root, 'a.csv', 'once');
    const route = await site.collectRoute(await site.server(server), { afterAction: 'delete' });
    const id = await site.start(route);
    const transfer = await site.waitFor(id);
    expect(transfer).toMatchObject({ state: 'succeeded', tryCount: 2, deliveredCount: 1 });
    expect(stores).toBe(1);
    expect(await readFolder(server.root)).toEqual({});
    const actions = await site.actionsOf(id);
    expect(actions).toContain('transfer_file.after_action_failed');
    expect(actions).toContain('transfer_file.after_action_done');
  });
});
