/** Lines of listings: names that are traps, and facts that lie. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openForTest, quiet } from '../test-support/open-for-test.js';
import type { Scene } from '../test-support/scene.js';
import type { Entry, Listing } from '../transport.js';
import type { HostileCase } from './hostile-case.js';

/** A line that nothing is wrong with. */
export const GOOD = 'type=file;size=3;modify=20260101120000; good.txt';

/** The folder as MLSD lists it with these lines. */
async function listed(scene: Scene, lines: string[] | Buffer): Promise<Listing> {
  const server = await scene.serve({ transformListing: () => lines }, 'content');
  return await (await scene.open(server)).list('/');
}

/** What a line is read as, beside one that is good. */
async function readLine(scene: Scene, line: string): Promise<Entry | undefined> {
  const { entries, refused } = await listed(scene, [line, GOOD]);
  assert.deepEqual(refused.length, 0);
  assert.equal(entries.at(-1)?.name, 'good.txt');
  return entries[0];
}

/** Names that are left out and told, while the rest of the folder is there. */
const refusing =
  (...names: (string | Buffer)[]) =>
  async (scene: Scene) => {
    const lines = names.map((name) => Buffer.concat([Buffer.from('type=file;size=1; '), Buffer.from(name)]));
    const rows = [...lines, Buffer.from(GOOD)].flatMap((line) => [line, Buffer.from('\r\n')]);
    const { entries, refused } = await listed(scene, Buffer.concat(rows));
    assert.equal(entries.map(({ name }) => name).join(), 'good.txt');
    assert.equal(refused.length, names.length);
    for (const { shownAs, why } of refused) {
      assert.ok(shownAs.length <= 120 && why !== '');
      // oxlint-disable-next-line no-control-regex -- what is looked for
      assert.doesNotMatch(shownAs, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
  };

const dangerous = (
  [
    [
      'LIST-01',
      'A name leads to a folder above.',
      'CVE-2002-1345; CVE-2026-27699 (basic-ftp)',
      'path separators refused',
      ['../../etc/passwd', '..\\..\\boot.ini', 'a/../../b'],
    ],
    [
      'LIST-02',
      'A name is an absolute path.',
      'CVE-2002-1345 (several clients)',
      'path separators refused',
      ['/etc/cron.d/evil', 'C:\\evil'],
    ],
    [
      'LIST-03',
      'A name holds control characters: NUL, CR, ESC, DEL.',
      'CVE-2018-1000120 (curl): NUL in a path; CWE-150',
      'unprintable names refused',
      ['null\0byte', 'carriage\rreturn', '\u001b[2J', 'del\u007f'],
    ],
    [
      'LIST-04',
      'A name changes the direction of writing.',
      'CVE-2021-42574; right-to-left override (CWE-451)',
      'unprintable names refused',
      ['invoice\u202etxt.exe', '\u2066a\u2069', '\u200ezero'],
    ],
    [
      'LIST-05',
      'A name is 16,000 bytes long.',
      'RFC 3659 section 2.2 has no limit; file systems do',
      'long names refused',
      ['n'.repeat(16_000)],
    ],
    [
      'LIST-06',
      'A name is not UTF-8.',
      'RFC 2640 section 3.1; Latin-1 servers',
      'unreadable names refused',
      [Buffer.of(0x66, 0xfc, 0x72)],
    ],
    ['LIST-07', 'A name is empty.', 'RFC 3659 section 7.2', 'empty names refused', ['']],
  ] as const
).map(([id, title, source, defence, names]): HostileCase => ({
  id,
  title,
  source,
  outcome: 'works',
  holds: 'It is left out and told; what else is in the folder is there.',
  defences: [defence],
  run: refusing(...names),
}));

const lies: HostileCase[] = [
  {
    id: 'LIST-08',
    title: 'The folder itself and the one above are listed as files.',
    source: 'RFC 3659 section 7.5.1; CVE-2014-4877 (wget)',
    outcome: 'works',
    holds: 'They are passed over.',
    defences: ['dots passed over'],
    run: async (scene) => {
      const dots = ['type=file;size=1; .', 'type=file;size=1; ..', 'type=cdir; x', GOOD];
      const { entries, refused } = await listed(scene, dots);
      assert.equal(entries.map(({ name }) => name).join(), 'good.txt');
      assert.equal(refused.length, 0);
    },
  },
  {
    id: 'LIST-09',
    title: 'A name is that of a device on Windows.',
    source: 'CVE-2002-1345 and others; CWE-67',
    outcome: 'name_refused',
    holds: 'It is not written to a folder of ours.',
    defences: ['devices refused'],
    run: async (scene) => {
      const root = await mkdtemp(join(scene.folder, 'ours-'));
      const place = { protocol: 'local_folder' as const, root, rootName: 'ours' };
      const target = scene.keep(await openForTest(place, { side: 'target' }));
      const { entries } = await listed(scene, ['type=file;size=1; con.txt']);
      const content = async function* () {
        yield Buffer.from('x');
      };
      const path = `/${entries[0]?.name}`;
      await scene.fails(target.write(path, content(), { signal: quiet }), 'name_refused', /device/);
      assert.equal((await readdir(root)).join(), '');
    },
  },
  {
    id: 'LIST-10',
    title: 'A date does not exist.',
    source: 'RFC 3659 section 2.3; basic-ftp 6.2.3 loses the whole listing',
    outcome: 'works',
    holds: 'The file is listed without a date.',
    defences: ['dates that exist'],
    run: async (scene) => {
      for (const modify of ['99999999999999', '20260230120000', 'yesterday']) {
        const entry = await readLine(scene, `type=file;size=5;modify=${modify}; odd.txt`);
        assert.deepEqual([entry?.sizeBytes, entry?.modifiedAt], [5, null]);
      }
    },
  },
  {
    id: 'LIST-11',
    title: 'Facts are named like what every object has.',
    source: 'prototype pollution (CWE-1321); basic-ftp 6.2.3 ends with a TypeError',
    outcome: 'works',
    holds: 'They are facts and types that nobody knows, and nothing else.',
    defences: ['types in a map'],
    run: async (scene) => {
      const entry = await readLine(
        scene,
        'type=file;constructor=x;toString=y;hasOwnProperty=z;size=3; odd.txt',
      );
      assert.equal(entry?.sizeBytes, 3);
      for (const type of ['constructor', '__proto__', 'tostring'])
        assert.equal((await readLine(scene, `type=${type};__proto__=size=9; odd.txt`))?.kind, 'other');
    },
  },
  {
    id: 'LIST-12',
    title: 'Types and names of facts are in capitals.',
    source: 'RFC 3659 section 7.5: they are case-independent; basic-ftp 6.2.3 does not know them',
    outcome: 'works',
    holds: 'They are understood.',
    defences: ['facts in any case'],
    run: async (scene) => {
      assert.deepEqual((await readLine(scene, 'TYPE=FILE;Size=4; UPPER.TXT'))?.sizeBytes, 4);
      assert.equal((await readLine(scene, 'TYPE=FILE;Size=4; UPPER.TXT'))?.kind, 'file');
    },
  },
  {
    id: 'LIST-13',
    title: 'Sizes are negative, huge or no numbers.',
    source: 'RFC 3659 section 7.5.7; CVE-2015-4022 (PHP): a long LIST overflows',
    outcome: 'works',
    holds: 'The file is listed without a size, and not asked for.',
    defences: ['sizes of facts are digits'],
    run: async (scene) => {
      for (const size of ['-7', '99999999999999999999', '1e3', '0x10'])
        assert.equal((await readLine(scene, `type=file;size=${size}; odd.txt`))?.sizeBytes, null, size);
    },
  },
  {
    id: 'LIST-14',
    title: 'A link is listed, and a folder of the same name.',
    source: 'CVE-2014-4877 (wget): files are written through the link',
    outcome: 'works',
    holds: 'Both are what they are; nothing is made of a link.',
    defences: ['links known'],
    run: async (scene) => {
      const lines = ['type=OS.unix=slink:/etc; x', 'type=dir; x', 'type=OS.unix=chr-1/3; device'];
      const { entries } = await listed(scene, lines);
      assert.equal(entries.map(({ kind }) => kind).join(), 'link,folder,other');
    },
  },
];

export const listingLineCases: HostileCase[] = [...dangerous, ...lies];
