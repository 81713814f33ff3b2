/** Downloads of which not all arrives, or more, or something else than was listed. */
import assert from 'node:assert/strict';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterDoing, answering, silence, thenSend } from '@waybill/ftps-server/behaviours.js';
import type { DataPlan, Script } from '@waybill/ftps-server/script.js';
import { startCuttingProxy } from '@waybill/testing/proxies/cutting-proxy.js';
import { findFreePorts } from '@waybill/testing/servers/find-free-ports.js';
import type { FtpServerOptions, FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startPureFtpd } from '@waybill/testing/servers/pure-ftpd.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { endpointOf, openForTest, quiet } from '../test-support/open-for-test.js';
import { megabytes, type Scene, type StagedPartner } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';

const CONTENT = megabytes(4);
const CUT_AT = 1_500_000;

/** Every download goes by this plan. */
const downloading = (plan: DataPlan): Script => ({
  onDataOpen: (_session, verb) => (verb === 'RETR' ? plan : undefined),
});

/** In place of the content of every download. */
const sending = (content: () => AsyncIterable<Buffer>): Script => downloading({ replaceContent: content });

/** Right before the server says that a download is complete. */
const beforeConfirming = (work: () => Promise<unknown>): Script => ({
  onReply: answering({ 'RETR 226': afterDoing(work) }),
});

/** The chunk again and again, with a pause after each. */
export async function* dripping(chunk: Buffer, pauseMs: number, times = Infinity): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < times; sent += 1) {
    yield chunk;
    await sleep(pauseMs);
  }
}

const cutBy = (how: 'fin' | 'clean') => async (scene: Scene) => {
  const plan: DataPlan = { cut: { afterBytes: CUT_AT, how }, finalReply: '226 Transfer complete' };
  const server = await scene.serve(downloading(plan), CONTENT);
  await scene.fails(scene.download(server), 'truncated', /1,500,000 of 4,194,304 bytes arrived/);
};

/** A real server, which says 226 because it has sent all, behind a line that ends the connection on the way. */
const behindCut =
  (startServer: (options: Pick<FtpServerOptions, 'passivePorts'>) => Promise<FtpTestServer>) =>
  async (scene: Scene) => {
    const server = await startServer({ passivePorts: await findFreePorts(5) });
    scene.toEnd.push(() => server.stop());
    await writeFile(join(server.root, 'a.bin'), megabytes(8), { mode: 0o644 });
    const cut = { channel: 'data', direction: 'download', afterBytes: 3_000_000, how: 'fin' } as const;
    const proxy = await startCuttingProxy(server, cut);
    scene.toEnd.push(() => proxy.stop());
    const source = scene.keep(await openForTest(endpointOf(server, { host: proxy.host })));
    await scene.fails(scene.read(source), 'truncated');
    assert.equal(proxy.cuts(), 1);
  };

