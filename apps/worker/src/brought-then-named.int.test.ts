/** Small files are brought several at a time and named then: what is kept of each is its own, and a session that is lost costs no other file. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DialogueLine } from '@waybill/contracts/session-facts.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import { dropInstead } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import { anActor } from '@waybill/testing/builders.js';
import { type Site, emptyFolder, openSite, readFolder, sha256 } from './test-support/site.js';

const COUNT = 20;
let site: Site;
let expected: Record<string, string>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
afterEach(async () => {
  await site.endWorkers();
  await site.stopServers();
});
beforeEach(async () => {
  await site.startWorker({ WAYBILL_SESSIONS_PER_TRANSFER: '1' });
  await emptyFolder(join(site.folder, 'out'));
  expected = {};
  for (let index = 0; index < COUNT; index += 1) {
    const name = `file ${String(index).padStart(2, '0')}.csv`;
    await writeFile(join(site.folder, 'out', name), name);
    expected[name] = sha256(name);
  }
});

/** What we said, without the words of the server. */
function saidIn(dialogue: unknown): string[] {
  return (dialogue as DialogueLine[]).filter(({ from }) => from === 'us').map(({ text }) => text);
}

/** A server by which the sixth file is cut after a byte. */
function cutSixth(how: 'rst' | 'stall') {
  let stores = 0;
  const onDataOpen = ((_session, verb) => {
    if (verb !== 'STOR') return undefined;
    stores += 1;
    return stores === 6 ? { cut: { afterBytes: 1, how } } : undefined;
  }) satisfies Script['onDataOpen'];
  return { script: { onDataOpen }, storeCount: () => stores };
}

test('each attempt keeps the dialogue of its own file, whole and in order', async () => {
  const verbs: string[] = [];
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      verbs.push(verb);
      return undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  expect(await readFolder(server.root)).toEqual(expected);
  expect(transfer.attempts).toHaveLength(COUNT);
  for (const { dialogue, transferFileId, connections } of transfer.attempts) {
    const { name } = transfer.files.find((file) => file.id === transferFileId)!;
    const said = saidIn(dialogue);
    const stored = said.flatMap((text) => /^STOR (.*)$/.exec(text)?.slice(1) ?? []);
    expect(stored).toHaveLength(1);
    expect(said.filter((text) => text.startsWith('RNFR'))).toEqual([`RNFR ${stored[0]}`]);
    const named = said.filter((text) => text.startsWith('RNTO'));
    expect(named).toEqual([expect.stringMatching(new RegExp(`/${name}$`))]);
    expect(said.indexOf(named[0]!)).toBeGreaterThan(said.indexOf(`STOR ${stored[0]}`));
    const answers = (dialogue as DialogueLine[]).filter(({ from }) => from === 'server');
    expect(answers.filter(({ text }) => text.startsWith('350'))).toHaveLength(1);
    expect(answers.filter(({ text }) => text.startsWith('226'))).toHaveLength(1);
    expect(connections).toContainEqual(expect.objectContaining({ side: 'target', dataMode: 'epsv' }));
  }
  // Several were brought before the first was named.
  const stored = verbs.filter((verb) => verb === 'STOR' || verb === 'RNTO');
  expect(stored.indexOf('RNTO')).toBeGreaterThan(1);
});

test('a session that is lost between the names of several files costs the one that it was lost with', async () => {
  let renames = 0;
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      if (verb !== 'RNTO') return undefined;
      renames += 1;
      return renames === 3 ? dropInstead('rst') : undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server), { maxTries: 1 }));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'partial', deliveredCount: COUNT - 1 });
  expect(transfer.files.filter(({ state }) => state !== 'delivered')).toHaveLength(1);
  expect(Object.keys(await readFolder(server.root))).toHaveLength(COUNT - 1);
});

