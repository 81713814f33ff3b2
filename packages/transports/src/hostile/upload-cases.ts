/** Uploads that the server drops, cuts, calls complete too early, or puts somewhere else. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answering, onlyFirst, silence } from '@waybill/ftps-server/behaviours.js';
import type { DataPlan, Script } from '@waybill/ftps-server/script.js';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { openForTest } from '../test-support/open-for-test.js';
import { megabytes, type Scene, type StagedPartner } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';

const CUT_AT = 1_000_000;
/** More than all buffers on the way hold. */
const LARGE = megabytes(32);

const storing = (plan: DataPlan): Script => ({
  onDataOpen: (_session, verb) => (verb === 'STOR' ? plan : undefined),
});

const listRoot = async ({ root }: StagedPartner): Promise<string> => (await readdir(root)).join();

/** The upload fails so, and nothing is left. */
const failsWith =
  (script: Script, bytes: Buffer, expected: { kind: FailureKind; words?: RegExp }) =>
  async (scene: Scene) => {
    const server = await scene.start({ script });
    const error = await scene.fails(scene.upload(server, bytes), expected.kind, expected.words);
    assert.equal(error.move?.temporaryLeft, false);
    assert.equal(await listRoot(server), '');
  };

/** What the server does when it has renamed, before it says so. */
const afterRenaming = (work: (root: string) => Promise<unknown>) => async (scene: Scene) => {
  const server = await scene.start({
    script: {
      onReply: answering({
        'RNTO 250': async (turn) => {
          await work(server.root);
          await turn.runDefault();
        },
      }),
    },
  });
  const upload = scene.upload(server, Buffer.from('abc'));
  const error = await scene.fails(upload, 'size_mismatch', /Ask the partner before you send it again/);
  assert.equal(error.move?.uncertain, true);
};

const broken: HostileCase[] = [
  {
    id: 'UP-01',
    title: 'The server takes every byte, keeps none and says 226.',
    source: 'a full disk behind a cache; RFC 959 section 5.4',
    outcome: 'size_mismatch',
    holds: 'The size is asked for under the temporary name; nothing gets the final one.',
    defences: ['size at the target compared'],
    run: failsWith(storing({ discard: true }), megabytes(1), { kind: 'size_mismatch' }),
  },
  {
    id: 'UP-02',
    title: 'In the middle of an upload the quota is reached: 552, and a reset.',
    source: 'RFC 959 section 5.4 (552); vsftpd, pure-ftpd with quotas',
    outcome: 'target_full',
    holds: 'The words of the server win over the error of the socket.',
    defences: ['server’s word wins'],
    run: failsWith(
      storing({ cut: { afterBytes: CUT_AT, how: 'rst' }, finalReply: '552 Quota exceeded' }),
      LARGE,
      { kind: 'target_full', words: /Quota exceeded/ },
    ),
  },
  {
    id: 'UP-03',
    title: 'In the middle of an upload the disk is full: 452, and the connection is closed.',
    source: 'RFC 959 section 5.4 (452)',
    outcome: 'target_full',
    holds: 'The words of the server win over the error of the socket.',
    defences: ['server’s word wins'],
    run: failsWith(
      storing({ cut: { afterBytes: CUT_AT, how: 'fin' }, finalReply: '452 Insufficient storage space' }),
      LARGE,
      { kind: 'target_full', words: /452/ },
    ),
  },
  {
    id: 'UP-04',
    title: 'In the middle of an upload something goes wrong: 451, and a reset.',
    source: 'RFC 959 section 5.4 (451); basic-ftp 6.2.3 tells the reset',
    outcome: 'server_error',
    holds: 'The words of the server win over the error of the socket.',
    defences: ['server’s word wins'],
    run: failsWith(
      storing({ cut: { afterBytes: CUT_AT, how: 'rst' }, finalReply: '451 Local error in processing' }),
      LARGE,
      { kind: 'server_error', words: /451/ },
    ),
  },
  {
    id: 'UP-05',
    title: 'In the middle of an upload the server calls it complete.',
    source: 'RFC 959 section 5.4; pyftpdlib 1.5.7 logs aborted uploads as completed',
    outcome: 'protocol_error',
    holds: 'What was not all sent cannot be complete.',
    defences: ['not complete before the end'],
    run: failsWith(
      storing({ cut: { afterBytes: CUT_AT, how: (turn) => turn.send('226 Transfer complete\r\n') } }),
      LARGE,
      { kind: 'protocol_error', words: /before all was sent/ },
    ),
  },
  {
    id: 'UP-06',
    title: 'The server takes the bytes and never says 150.',
    source: 'RFC 959 section 5.4: STOR is answered with 125 or 150 first',
    outcome: 'stalled',
    holds: 'Nothing is sent to a server that has not agreed.',
    defences: ['sent on 150 only'],
    run: failsWith({ onReply: answering({ 'STOR 150': onlyFirst(1, silence) }) }, megabytes(1), {
      kind: 'stalled',
    }),
  },
  {
    id: 'UP-07',
    title: 'The server computes another hash over what it has.',
    source: 'draft-bryan-ftpext-hash section 3; a disk that lies',
    outcome: 'hash_mismatch',
    holds: 'It is not delivered, and nothing is left.',
    defences: ['hash compared'],
    run: failsWith(
      { onCommand: answering({ HASH: `213 SHA-256 0-3 ${'ab'.repeat(32)} x` }) },
      Buffer.from('abc'),
      { kind: 'hash_mismatch' },
    ),
  },
  {
    id: 'UP-08',
    title: 'Files without a byte are sent, one after the other, with resumed TLS.',
    source: 'basic-ftp 6.2.3 against vsftpd and ProFTPD: none of eight arrives',
    outcome: 'works',
    holds: 'A connection is ended only when its handshake is over.',
    defences: ['handshake waited for'],
    run: async (scene) => {
      const server = await scene.start();
      for (let turn = 0; turn < 8; turn += 1) {
        await scene.upload(server, Buffer.alloc(0), { ifExists: 'replace' });
        assert.equal((await readFile(join(server.root, 'a.bin'))).length, 0);
      }
    },
  },
];