export const truncationCases: HostileCase[] = [
  {
    id: 'TRUNC-01',
    title: 'A download ends by FIN without close_notify, and the server says 226.',
    source: 'RFC 8446 section 6.1; vsftpd 3.0.3, ProFTPD 1.3.8 and Pure-FTPd 1.0.50 behind a cut line',
    outcome: 'truncated',
    holds: 'The bytes are counted, and the file is not delivered.',
    defences: ['bytes counted'],
    run: cutBy('fin'),
  },
  {
    id: 'TRUNC-02',
    title: 'A download ends early as TLS wants it, and the server says 226.',
    source: 'RFC 959 section 3.4.1: in stream mode the end of the connection is the end of the file',
    outcome: 'truncated',
    holds: 'The bytes are counted, and the file is not delivered.',
    defences: ['bytes counted'],
    run: cutBy('clean'),
  },
  ...(
    [
      ['TRUNC-03', 'vsftpd 3.0.3', startVsftpd],
      ['TRUNC-04', 'ProFTPD 1.3.8', startProftpd],
      ['TRUNC-05', 'Pure-FTPd 1.0.50', startPureFtpd],
    ] as const
  ).map(([id, server, startServer]): HostileCase => ({
    id,
    title: `The line to a real ${server} is cut by FIN while a file comes; the server says 226.`,
    source: `${server} of Debian 12 behind a cutting proxy; curl ends with code 18 here`,
    outcome: 'truncated',
    holds: 'The bytes are counted, and the file is not delivered.',
    defences: ['bytes counted'],
    limitMs: 30_000,
    run: behindCut(startServer),
  })),
  {
    id: 'TRUNC-06',
    title: 'A download is reset, and the server says 226.',
    source: 'RFC 9293 section 3.5.2',
    outcome: 'connection_lost',
    holds: 'A reset is no end of a file, whatever the server says.',
    defences: ['reset is no end'],
    run: async (scene) => {
      const plan: DataPlan = { cut: { afterBytes: CUT_AT, how: 'rst' }, finalReply: '226 Done' };
      await scene.fails(scene.download(await scene.serve(downloading(plan), CONTENT)), 'connection_lost');
    },
  },
  {
    id: 'TRUNC-07',
    title: 'A download stops in the middle, and the connection stays open.',
    source: 'RFC 9293 section 3.8.3; a firewall that forgets the connection',
    outcome: 'stalled',
    holds: 'It is given up on after the idle time-out.',
    defences: ['silence noticed'],
    run: async (scene) => {
      const server = await scene.serve(downloading({ cut: { afterBytes: CUT_AT, how: 'stall' } }), CONTENT);
      await scene.fails(scene.download(server), 'stalled', /moved no data for 2 s/);
    },
  },
  {
    id: 'TRUNC-08',
    title: 'A download drips, a byte twenty times a second.',
    source: 'slow-drip denial of service (CWE-400)',
    outcome: 'stalled',
    holds: 'Less than 1 KiB in four idle times is given up on.',
    defences: ['drip noticed'],
    run: async (scene) => {
      const server = await scene.serve(
        sending(() => dripping(Buffer.from('x'), 50)),
        CONTENT,
      );
      const download = scene.download(server, { settings: { stallTimeoutMs: 1500 } });
      await scene.fails(download, 'stalled', /moved less than 1 KiB in 6 s/);
    },
  },
  {
    id: 'TRUNC-09',
    title: 'More comes than the file has.',
    source: 'RFC 3659 section 4: SIZE is what RETR would transfer',
    outcome: 'size_mismatch',
    holds: 'It is refused with the first byte too many.',
    defences: ['no more than the size'],
    run: async (scene) => {
      const server = await scene.serve(
        sending(() => dripping(Buffer.alloc(20), 0, 1)),
        'ten bytes!',
      );
      await scene.fails(scene.download(server), 'size_mismatch');
    },
  },
  {
    id: 'TRUNC-10',
    title: 'Bytes come without end.',
    source: 'a device file behind the name; resource exhaustion (CWE-400)',
    outcome: 'size_mismatch',
    holds: 'Nothing of it is taken, and the connection ends at once.',
    defences: ['no more than the size'],
    isEndless: true,
    run: async (scene) => {
      const block = megabytes(1);
      let sent = 0;
      const server = await scene.serve(
        sending(async function* () {
          for (; ; sent += 1) yield block;
        }),
        'ten bytes!',
      );
      const source = await scene.open(server);
      let taken = 0;
      const reading = source.read('/a.bin', (chunk) => void (taken += chunk.length), { signal: quiet });
      await scene.fails(reading, 'size_mismatch', /more than the 10 bytes/);
      assert.equal(taken, 0);
      assert.ok(sent < 32, `${sent} MiB were taken in`);
    },
  },
  {
    id: 'TRUNC-11',
    title: 'The server tells no size of a file.',
    source: 'RFC 3659 sections 4 and 7.5.7: both are optional',
    outcome: 'protocol_error',
    holds: 'What could not be shown to be whole is not asked for.',
    defences: ['no size, no download'],
    run: async (scene) => {
      const script = { onCommand: answering({ FEAT: '211 No features', SIZE: '213 unknown' }) };
      const server = await scene.serve(script, 'content');
      await scene.fails(scene.download(server), 'protocol_error', /does not tell the size/);
      assert.ok(!server.commands.some((command) => command.startsWith('RETR')));
    },
  },
  {
    id: 'TRUNC-12',
    title: 'A file grows while it is read.',
    source: 'a partner that writes in place; RFC 959 knows no lock',
    outcome: 'source_changed',
    holds: 'The size after is compared with the size before.',
    defences: ['looked at again'],
    run: async (scene) => {
      const server: StagedPartner = await scene.serve(
        beforeConfirming(() => writeFile(join(server.root, 'a.bin'), 'some content, and more')),
        'some content',
      );
      await scene.fails(scene.download(server), 'source_changed');
    },
  },
  {
    id: 'TRUNC-13',
    title: 'A file is written anew with the same size while it is read.',
    source: 'a partner that writes in place; RFC 3659 section 3 (MDTM)',
    outcome: 'source_changed',
    holds: 'The time after is compared with the time before.',
    defences: ['time compared'],
    run: async (scene) => {
      const later = new Date(Date.now() + 60_000);
      const server: StagedPartner = await scene.serve(
        beforeConfirming(() => utimes(join(server.root, 'a.bin'), later, later)),
        'some content',
      );
      await scene.fails(scene.download(server), 'source_changed');
    },
  },
  {
    id: 'TRUNC-14',
    title: 'A mailbox that gives each file once gives a part of it, and the file is gone.',
    source: 'mailbox servers that delete on RETR',
    outcome: 'truncated',
    holds: 'What is not whole is not delivered, though it cannot be asked for again.',
    defences: ['bytes counted'],
    run: async (scene) => {
      const plan: DataPlan = { cut: { afterBytes: 5, how: 'clean' }, finalReply: '226 Transfer complete' };
      const removing = afterDoing(() => rm(join(server.root, 'a.bin'), { force: true }));
      const script = { ...downloading(plan), onReply: answering({ RETR: removing }) };
      const server = await scene.serve(script, 'the only copy');
      await scene.fails(scene.download(server), 'truncated');
    },
  },
  {
    id: 'TRUNC-15',
    title: 'All bytes come, and the server says 426.',
    source: 'RFC 959 section 5.4: RETR ends with 226, or with 426 where the connection was closed',
    outcome: 'connection_lost',
    holds: 'Both channels have to say that it is complete.',
    defences: ['both channels agree'],
    run: async (scene) => {
      const script = { onReply: answering({ 'RETR 226': '426 Connection closed; transfer aborted' }) };
      await scene.fails(scene.download(await scene.serve(script, 'content')), 'connection_lost', /426/);
    },
  },
  {
    id: 'TRUNC-16',
    title: 'MLST tells the facts of another file.',
    source: 'RFC 3659 section 7.2; a server whose cache is stale',
    outcome: 'truncated',
    holds: 'The bytes are counted against what was told.',
    defences: ['bytes counted'],
    run: async (scene) => {
      const facts = ' type=file;size=99;modify=20260101000000; /other.bin';
      const script = { onCommand: answering({ MLST: ['250-Listing', facts, '250 End'] }) };
      await scene.fails(scene.download(await scene.serve(script, 'content')), 'truncated');
    },
  },
  {
    id: 'TRUNC-17',
    title: 'The server says 226 before it sends the bytes.',
    source: 'RFC 959 section 5.4 gives no order between the two connections; servers with two threads',
    outcome: 'works',
    holds: 'The data connection is read to its own end.',
    defences: ['read to its end'],
    run: async (scene) => {
      const onReply = answering({ 'RETR 150': thenSend('226 Transfer complete'), 'RETR 226': silence });
      const server = await scene.serve({ onReply }, CONTENT);
      const files = await scene.download(server);
      assert.ok(files.get('/got.bin')?.bytes.equals(CONTENT));
    },
  },
];
