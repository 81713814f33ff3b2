/** What is said on the control connection: in pieces, without end, twice, too early, in words that are traps. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { answering, byteByByte, splitAt, thenSend } from '@waybill/ftps-server/behaviours.js';
import type { Answer, Script, Turn } from '@waybill/ftps-server/script.js';
import type { Scene } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';

const MILLION = Buffer.alloc(1_000_000, 'z');
/** What keeps a client from MLST, so that it asks for SIZE. */
const OLD = { FEAT: '211 No features', MLST: '500 No' };

/** The script works no harm: the file comes over whole. */
const worksWith = (script: Script) => async (scene: Scene) => {
  const server = await scene.serve(script, MILLION);
  // Byte by byte takes long on a busy machine.
  const files = await scene.download(server, { connectTimeoutMs: 8000, idleTimeoutMs: 8000 });
  assert.ok(files.get('/got.bin')?.bytes.equals(MILLION));
};

/** Says these bytes again and again for as long as they are taken. */
async function pour(turn: Turn, block: Buffer, most: { count: { sentBytes: number }; limitBytes: number }) {
  for (; most.count.sentBytes < most.limitBytes && turn.isOpen(); most.count.sentBytes += block.length)
    await turn.send(block);
}

/** An answer to MLST, or a greeting, that has no end. */
const endlessly =
  (verb: 'MLST' | 'CONNECT', block: Buffer, words = /reply without end/) =>
  async (scene: Scene) => {
    const count = { sentBytes: 0 };
    const answer: Answer = (turn) => pour(turn, block, { count, limitBytes: 1 << 30 });
    const server = await scene.serve({ onCommand: answering({ [verb]: answer }) }, 'content');
    const work = scene.open(server).then((transport) => transport.stat('/a.bin'));
    await scene.fails(work, 'protocol_error', words);
    assert.ok(count.sentBytes < 16 << 20, `${count.sentBytes} bytes were taken in`);
  };

/** After the work the session is not used again, whatever it came to. */
const notUsedAfter = (script: Script) => async (scene: Scene) => {
  const transport = await scene.open(await scene.serve(script, 'content'));
  await transport.stat('/a.bin').catch(() => null);
  for (let waited = 0; transport.usable && waited < 50; waited += 1) await sleep(20);
  assert.equal(transport.usable, false);
  await scene.fails(transport.stat('/a.bin'), 'connection_lost', /not used any more/);
};

const split: HostileCase[] = [
  {
    id: 'REPLY-01',
    title: 'Every reply comes byte by byte.',
    source: 'RFC 9293: TCP keeps no boundaries; basic-ftp 6.2.3 fails',
    outcome: 'works',
    holds: 'A line is read when its end has come.',
    defences: ['lines whole'],
    // With a pause after the last byte of its 234, the server would take our handshake for clear text.
    run: worksWith({ onReply: (_session, verb) => (verb === 'AUTH' ? splitAt(2) : byteByByte()) }),
  },
  {
    id: 'REPLY-02',
    title: 'A size is split between its digits.',
    source: 'RFC 959 section 4.2; basic-ftp 6.2.3 reads “213 100|0000” as 100',
    outcome: 'works',
    holds: 'The size is the whole number.',
    defences: ['lines whole'],
    run: worksWith({ onCommand: answering(OLD), onReply: answering({ SIZE: splitAt(7) }) }),
  },
  {
    id: 'REPLY-03',
    title: 'A passive port is split between its digits.',
    source: 'RFC 959 section 4.1.2 (PASV); basic-ftp 6.2.3 dials another port',
    outcome: 'works',
    holds: 'The port is the whole number.',
    defences: ['lines whole'],
    run: async (scene) => {
      const script: Script = {
        onCommand: answering({ EPSV: '500 Unknown' }),
        onReply: (_session, verb, { bytes }) =>
          verb === 'PASV' ? splitAt(bytes.lastIndexOf(',') + 2) : undefined,
      };
      // The low byte of each of these ports has three digits.
      const server = await scene.start({ script, passivePorts: { from: 40_100, to: 40_190 } });
      await (await scene.open(server)).list('/');
    },
  },
  {
    id: 'REPLY-04',
    title: 'A reply of several lines holds lines with other codes.',
    source: 'RFC 959 section 4.2: only the same code and a space end it',
    outcome: 'works',
    holds: 'It ends where it ends, and no answer is taken for that of another command.',
    defences: ['replies whole'],
    run: async (scene) => {
      const lines = ['211-Features', '226 Transfer complete', ' MLST type*;size*;', '550 No', '211 End'];
      const transport = await scene.open(await scene.serve({ onCommand: answering({ FEAT: lines }) }, 'abc'));
      assert.equal((await transport.stat('/a.bin'))?.sizeBytes, 3);
      assert.ok(transport.usable);
    },
  },
];

