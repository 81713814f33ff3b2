import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import pg from 'pg';
import { type Site, emptyFolder, openSite, readFolder, sha256 } from './test-support/site.js';

const COUNT = 160;
let site: Site;
let expected: Record<string, string>;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
});
afterAll(() => site.close());
afterEach(() => site.stopServers());
beforeEach(async () => {
  await emptyFolder(join(site.folder, 'out'));
  expected = {};
  for (let i = 0; i < COUNT; i++) {
    const content = randomBytes(i * 20);
    expected[`file ${i}.csv`] = sha256(content);
    await writeFile(join(site.folder, 'out', `file ${i}.csv`), content);
  }
});

test('many files share several sessions, each file arrives once, and each source is deleted', async () => {
  const stored: string[] = [];
  const server = await site.scripted({
    onDataOpen: (_session, verb, path) => {
      if (verb === 'STOR') stored.push(path);
      return undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server), { afterAction: 'delete' }));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  expect(await readFolder(server.root)).toEqual(expected);
  expect(stored).toHaveLength(COUNT);
  expect(server.loginCount()).toBe(4);
  expect(await readFolder(join(site.folder, 'out'))).toEqual({});
  expect(transfer.attempts.map((attempt) => attempt.outcome)).toEqual(Array(COUNT).fill('delivered'));
  // Of one session only, and every attempt shows it; those of the other sessions say that it was not theirs.
  const listed = transfer.attempts.map(({ timeline }) => {
    const steps = (timeline as TimelineStep[]).filter(({ side }) => side === 'source');
    return steps.map(({ step, detail }) => (step === 'list' ? `list: ${detail}` : step));
  });
  const own = ['connect', `list: ${COUNT} entries`, 'transfer'];
  const others = [`list: ${COUNT} entries, by an earlier session`, 'connect', 'transfer'];
  for (const steps of listed) expect([own, others]).toContainEqual(steps);
  expect(listed).toContainEqual(others);
  const sum = transfer.files.reduce((bytes, file) => bytes + file.movedBytes, 0n);
  expect(transfer.movedBytes).toBe(sum);
});

test('a server that takes one session at a time gets all files through that one', async () => {
  const server = await site.scripted({}, { maxConnections: 1 });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  expect(await readFolder(server.root)).toEqual(expected);
});

test('files that the server refuses are left out, and the others arrive', async () => {
  const server = await site.scripted({
    onCommand: (_session, verb, argument) =>
      verb === 'RNTO' && /file 1[0-9]\.csv/.test(argument) ? '553 not this one' : undefined,
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'partial', deliveredCount: COUNT - 10, tryCount: 1 });
  expect(Object.keys(await readFolder(server.root))).toHaveLength(COUNT - 10);
});

test('a folder that takes no file is not asked for each of them, and the others are told as not tried', async () => {
  let stores = 0;
  const server = await site.scripted({
    onCommand(_session, verb) {
      if (verb !== 'STOR') return undefined;
      stores += 1;
      return '553 Permission denied.';
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'failed', failureKind: 'permission_denied', tryCount: 1 });
  expect(transfer.failureText).toContain('the others were not tried');
  expect(transfer.files.map(({ state }) => state)).toEqual(Array(COUNT).fill('failed'));
  // Three in a row, and what the other sessions had in hand.
  expect(stores).toBeLessThan(10);
  expect(transfer.attempts).toHaveLength(stores);
});

test('a database that drops every connection in the middle loses nothing and sends nothing twice', async () => {
  const renamed: string[] = [];
  const server = await site.scripted({
    onReply: (_session, verb, reply) => {
      if (verb === 'RNTO' && reply.code === 250) renamed.push(verb);
      return undefined;
    },
  });
  const client = new pg.Client({ connectionString: site.database.superuserUrl });
  await client.connect();
  const id = await site.start(await site.sendRoute(await site.server(server), { afterAction: 'delete' }));
  for (const deadline = Date.now() + 60_000; renamed.length < 40 && Date.now() < deadline;) await sleep(5);
  const cutAfter = renamed.length;
  let cut = 0;
  for (let round = 0; round < 10; round++) {
    const { rowCount } = await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'waybill_worker'",
    );
    cut += rowCount ?? 0;
    if (round === 0) expect(renamed.length).toBeLessThan(COUNT);
    await sleep(50);
  }
  await client.end();
  expect(cutAfter).toBeGreaterThanOrEqual(40);
  expect(cut).toBeGreaterThan(0);
  const transfer = await site.waitFor(id, undefined, 150_000);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  expect(await readFolder(server.root)).toEqual(expected);
  expect(renamed).toHaveLength(COUNT);
  expect(await readFolder(join(site.folder, 'out'))).toEqual({});
});
