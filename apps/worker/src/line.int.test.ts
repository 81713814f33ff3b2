/** What one transfer of a route leaves to be done is done before the next one looks at the source. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { answering, dropInstead, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import { type Site, emptyFolder, openSite, putFile, readFolder } from './test-support/site.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
});
afterAll(() => site.close());
afterEach(() => site.stopServers());

test('what was asked for again and again while the partner was away is sent once', async () => {
  let isDown = true;
  const server = await site.scripted({
    onCommand: (_session, verb) => (verb === 'USER' && isDown ? '421 Down for maintenance.' : undefined),
  });
  await writeFile(join(site.folder, 'out', 'a.csv'), 'pay 100');
  const change = { afterAction: 'delete', maxTries: 100 } as const;
  const route = await site.sendRoute(await site.server(server), change);
  const first = await site.start(route);
  await site.waitFor(first, ['waiting']);
  const later = [await site.start(route), await site.start(route)];
  isDown = false;
  expect(await site.waitFor(first)).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  for (const id of later)
    expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded', tryCount: 1, files: [] });
  expect(Object.keys(await readFolder(server.root))).toEqual(['a.csv']);
  expect(await readFolder(join(site.folder, 'out'))).toEqual({});
});

test('a delivered file whose source could not be deleted yet is not collected by the next transfer', async () => {
  let reads = 0;
  const server = await site.scripted({
    onCommand: answering({ DELE: onlyFirst(1, dropInstead('rst')) }),
    onDataOpen: (_session, verb) => {
      if (verb === 'RETR') reads += 1;
      return undefined;
    },
  });
  await putFile(server.root, 'pay.csv', 'pay 100');
  const route = await site.collectRoute(await site.server(server), { afterAction: 'delete' });
  const first = await site.start(route, { ring: false });
  const second = await site.start(route, { ring: false });
  await site.jobs.ring('transfer', first);
  await site.waitFor(first, ['waiting', 'succeeded']);
  await emptyFolder(join(site.folder, 'in'));
  await site.jobs.ring('transfer', second);
  expect(await site.waitFor(second)).toMatchObject({ state: 'succeeded', files: [] });
  expect(await site.waitFor(first)).toMatchObject({ state: 'succeeded', deliveredCount: 1 });
  expect(reads).toBe(1);
  expect(await readFolder(join(site.folder, 'in'))).toEqual({});
  expect(await readFolder(server.root)).toEqual({});
});
