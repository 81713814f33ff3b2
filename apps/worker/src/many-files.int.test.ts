import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type ScriptedServer,
  type Site,
  emptyFolder,
  openSite,
  readFolder,
  sha256,
  startScripted,
} from './test-support/site.js';

const COUNT = 160;
let site: Site;
let server: ScriptedServer | undefined;
let expected: Record<string, string>;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
}, 60_000);
afterAll(() => site.close());
afterEach(() => server?.stop());
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
  server = await startScripted({
    onDataOpen: (_session, verb, path) => {
      if (verb === 'STOR') stored.push(path);
      return undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server), { afterAction: 'delete' }));
  const transfer = await site.waitFor(id, undefined, 60_000);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  expect(await readFolder(server.root)).toEqual(expected);
  expect(stored).toHaveLength(COUNT);
  expect(server.loginCount()).toBe(4);
  expect(await readFolder(join(site.folder, 'out'))).toEqual({});
  expect(transfer.attempts.map((attempt) => attempt.outcome)).toEqual(Array(COUNT).fill('delivered'));
  const sum = transfer.files.reduce((bytes, file) => bytes + file.movedBytes, 0n);
  expect(transfer.movedBytes).toBe(sum);
}, 90_000);

test('a server that takes one session at a time gets all files through that one', async () => {
  server = await startScripted({}, { maxConnections: 1 });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id, undefined, 60_000);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  expect(await readFolder(server.root)).toEqual(expected);
}, 90_000);

test('files that the server refuses are left out, and the others arrive', async () => {
  server = await startScripted({
    onCommand: (_session, verb, argument) =>
      verb === 'RNTO' && /file 1[0-9]\.csv/.test(argument) ? '553 not this one' : undefined,
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id, undefined, 60_000);
  expect(transfer).toMatchObject({ state: 'partial', deliveredCount: COUNT - 10, tryCount: 1 });
  expect(Object.keys(await readFolder(server.root))).toHaveLength(COUNT - 10);
}, 90_000);