const names: HostileCase[] = [
  {
    id: 'UP-09',
    title: 'The server confirms the rename and does not do it.',
    source: 'RFC 959 section 4.1.3; a virtual file system in trouble',
    outcome: 'size_mismatch',
    holds: 'It is in doubt, for a person to decide; the temporary file stays.',
    defences: ['looked at after the rename'],
    run: async (scene) => {
      const server = await scene.start({ script: { onCommand: answering({ RNTO: '250 Done' }) } });
      const error = await scene.fails(
        scene.upload(server, Buffer.from('abc')),
        'size_mismatch',
        /no such file/,
      );
      assert.equal(error.move?.uncertain, true);
      assert.equal(await listRoot(server), '.waybill-a.bin.part');
    },
  },
  {
    id: 'UP-10',
    title: 'Under the final name there is something else than was confirmed.',
    source: 'servers that convert what they are given',
    outcome: 'size_mismatch',
    holds: 'It is in doubt, for a person to decide, and never sent again by itself.',
    defences: ['looked at after the rename'],
    run: afterRenaming((root) => writeFile(join(root, 'a.bin'), 'converted')),
  },
  {
    id: 'UP-11',
    title: 'Under the final name there is only a part when it was renamed.',
    source: 'a copy across file systems in place of a rename',
    outcome: 'size_mismatch',
    holds: 'It is in doubt, for a person to decide, and never sent again by itself.',
    defences: ['looked at after the rename'],
    run: afterRenaming((root) => truncate(join(root, 'a.bin'), 1)),
  },
  {
    id: 'UP-12',
    title: 'A file of the final name appears while ours is sent.',
    source: 'two senders; CWE-367',
    outcome: 'target_exists',
    holds: 'It stays, where the route replaces none.',
    defences: ['looked at before the rename'],
    run: async (scene) => {
      const server = await scene.start({
        script: {
          onReply: answering({
            'STOR 226': async (turn) => {
              await writeFile(join(server.root, 'a.bin'), 'theirs');
              await turn.runDefault();
            },
          }),
        },
      });
      await scene.fails(scene.upload(server, Buffer.from('ours')), 'target_exists');
      assert.equal(await readFile(join(server.root, 'a.bin'), 'utf8'), 'theirs');
      assert.equal(await listRoot(server), 'a.bin');
    },
  },
  {
    id: 'UP-13',
    title: 'The server confirms that a file was removed, and it is still there.',
    source: 'RFC 959 section 4.1.3; WORM storage behind a gateway',
    outcome: 'target_full',
    holds: 'It is recorded that a temporary file is left.',
    defences: ['looked at after the removal'],
    run: async (scene) => {
      const plan: DataPlan = { cut: { afterBytes: CUT_AT, how: 'rst' }, finalReply: '552 Quota exceeded' };
      const server = await scene.start({
        script: { ...storing(plan), onCommand: answering({ DELE: '250 Deleted' }) },
      });
      const error = await scene.fails(scene.upload(server, LARGE), 'target_full');
      assert.equal(error.move?.temporaryLeft, true);
    },
  },
  {
    id: 'UP-14',
    title: 'The server will not rename over a file.',
    source: 'IIS; FileZilla Server: 550 file exists',
    outcome: 'works',
    holds: 'The old file goes first, where the route replaces it.',
    defences: ['makes way'],
    run: async (scene) => {
      const script = { onCommand: answering({ RNTO: onlyFirst(1, '550 File already exists.') }) };
      const server = await scene.serve(script, 'old');
      await scene.upload(server, Buffer.from('new'), { ifExists: 'replace' });
      assert.equal(await readFile(join(server.root, 'a.bin'), 'utf8'), 'new');
      assert.equal(await listRoot(server), 'a.bin');
    },
  },
  {
    id: 'UP-15',
    title: 'Our own file changes while it is sent.',
    source: 'a program of ours that writes in place',
    outcome: 'source_changed',
    holds: 'It is not delivered, and nothing is left.',
    defences: ['own file looked at again'],
    run: async (scene) => {
      const root = await mkdtemp(join(scene.folder, 'ours-'));
      await writeFile(join(root, 'a.bin'), megabytes(3));
      const server = await scene.start({
        script: {
          onReply: answering({
            'STOR 150': async (turn) => {
              await writeFile(join(root, 'a.bin'), 'more', { flag: 'a' });
              await turn.runDefault();
            },
          }),
        },
      });
      const source = await openForTest(
        { protocol: 'local_folder', root, rootName: 'ours' },
        { side: 'source' },
      );
      scene.keep(source);
      await scene.fails(scene.upload(server, Buffer.alloc(0), { source }), 'source_changed');
      assert.equal(await listRoot(server), '');
    },
  },
];

