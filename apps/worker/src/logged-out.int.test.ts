/** A server that logs a session out in the middle: that is the session's end, and no refusal of the files. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Site, openSite, readFolder, sha256 } from './test-support/site.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
});
afterAll(() => site.close());

test('all files go by a session that is logged in anew', async () => {
  const names = ['a.csv', 'b.csv', 'c.csv', 'd.csv'];
  for (const name of names) await writeFile(join(site.folder, 'out', name), name);
  const out = '530 Please login with USER and PASS.';
  let stores = 0;
  let loggedOut: unknown = null;
  const server = await site.scripted({
    onCommand(session, verb) {
      if (verb === 'STOR' && ++stores === 2) loggedOut = session;
      return session === loggedOut && verb !== 'QUIT' ? out : undefined;
    },
  });
  const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 4 });
  const first = transfer.attempts.find(({ outcome }) => outcome === 'failed');
  expect(first).toMatchObject({ failureKind: 'connection_lost' });
  expect(await readFolder(server.root)).toEqual(
    Object.fromEntries(names.map((name) => [name, sha256(name)])),
  );
  expect(server.loginCount()).toBeGreaterThan(1);
});