const endless: HostileCase[] = [
  {
    id: 'REPLY-05',
    title: 'A line has no end.',
    source: 'CVE-2026-44240 (basic-ftp): unbounded control reply',
    outcome: 'protocol_error',
    holds: 'More than 64 KiB are no line; nothing more is taken in.',
    defences: ['line capped'],
    isEndless: true,
    run: endlessly('MLST', Buffer.alloc(65_536, 'x')),
  },
  {
    id: 'REPLY-06',
    title: 'A line of 64 MiB comes to its end.',
    source: 'CVE-2026-44240 (basic-ftp); CVE-2018-1000300 (curl): a long reply overflows',
    outcome: 'protocol_error',
    holds: 'More than 64 KiB are no line, though an end comes at last.',
    defences: ['line capped'],
    isEndless: true,
    run: async (scene) => {
      const count = { sentBytes: 0 };
      const MLST: Answer = async (turn) => {
        await pour(turn, Buffer.alloc(65_536, 'x'), { count, limitBytes: 64 << 20 });
        await turn.send('\r\n');
      };
      const transport = await scene.open(await scene.serve({ onCommand: answering({ MLST }) }, 'abc'));
      await scene.fails(transport.stat('/a.bin'), 'protocol_error', /reply without end/);
      assert.ok(count.sentBytes < 16 << 20, `${count.sentBytes} bytes were taken in`);
    },
  },
  {
    id: 'REPLY-07',
    title: 'A reply of several lines has no last one.',
    source: 'GHSA-rpmf-866q-6p89 (basic-ftp): unbounded control reply',
    outcome: 'protocol_error',
    holds: 'More than 64 KiB are no reply, and that is said.',
    defences: ['reply capped', 'endless reply named'],
    isEndless: true,
    run: endlessly('MLST', Buffer.from('250-more and more\r\n'.repeat(100))),
  },
  {
    id: 'REPLY-08',
    title: 'The banner has no end.',
    source: 'endless banner, as of tarpits (endlessh) and CVE-2026-44240',
    outcome: 'protocol_error',
    holds: 'More than 64 KiB are no greeting, and that is said.',
    defences: ['reply capped', 'endless reply named'],
    isEndless: true,
    run: endlessly('CONNECT', Buffer.from('220-welcome\r\n'.repeat(100))),
  },
  {
    id: 'REPLY-09',
    title: 'The banner drips: a byte now and then, and never a line.',
    source: 'tarpits (endlessh), CWE-400',
    outcome: 'stalled',
    holds: 'It has to be whole within the time-out, however lively it is.',
    defences: ['answer in time'],
    isSilent: true,
    run: async (scene) => {
      const CONNECT: Answer = async (turn) => {
        for (let sent = 0; sent < 100 && turn.isOpen(); sent += 1) {
          await turn.send('2');
          await turn.wait(100);
        }
      };
      const started = performance.now();
      await scene.fails(scene.open(await scene.serve({ onCommand: answering({ CONNECT }) }, '')), 'stalled');
      assert.ok(performance.now() - started < 5000);
    },
  },
  {
    id: 'REPLY-10',
    title: 'A reply drips.',
    source: 'slow-drip denial of service (CWE-400); a socket time-out does not notice',
    outcome: 'stalled',
    holds: 'It has to be whole within the time-out, however lively it is.',
    defences: ['answer in time'],
    run: async (scene) => {
      const transport = await scene.open(
        await scene.serve({ onReply: answering({ MLST: byteByByte(200) }) }, 'abc'),
      );
      const started = performance.now();
      await scene.fails(transport.stat('/a.bin'), 'stalled');
      assert.ok(performance.now() - started < 5000);
    },
  },
];