test('what is told of the data connection is of the session that has moved the bytes, where another one named the file', async () => {
  const { script } = cutSixth('rst');
  const server = await site.scripted(script);
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  for (const { outcome, connections } of transfer.attempts)
    if (outcome === 'delivered')
      expect(connections).toContainEqual(
        expect.objectContaining({ side: 'target', data: expect.objectContaining({ protocol: 'TLSv1.3' }) }),
      );
});

const partsIn = async (folder: string): Promise<string[]> =>
  Object.keys(await readFolder(folder)).filter((name) => name.endsWith('.part'));

test('a worker that is stopped while files wait for their names leaves them to the next one, without a session for each', async () => {
  const { script, storeCount } = cutSixth('stall');
  let logins = 0;
  const server = await site.scripted({
    ...script,
    onCommand: (_session, verb) => {
      if (verb === 'PASS') logins += 1;
      return undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  while (storeCount() < 6) await sleep(10);
  expect(logins).toBe(1);
  await site.endWorkers();
  // The one that was cut is removed.
  expect(await partsIn(server.root)).toHaveLength(5);
  expect(logins).toBe(2);
  await site.startWorker();
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  expect(await readFolder(server.root)).toEqual(expected);
});

test('a worker that is told to stop and has too little time leaves no doubt about files that wait for their names', async () => {
  await site.endWorkers();
  let isSlow = false;
  const server = await site.scripted({
    onCommand: async (_session, verb) => {
      if (verb === 'PASS' && isSlow) await sleep(3000);
      if (verb !== 'RNTO' || isSlow) return undefined;
      isSlow = true;
      return new Promise<string>(() => undefined);
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const stopped = site.spawnWorker({ WAYBILL_SESSIONS_PER_TRANSFER: '1' });
  const end = once(stopped, 'exit');
  while (!isSlow) await sleep(10);
  stopped.kill('SIGTERM');
  await end;
  expect((await partsIn(server.root)).length).toBeGreaterThan(4);
  await site.startWorker();
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  expect(await readFolder(server.root)).toEqual(expected);
});

test('what waits for its name when a transfer is cancelled is removed', async () => {
  const { script } = cutSixth('stall');
  const server = await site.scripted(script);
  const id = await site.start(await site.sendRoute(await site.server(server)));
  while ((await partsIn(server.root)).length < 6) await sleep(10);
  await inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));
  const transfer = await site.waitFor(id);
  expect(transfer.state).toBe('cancelled');
  expect(transfer.files.map(({ state }) => state)).not.toContain('uncertain');
  expect(await readFolder(server.root)).toEqual({});
});

test('a stopped worker may still be renaming what it wrote, so the next one writes under names of its own', async () => {
  const { script, storeCount } = cutSixth('stall');
  const paths: string[] = [];
  const server = await site.scripted({
    onDataOpen(session, verb, path) {
      if (verb === 'STOR') paths.push(path);
      return script.onDataOpen(session, verb);
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  while (storeCount() < 6) await sleep(10);
  await site.endWorkers();
  await site.startWorker();
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', tryCount: 1, deliveredCount: COUNT });
  expect(await readFolder(server.root)).toEqual(expected);
  expect(paths.length).toBeGreaterThan(COUNT);
  expect(new Set(paths).size).toBe(paths.length);
});

test('what is written under its final name is on record before the next file is begun', async () => {
  let stores = 0;
  const unrecorded: number[] = [];
  const server = await site.scripted({
    async onCommand(_session, verb) {
      if (verb !== 'STOR') return undefined;
      const recorded = await site.database.app.transferFile.count({
        where: { transferId: id, sha256: { not: null } },
      });
      unrecorded.push(stores - recorded);
      stores += 1;
      return undefined;
    },
  });
  const endpoint = await site.server(server, { settings: { temporaryName: 'direct' } });
  const id = await site.start(await site.sendRoute(endpoint), { ring: false });
  await site.jobs.ring('transfer', id);
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  expect(unrecorded).toEqual(Array(COUNT).fill(0));
});

test('a large file is not waited for', async () => {
  const large = 'file 05.csv';
  await writeFile(join(site.folder, 'out', large), Buffer.alloc(100_000));
  const order: string[] = [];
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      if (verb === 'STOR' || verb === 'RNTO') order.push(verb);
      return undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  // The five before it have their names when it begins.
  expect(order.slice(0, 11)).toEqual([...Array(5).fill('STOR'), ...Array(5).fill('RNTO'), 'STOR']);
});

test('a helper that loses its session and gets no other one does not stop the others', async () => {
  await site.endWorkers();
  await site.startWorker({ WAYBILL_SESSIONS_PER_TRANSFER: '3', WAYBILL_RETRY_BASE_MS: '30000' });
  for (let index = COUNT; index < 120; index += 1)
    await writeFile(join(site.folder, 'out', `file ${index}.csv`), 'x');
  const sessions: unknown[] = [];
  let stores = 0;
  let isOver = false;
  const server = await site.scripted({
    onCommand: (session, verb) => {
      if (verb === 'PASS' && isOver) return '421 Too many connections, try again later.';
      if (verb !== 'STOR') return undefined;
      if (!sessions.includes(session)) sessions.push(session);
      if (session !== sessions[2] || isOver) return undefined;
      stores += 1;
      isOver = stores === 6;
      return isOver ? dropInstead('rst') : undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id, ['waiting', 'held', 'succeeded', 'partial', 'failed']);
  expect(transfer.state).toBe('waiting');
  // All but the one that was cut and those that waited for their names.
  expect(transfer.deliveredCount).toBeGreaterThanOrEqual(120 - 6);
});

test('a server that carries out the renames and is lost before it says so has each file once', async () => {
  let renames = 0;
  const stored: string[] = [];
  const server = await site.scripted({
    onDataOpen: (_session, verb, path) => {
      if (verb === 'STOR') stored.push(path);
      return undefined;
    },
    onReply: (_session, verb, { code }) => {
      if (verb !== 'RNTO' || code !== 250) return undefined;
      renames += 1;
      return renames === 2 ? dropInstead('rst') : undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  expect(await readFolder(server.root)).toEqual(expected);
  const ofSecond = transfer.attempts.filter(({ transferFileId }) => transferFileId === transfer.files[1]?.id);
  expect(ofSecond.map(({ outcome }) => outcome)).toEqual(['delivered']);
});

test('a file whose confirmation is lost is named before those that wait, where one connection is all there may be', async () => {
  let stores = 0;
  const script = {
    onReply: ((_session, verb, { code }) => {
      if (verb !== 'STOR' || code !== 226) return undefined;
      stores += 1;
      return stores === 5 ? dropInstead('rst') : undefined;
    }) satisfies Script['onReply'],
  };
  const server = await site.scripted(script, { maxConnections: 1 });
  const endpoint = await site.server(server, { settings: { maxConnections: 1 } });
  const transfer = await site.waitFor(await site.start(await site.sendRoute(endpoint)));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  expect(await readFolder(server.root)).toEqual(expected);
  const lost = transfer.attempts.filter(({ confirmationLost }) => confirmationLost);
  expect(lost.map(({ transferFileId }) => transferFileId)).toEqual([transfer.files[4]?.id]);
});

test('a server that takes no session after that is not asked for one for every file', async () => {
  let isOver = false;
  let refused = 0;
  let stores = 0;
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      if (verb === 'PASS' && isOver && refused < 5) {
        refused += 1;
        return '530 Login incorrect.';
      }
      if (verb !== 'STOR' || isOver || stores++ < COUNT - 2) return undefined;
      isOver = true;
      return dropInstead('rst');
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id, ['waiting', 'held', 'succeeded', 'partial', 'failed']);
  expect(transfer.state).not.toBe('succeeded');
  // For what was cut, and for the files that wait for their names.
  expect(refused).toBeLessThanOrEqual(3);
});
