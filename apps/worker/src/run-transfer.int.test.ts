import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import { TEST_ROOT } from '@waybill/testing/builders.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { type Site, emptyFolder, openSite, putFile, readFolder, sha256 } from './test-support/site.js';

const OPENING = ['resolve', 'connect', 'tls', 'login', 'protect'];

function stepsOf(timeline: unknown, side: 'source' | 'target'): string[] {
  return (timeline as TimelineStep[]).filter((one) => one.side === side).map(({ step }) => step);
}

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
});
afterAll(() => site.close());

describe.each([
  ['vsftpd', 'explicit', startVsftpd],
  ['vsftpd', 'implicit', startVsftpd],
  ['proftpd', 'explicit', startProftpd],
  ['proftpd', 'implicit', startProftpd],
] as const)('with %s, %s', (_name, mode, startServer) => {
  let server: FtpTestServer;
  beforeAll(async () => {
    server = await startServer({ mode });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    for (const folder of [join(site.folder, 'out'), join(site.folder, 'in'), server.root])
      await emptyFolder(folder);
  });

  test('files are sent, with every step on record', async () => {
    const content = {
      'empty.csv': Buffer.alloc(0),
      'Zürich 1.csv': randomBytes(2_500_000),
      'b.csv': Buffer.from('b'),
    };
    for (const [name, bytes] of Object.entries(content))
      await writeFile(join(site.folder, 'out', name), bytes);
    await writeFile(join(site.folder, 'out', 'other.txt'), 'stays');
    const route = await site.sendRoute(await site.server(server), { filePattern: '*.csv' });
    const id = await site.start(route);
    const transfer = await site.waitFor(id);
    expect(transfer).toMatchObject({
      state: 'succeeded',
      deliveredCount: 3,
      fileCount: 3,
      failureKind: null,
    });
    expect(Number(transfer.movedBytes)).toBe(2_500_001);
    expect(await readFolder(server.root)).toEqual(
      Object.fromEntries(Object.entries(content).map(([name, bytes]) => [name, sha256(bytes)])),
    );
    const attempt = transfer.attempts.find((one) => Number(one.bytes) === 2_500_000);
    expect(attempt?.connections).toMatchObject([
      { side: 'source', protocol: 'local_folder' },
      { side: 'target', control: { protocol: 'TLSv1.3' }, data: { resumed: true } },
    ]);
    // Also of the files that went over a session which was opened for an earlier one.
    for (const { timeline } of transfer.attempts) {
      expect(stepsOf(timeline, 'source')).toEqual(['connect', 'list', 'transfer']);
      expect(timeline).toMatchObject({ 0: { detail: `root ${TEST_ROOT}, folder /` } });
      expect(stepsOf(timeline, 'target')).toEqual([...OPENING, 'transfer', 'confirm', 'verify', 'rename']);
      // Whoever reads it is told something at each.
      expect(timeline).not.toContainEqual(expect.objectContaining({ detail: null }));
    }
    const everything = inspect(transfer, { depth: null, maxArrayLength: null });
    for (const secret of [server.password, site.folder]) expect(everything).not.toContain(secret);
    expect(await site.actionsOf(id)).toEqual([
      'transfer.requested',
      'transfer.started',
      'transfer.planned',
      'transfer_file.delivered',
      'transfer_file.delivered',
      'transfer_file.delivered',
      'transfer.succeeded',
    ]);
  });

  test('files are collected, and the sources go where the route says', async () => {
    await putFile(server.root, 'a b.csv', 'a');
    await putFile(server.root, 'c.csv', randomBytes(100_000));
    const route = await site.collectRoute(await site.server(server), { afterAction: 'delete' });
    const expected = await readFolder(server.root);
    const transfer = await site.waitFor(await site.start(route));
    expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 2 });
    expect(await readFolder(join(site.folder, 'in'))).toEqual(expected);
    expect(await readFolder(server.root)).toEqual({});
    expect(transfer.files.map((file) => file.afterActionAt)).toEqual([expect.any(Date), expect.any(Date)]);
    for (const { timeline } of transfer.attempts) {
      expect(stepsOf(timeline, 'source')).toEqual([...OPENING, 'list', 'transfer', 'verify']);
      expect(stepsOf(timeline, 'target')).toEqual(['connect', 'transfer', 'confirm', 'verify', 'rename']);
    }
  });
});