const costly: HostileCase[] = [
  {
    id: 'REPLY-15',
    title: 'A reply of 32,000 lines goes on with blank ones, one by one.',
    source: 'basic-ftp 6.2.3 takes the whole of it apart again for each, and counts none (CWE-407)',
    outcome: 'protocol_error',
    holds: 'Each line is read once, blank ones count, and more than 64 KiB are no reply.',
    defences: ['reply capped'],
    runsAlone: true,
    run: async (scene) => {
      const MLST: Answer = async (turn) => {
        await turn.send(`250-x\n${'a\n'.repeat(32_000)}`);
        for (let sent = 0; sent < 3000 && turn.isOpen(); sent += 1) await turn.send('\n');
      };
      const transport = await scene.open(await scene.serve({ onCommand: answering({ MLST }) }, 'abc'));
      const before = process.cpuUsage();
      await scene.fails(transport.stat('/a.bin'), 'protocol_error', /reply without end/);
      const usedMs = process.cpuUsage(before).user / 1000;
      assert.ok(usedMs < 2000, `${Math.round(usedMs)} ms of processor time`);
    },
  },
];

const double: HostileCase[] = [
  {
    id: 'REPLY-11',
    title: 'One command gets two replies.',
    source: 'RFC 959 section 5.4: one final reply a command; basic-ftp issue 120',
    outcome: 'connection_lost',
    holds: 'The session is not used again, as each answer would be that of the command before.',
    defences: ['one reply each'],
    run: notUsedAfter({ onReply: answering({ MLST: thenSend('226 Done again') }) }),
  },
  {
    id: 'REPLY-12',
    title: 'A download ends with 426 and then with 226.',
    source: 'RFC 959 section 5.4 (ABOR); basic-ftp 6.2.3 gives the 226 to the next command',
    outcome: 'connection_lost',
    holds: 'It has failed, and the session is not used again.',
    defences: ['broken transfer costs the session'],
    run: async (scene) => {
      const script = { onReply: answering({ 'RETR 226': ['426 Aborted', '226 Done'] }) };
      const source = await scene.open(await scene.serve(script, 'abc'));
      await scene.fails(scene.read(source), 'connection_lost');
      assert.equal(source.usable, false);
    },
  },
  {
    id: 'REPLY-13',
    title: 'A reply comes before its command.',
    source: 'RFC 959 section 5.4; an answer that was made up in advance',
    outcome: 'connection_lost',
    holds: 'The session is not used again.',
    defences: ['one reply each'],
    run: async (scene) => {
      const CONNECT = Buffer.from('220 Welcome\r\n234 Go ahead\r\n');
      await scene.fails(
        scene.open(await scene.serve({ onCommand: answering({ CONNECT }) }, '')),
        'connection_lost',
      );
    },
  },
  {
    id: 'REPLY-14',
    title: 'While nothing is asked, the server says 421 and stays.',
    source: 'RFC 959 section 5.4: 421 may be a reply to any command; vsftpd idle_session_timeout',
    outcome: 'connection_lost',
    holds: 'The session is not used again; basic-ftp 6.2.3 drops the 421.',
    defences: ['one reply each'],
    run: notUsedAfter({ onReply: answering({ MLST: thenSend('421 Timeout') }) }),
  },
  {
    id: 'REPLY-16',
    title: 'A command is answered with preliminary replies without end.',
    source: 'RFC 959 section 4.2 has no limit; they are taken in for as long as a transfer runs (CWE-400)',
    outcome: 'protocol_error',
    holds: 'A thousand in a row are enough, and the connection is closed.',
    defences: ['idle replies capped'],
    isEndless: true,
    run: endlessly('MLST', Buffer.from('150 Wait\r\n'.repeat(1000)), /replies in a row/),
  },
  {
    id: 'REPLY-17',
    title: 'Replies that nobody asked for have no end.',
    source: 'RFC 959 section 5.4: one final reply a command; CWE-400',
    outcome: 'connection_lost',
    holds: 'The connection is not only used no more, it is closed.',
    defences: ['idle replies capped'],
    isEndless: true,
    run: async (scene) => {
      const count = { sentBytes: 0 };
      const poured = Promise.withResolvers<void>();
      const MLST: Answer = async (turn) => {
        await turn.runDefault();
        await pour(turn, Buffer.from('226 Done\r\n'.repeat(1000)), { count, limitBytes: 64 << 20 });
        poured.resolve();
      };
      const transport = await scene.open(await scene.serve({ onReply: answering({ MLST }) }, 'abc'));
      await transport.stat('/a.bin').catch(() => null);
      await poured.promise;
      assert.ok(count.sentBytes < 16 << 20, `${count.sentBytes} bytes were taken in`);
      await scene.fails(transport.stat('/a.bin'), 'connection_lost', /not used any more/);
    },
  },
];

export const replyCases: HostileCase[] = [...split, ...endless, ...double, ...costly];
