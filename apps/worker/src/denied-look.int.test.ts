/** A server that will not tell about a file has not said that there is none. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { type Site, openSite, putFile, readFolder, sha256 } from './test-support/site.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
});
afterAll(() => site.close());
afterEach(() => site.stopServers());

const DENIED = '550 a.csv: Permission denied';

test('a source that may not be looked at after delivery is not said to be gone', async () => {
  let read = false;
  let looks = 0;
  const server = await site.scripted({
    onCommand(_session, verb, argument) {
      if (verb === 'RETR') read = true;
      // The first look after the file was read is still of the reading; then it is looked for by its temporary name.
      if (verb !== 'MLST' || !read || !argument.endsWith('/a.csv')) return undefined;
      return ++looks > 1 ? DENIED : undefined;
    },
  });
  await putFile(server.root, 'a.csv', 'pay 100');
  const route = await site.collectRoute(await site.server(server), { afterAction: 'delete' });
  const id = await site.start(route);
  const held = await site.waitFor(id, ['held', 'succeeded']);
  expect(held).toMatchObject({ state: 'held', failureKind: 'permission_denied', deliveredCount: 1 });
  expect(await site.actionsOf(id)).not.toContain('transfer_file.after_action_done');
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('pay 100') });
});

test('a name that may not be looked at is not taken to be free', async () => {
  const server = await site.scripted({ onCommand: answering({ MLST: DENIED }) });
  await putFile(server.root, 'a.csv', 'theirs');
  await writeFile(join(site.folder, 'out', 'a.csv'), 'ours');
  const route = await site.sendRoute(await site.server(server), { ifExists: 'fail' });
  const transfer = await site.waitFor(await site.start(route));
  expect(transfer).toMatchObject({ state: 'failed', failureKind: 'permission_denied' });
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('theirs') });
});
