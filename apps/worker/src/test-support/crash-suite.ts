/**
 * The worker is killed at every step boundary, in both directions, and another one goes on: each file is
 * delivered exactly once, whole, and nothing of ours is left lying about.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { CRASH_BOUNDARIES } from '../crash-at.js';
import { type Site, emptyFolder, openSite, putFile, readFolder, sha256 } from './site.js';

/** The large one has several chunks, so that it can be cut; the small ones share a group with what follows. */
const FILES = {
  'a.bin': randomBytes(3 * 1024 * 1024),
  'b.bin': randomBytes(1000),
  'c.bin': Buffer.alloc(0),
  'd.bin': randomBytes(70_000),
};
const HASHES = Object.fromEntries(Object.entries(FILES).map(([name, bytes]) => [name, sha256(bytes)]));

export function crashSuite(startServer: () => Promise<FtpTestServer>): void {
  let site: Site;
  let server: FtpTestServer;
  beforeAll(async () => {
    [site, server] = await Promise.all([openSite(), startServer()]);
  });
  afterAll(async () => {
    await site.close();
    await server.stop();
  });
  beforeEach(async () => {
    for (const name of ['out', 'in', 'archive']) await emptyFolder(join(site.folder, name));
    await emptyFolder(server.root);
  });

  /** A worker is killed at the boundary, and another one goes on to the end. */
  const killAndRescue = async (
    route: Awaited<ReturnType<Site['sendRoute']>>,
    boundary: (typeof CRASH_BOUNDARIES)[number],
  ) => {
    const doomed = site.spawnWorker({ WAYBILL_CRASH_AT: boundary });
    const death = once(doomed, 'exit');
    const id = await site.start(route);
    expect(await death).toEqual([null, 'SIGKILL']);
    const rescuer = await site.startWorker();
    const transfer = await site.waitFor(id);
    await rescuer.stop();
    return { id, transfer };
  };
  const foldersOf = (direction: 'send' | 'collect'): [string, string] =>
    direction === 'send' ? [join(site.folder, 'out'), server.root] : [server.root, join(site.folder, 'in')];

  describe.each(['send', 'collect'] as const)('%s', (direction) => {
    test.each(CRASH_BOUNDARIES.filter((boundary) => boundary !== 'part-recorded'))(
      'killed when %s: delivered exactly once, nothing left over',
      async (boundary) => {
        const [from, to] = foldersOf(direction);
        for (const [name, bytes] of Object.entries(FILES)) {
          if (direction === 'send') await writeFile(join(from, name), bytes);
          else await putFile(from, name, bytes);
        }
        const endpoint = await site.server(server);
        const change = { afterAction: 'delete' } as const;
        const route =
          direction === 'send'
            ? await site.sendRoute(endpoint, change)
            : await site.collectRoute(endpoint, change);
        const { id, transfer } = await killAndRescue(route, boundary);
        expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 4, tryCount: 2 });
        expect(await readFolder(to)).toEqual(HASHES);
        expect(await readFolder(from)).toEqual({});
        const actions = await site.actionsOf(id);
        expect(actions.filter((action) => action === 'transfer_file.delivered')).toHaveLength(4);
        expect(actions.filter((action) => action === 'transfer_file.after_action_done')).toHaveLength(4);
        expect(actions).toContain('transfer.recovered');
        // A file that had all its bytes there is not sent again; the lost worker's own dialogue is lost with it.
        const large = transfer.files[0];
        const isRecovered = boundary === 'verified' || boundary === 'renamed';
        const ofLarge = transfer.attempts.filter((attempt) => attempt.transferFileId === large?.id);
        expect(ofLarge.some((attempt) => attempt.verification === 'compared')).toBe(isRecovered);
        const command = direction === 'send' ? `STOR [^"]*${large?.id}` : `RETR [^"]*${large?.name}`;
        const dialogue = JSON.stringify(transfer.attempts.map((attempt) => attempt.dialogue));
        expect(dialogue.match(new RegExp(command, 'g')) ?? []).toHaveLength(isRecovered ? 0 : 1);
      },
    );

    test('killed when part-recorded: what had arrived is gone on with, nothing left over', async () => {
      const bytes = randomBytes(16 * 1024 * 1024);
      const [from, to] = foldersOf(direction);
      await putFile(from, 'huge.bin', bytes);
      const endpoint = await site.server(server);
      const route = await (direction === 'send' ? site.sendRoute(endpoint) : site.collectRoute(endpoint));
      const { transfer } = await killAndRescue(route, 'part-recorded');
      expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 1, tryCount: 2 });
      expect(Number(transfer.attempts.at(-1)?.resumedFromBytes)).toBeGreaterThan(1024 * 1024);
      expect(await readFolder(to)).toEqual({ 'huge.bin': sha256(bytes) });
    });
  });
}
