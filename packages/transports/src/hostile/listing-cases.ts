/** Listings as a whole: without end, cut, or in a form that is not the expected one. */
import assert from 'node:assert/strict';
import { answering } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import type { HostileCase } from './hostile-case.js';
import { GOOD } from './listing-line-cases.js';
import { dripping } from './truncation-cases.js';

/** A server without MLSD. */
const plain = (lines: string[]): Script => ({
  onCommand: answering({ FEAT: '211 No features' }),
  transformListing: () => lines,
});
const PLAIN_GOOD = '-rw-r--r--   1 u g   1234 Jan  1 12:00 good.txt';

/** Blocks without end, of which the server gets rid of no more than so many bytes. */
function endless(block: Buffer, mostBytes: number): HostileCase['run'] {
  return async (scene) => {
    let sentBytes = 0;
    const transformListing: Script['transformListing'] = async function* () {
      for (; ; sentBytes += block.length) yield block;
    };
    const transport = await scene.open(await scene.serve({ transformListing }, ''));
    await scene.fails(transport.list('/'), 'listing_too_large');
    assert.equal(transport.usable, false);
    assert.ok(sentBytes < mostBytes, `${sentBytes} bytes were taken in`);
  };
}

export const listingCases: HostileCase[] = [
  {
    id: 'LIST-15',
    title: 'The listing has no end.',
    source: 'GHSA-rp42-5vxx-qpwr (basic-ftp): unbounded listing',
    outcome: 'listing_too_large',
    holds: 'More than 40 MiB are refused while they come.',
    defences: ['listing capped'],
    limitMs: 30_000,
    isEndless: true,
    run: endless(Buffer.from(`${GOOD}${'n'.repeat(120)}\r\n`.repeat(500)), 64 << 20),
  },
  {
    id: 'LIST-16',
    title: 'The listing has a million entries.',
    source: 'GHSA-rp42-5vxx-qpwr (basic-ftp); a few bytes of it are hundreds of memory',
    outcome: 'listing_too_large',
    holds: 'More than 500,000 lines are refused while they come.',
    defences: ['lines capped'],
    limitMs: 30_000,
    isEndless: true,
    run: endless(Buffer.from('type=file; a\r\n'.repeat(2000)), 24 << 20),
  },
  {
    id: 'LIST-17',
    title: 'The listing is never silent and never done.',
    source: 'slow-drip denial of service (CWE-400)',
    outcome: 'stalled',
    holds: 'It has to be whole within thirty idle times.',
    defences: ['listing in time'],
    limitMs: 25_000,
    run: async (scene) => {
      const drip = Buffer.from(`${GOOD}\r\n`.repeat(30));
      const server = await scene.serve({ transformListing: () => dripping(drip, 100) }, '');
      // Thirty times the idle time; that it is never silent is not for a busy machine to decide.
      const transport = await scene.open(server, {
        idleTimeoutMs: 300,
        settings: { stallTimeoutMs: 10_000 },
      });
      await scene.fails(transport.list('/'), 'stalled', /did not come to its end/);
      assert.equal(transport.usable, false);
    },
  },
  {
    id: 'LIST-18',
    title: 'An empty folder is an error.',
    source: 'servers of mainframes: 550 No files found',
    outcome: 'works',
    holds: 'It is empty.',
    defences: ['empty is empty'],
    run: async (scene) => {
      const script = { onCommand: answering({ MLSD: '550 No files found.' }) };
      const { entries } = await (await scene.open(await scene.serve(script, ''))).list('/');
      assert.equal(entries.length, 0);
    },
  },
  {
    id: 'LIST-19',
    title: 'A folder that does not exist is listed as an empty one.',
    source: 'vsftpd 3.0.3: 150, nothing, 226',
    outcome: 'not_found',
    holds: 'It is not believed: the folder has to be there.',
    defences: ['empty looked into'],
    run: async (scene) => {
      const script: Script = {
        ...plain([]),
        onCommand: answering({ FEAT: '211 No features', CWD: '550 Failed to change directory.' }),
      };
      await scene.fails((await scene.open(await scene.serve(script, ''))).list('/'), 'not_found');
    },
  },
  {
    id: 'LIST-20',
    title: 'The listing is in a form that nobody knows.',
    source: 'RFC 959 section 4.1.3: LIST is for people',
    outcome: 'protocol_error',
    holds: 'It is not taken for an empty folder.',
    defences: ['unknown forms told'],
    run: async (scene) => {
      const server = await scene.serve(plain(['what is this', 'and this']), '');
      await scene.fails((await scene.open(server)).list('/'), 'protocol_error', /MLSD/);
    },
  },
  {
    id: 'LIST-21',
    title: 'A server has only LIST, and a line that cannot be read among good ones.',
    source: 'vsftpd 3.0.3, IIS; basic-ftp 6.2.3 leaves such lines out without a word',
    outcome: 'works',
    holds: 'The good ones are there, and the other is told.',
    defences: ['unread lines told'],
    run: async (scene) => {
      const lines = [
        '-rw-r--r--   1 u g   1234 Jan  1 12:00 a file.txt',
        '-rw-r--r--   1 u g   five Jan  1 12:00 odd.txt',
        'drwxr-xr-x   2 u g   4096 Jan  1  2025 in',
      ];
      const { entries, refused } = await (await scene.open(await scene.serve(plain(lines), ''))).list('/');
      assert.equal(entries.map(({ name, kind }) => `${name} ${kind}`).join(), 'a file.txt file,in folder');
      assert.equal(refused.length, 1);
    },
  },
  {
    id: 'LIST-22',
    title: 'A listing is cut in the middle of a name by FIN, and the server says 226.',
    source: 'RFC 8446 section 6.1; the end of a TLS stream that was cut looks like one that was closed',
    outcome: 'truncated',
    holds: 'A part of a name is taken for no file.',
    defences: ['listing whole'],
    run: async (scene) => {
      const transformListing = (): Buffer => Buffer.from('type=file;size=3; a.csv\r\ntype=file;size=3; b.cs');
      const server = await scene.serve(
        {
          transformListing,
          onDataOpen: () => ({ cut: { afterBytes: 44, how: 'fin' }, finalReply: '226 Done' }),
        },
        '',
      );
      await scene.fails((await scene.open(server)).list('/'), 'truncated', /middle of a line/);
    },
  },
  {
    id: 'LIST-23',
    title: 'A line of the listing is 20 MiB of facts.',
    source: 'RFC 3659 section 7.2 has no limit; each fact is many times as large in memory (CWE-770)',
    outcome: 'works',
    holds: 'It is left out and told, and not taken apart.',
    defences: ['lines of facts capped'],
    isEndless: true,
    run: async (scene) => {
      const listing = Buffer.concat([Buffer.alloc(20 << 20, 'a=b;'), Buffer.from(` x\r\n${GOOD}\r\n`)]);
      const transformListing = (): Buffer => listing;
      const { entries, refused } = await (
        await scene.open(await scene.serve({ transformListing }, ''))
      ).list('/');
      assert.equal(entries.map(({ name }) => name).join(), 'good.txt');
      assert.match(refused[0]?.why ?? '', /longer than/);
    },
  },
  {
    id: 'LIST-24',
    title: 'A line of LIST is made to cost time: spaces without end, and a line end of another kind.',
    source: 'expressions that backtrack (CWE-1333)',
    outcome: 'works',
    holds: 'It costs no more than reading it, and is told.',
    defences: ['lines judged first'],
    runsAlone: true,
    run: async (scene) => {
      const row = `01-01-26 00:00 <DIR>${' '.repeat(80_000)}\rx`;
      const transport = await scene.open(await scene.serve(plain([row, PLAIN_GOOD]), ''));
      const before = process.cpuUsage();
      const { entries, refused } = await transport.list('/');
      const usedMs = process.cpuUsage(before).user / 1000;
      assert.ok(usedMs < 1000, `${Math.round(usedMs)} ms of processor time`);
      assert.equal(entries.map(({ name }) => name).join(), 'good.txt');
      assert.equal(refused.length, 1);
    },
  },
  {
    id: 'LIST-25',
    title: 'A name in LIST holds a line end of another kind: CR, U+2028, U+2029.',
    source: 'ECMAScript: “.” matches none of them; basic-ftp 6.2.3 lists the name up to there',
    outcome: 'works',
    holds: 'It is left out and told, and no other file is listed in its place.',
    defences: ['lines judged first'],
    run: async (scene) => {
      const names = ['a.csv\rb', 'a.csv\u2028b', 'a.csv\u2029b', 'a.csv\r'];
      const unix = names.map((name) => `-rw-r--r--   1 u g   1234 Jan  1 12:00 ${name}`);
      const { entries, refused } = await (
        await scene.open(await scene.serve(plain([...unix, PLAIN_GOOD]), ''))
      ).list('/');
      assert.equal(entries.map(({ name }) => name).join(), 'good.txt');
      assert.equal(refused.length, names.length);
    },
  },
  {
    id: 'LIST-26',
    title: 'An empty listing is ended twice, and the folder does not exist.',
    source: 'vsftpd 3.0.3: 150, nothing, 226; pyftpdlib 1.5: 226 once more',
    outcome: 'protocol_error',
    holds: 'The second end is no answer to CWD, and the session is not used again.',
    defences: ['entering is a yes'],
    run: async (scene) => {
      const CWD = ['226 Directory send OK.', '550 Failed to change directory.'];
      const script: Script = { ...plain([]), onCommand: answering({ FEAT: '211 No features', CWD }) };
      const transport = await scene.open(await scene.serve(script, ''));
      await scene.fails(transport.list('/'), 'protocol_error', /226 Directory/);
      assert.equal(transport.usable, false);
    },
  },
  {
    id: 'LIST-27',
    title:
      'A server has neither MLST nor SIZE, and a listing is cut at the end of a line, or before the first.',
    source: 'RFC 8446 section 6.1; the end of a TLS stream that was cut looks like one that was closed',
    outcome: 'works',
    holds: 'A file that it does not show is not taken for one that is not there.',
    defences: ['absence seen twice'],
    run: async (scene) => {
      const lines = [PLAIN_GOOD, PLAIN_GOOD.replace('good', 'late')];
      for (const afterBytes of [0, PLAIN_GOOD.length + 2]) {
        let listings = 0;
        const script: Script = {
          ...plain(lines),
          onCommand: answering({ FEAT: '211 No features', SIZE: '502 No SIZE' }),
          onDataOpen: () =>
            (listings += 1) === 1 ? { cut: { afterBytes, how: 'fin' }, finalReply: '226 Done' } : undefined,
        };
        const transport = await scene.open(await scene.serve(script, ''));
        assert.equal((await transport.stat('/late.txt'))?.sizeBytes, 1234);
        assert.equal(await transport.stat('/never.txt'), null);
      }
    },
  },
];