const resumption: HostileCase[] = [
  {
    id: 'UP-16',
    title: 'REST is agreed to, and the download begins at the beginning.',
    source: 'RFC 3659 section 5; basic-ftp 6.2.3 appends the whole file to its part',
    outcome: 'size_mismatch',
    holds: 'More than the rest comes, so nothing of it is kept.',
    defences: ['no more than the size'],
    run: async (scene) => {
      const server = await scene.serve({ onCommand: answering({ REST: '350 Restarting' }) }, megabytes(2));
      const source = await scene.open(server);
      const reading = source.read('/a.bin', () => undefined, {
        signal: AbortSignal.timeout(10_000),
        startAt: CUT_AT,
      });
      await scene.fails(reading, 'size_mismatch', /begun elsewhere/);
    },
  },
  {
    id: 'UP-17',
    title: 'What lies at the server is not as long as was told.',
    source: 'RFC 3659 section 5; a part that somebody else has changed',
    outcome: 'size_mismatch',
    holds: 'Nothing is written behind it.',
    defences: ['part measured'],
    run: async (scene) => {
      const server = await scene.serve({}, 'another part');
      const target = await scene.open(server);
      const content = async function* () {
        yield Buffer.from('rest');
      };
      const writing = target.write('/a.bin', content(), { signal: AbortSignal.timeout(10_000), startAt: 5 });
      await scene.fails(writing, 'size_mismatch');
      assert.equal(await readFile(join(server.root, 'a.bin'), 'utf8'), 'another part');
    },
  },
  {
    id: 'UP-18',
    title: 'The server confirms the rename over an older file of the same length, and does not do it.',
    source: 'RFC 959 section 4.1.3; files of a fixed length under the same name every day',
    outcome: 'hash_mismatch',
    holds: 'It is in doubt, for a person to decide; the temporary file stays.',
    defences: ['older file told from ours'],
    run: async (scene) => {
      const server = await scene.start({ script: { onCommand: answering({ RNTO: '250 Done' }) } });
      await writeFile(join(server.root, 'a.bin'), 'old');
      const work = scene.upload(server, Buffer.from('new'), { ifExists: 'replace' });
      const error = await scene.fails(work, 'hash_mismatch', /still there/);
      assert.equal(error.move?.uncertain, true);
    },
  },
  {
    id: 'UP-19',
    title: 'The server answers the rename twice: yes, and then no.',
    source: 'RFC 959 section 5.4: one final answer; pyftpdlib 1.5 says 226 once more',
    outcome: 'protocol_error',
    holds: 'The first answer is not believed, and the file is not called delivered.',
    defences: ['answers to a rename counted'],
    run: async (scene) => {
      const server = await scene.start({
        script: { onCommand: answering({ RNTO: ['250 Done', '550 Not now'] }) },
      });
      const error = await scene.fails(scene.upload(server, Buffer.from('abc')), 'protocol_error', /seemed/);
      assert.equal(error.move?.uncertain, false);
    },
  },
  {
    id: 'UP-20',
    title: 'STOR empties the file although the server agreed to REST, and nothing can be hashed.',
    source: 'RFC 3659 section 5.2; a server that opens the file anew for every STOR and then seeks',
    outcome: 'works',
    holds: 'What follows is appended, so nothing is lost before it.',
    defences: ['appended where nothing is hashed'],
    run: async (scene) => {
      const content = megabytes(2);
      const features = ['211-Features:', ' UTF8', ' SIZE', ' REST STREAM', '211 End'];
      const server: StagedPartner = await scene.serve(
        {
          onCommand: answering({ FEAT: features }),
          onDataOpen: async (_session, verb) => {
            if (verb !== 'STOR') return undefined;
            await truncate(join(server.root, 'a.bin'), 0);
            await truncate(join(server.root, 'a.bin'), CUT_AT);
            return undefined;
          },
        },
        content.subarray(0, CUT_AT),
      );
      const target = await scene.open(server);
      const rest = async function* () {
        yield content.subarray(CUT_AT);
      };
      await target.write('/a.bin', rest(), { signal: AbortSignal.timeout(10_000), startAt: CUT_AT });
      assert.ok((await readFile(join(server.root, 'a.bin'))).equals(content));
    },
  },
  {
    id: 'UP-21',
    title:
      'The data connection is reset before the end, the server says 226, and the endpoint compares nothing.',
    source: 'RFC 959 section 3.3; ASCII and files without verification, under an exception',
    outcome: 'connection_lost',
    holds: 'It is complete only when both connections say so.',
    defences: ['reset at the end'],
    run: async (scene) => {
      const plan: DataPlan = { cut: { afterBytes: 100_000, how: 'rst' }, finalReply: '226 Done' };
      const server = await scene.start({
        script: { onDataOpen: (_, verb) => (verb === 'STOR' ? plan : undefined) },
      });
      const settings = { verification: 'none' } as const;
      const target = await scene.open(server, { settings, permitted: ['no_verification'] });
      const reopenTarget = () => scene.open(server, { settings, permitted: ['no_verification'] });
      const work = scene.upload(server, Buffer.alloc(112_000, 'x'), { target, reopenTarget });
      await scene.fails(work, 'connection_lost');
      assert.equal(await listRoot(server), '');
    },
  },
];

export const uploadCases: HostileCase[] = [...broken, ...names, ...resumption];
