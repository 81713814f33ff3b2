/** What an endpoint limits over all that a worker does on it: sessions at once, and how old one gets. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { SessionView } from '@waybill/ftps-server/session.js';
import { type Site, emptyFolder, openSite, readFolder } from './test-support/site.js';

const COUNT = 80;
let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
});
afterAll(() => site.close());
afterEach(() => site.stopServers());
beforeEach(() => emptyFolder(join(site.folder, 'out')));

async function fill(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await writeFile(join(site.folder, 'out', `${i}.csv`), randomBytes(100 + i));
}

test('runs of two routes share the connections that the endpoint allows', async () => {
  await fill(COUNT);
  const open = new Set<SessionView>();
  let most = 0;
  const server = await site.scripted({
    onCommand(session, verb) {
      if (verb === 'CONNECT') open.add(session);
      most = Math.max(most, open.size);
      if (verb === 'QUIT') open.delete(session);
      return undefined;
    },
  });
  const target = await site.server(server, { settings: { maxConnections: 2 } });
  const routes = [await site.sendRoute(target), await site.sendRoute(target, { targetPath: '/second' })];
  await mkdir(join(server.root, 'second'));
  const ids = await Promise.all(routes.map((route) => site.start(route)));
  for (const id of ids) {
    const transfer = await site.waitFor(id);
    expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  }
  expect(most).toBe(2);
});

test('what a broken session left is removed although the endpoint, and the server, allow one connection', async () => {
  await fill(1);
  const left: string[] = [];
  const server = await site.scripted(
    {
      onDataOpen: (_session, verb, path) => {
        if (verb !== 'STOR') return undefined;
        left.push(path);
        return left.length === 1 ? { cut: { afterBytes: 10, how: 'rst' } } : undefined;
      },
    },
    { maxConnections: 1 },
  );
  const target = await site.server(server, { settings: { maxConnections: 1 } });
  const transfer = await site.waitFor(await site.start(await site.sendRoute(target)));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1, tryCount: 2 });
  expect(left).toHaveLength(2);
  expect(Object.keys(await readFolder(server.root))).toEqual(['0.csv']);
});

test('a session that is older than the endpoint wants is replaced before the next file', async () => {
  await fill(2);
  let stored = 0;
  const server = await site.scripted({
    onDataOpen: (_session, verb) => {
      if (verb !== 'STOR') return undefined;
      stored += 1;
      // The shortest age that can be set.
      return stored === 1 ? { delayMs: 10_500 } : undefined;
    },
  });
  const target = await site.server(server, { settings: { maxSessionAgeSeconds: 10 }, idleTimeoutMs: 30_000 });
  const transfer = await site.waitFor(await site.start(await site.sendRoute(target)));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 2, tryCount: 1 });
  expect(server.loginCount()).toBe(2);
}, 60_000);
