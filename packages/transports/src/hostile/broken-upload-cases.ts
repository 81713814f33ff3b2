/** Uploads that are dropped, cut, called complete too early, or changed on the way. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterDoing, answering, onlyFirst, silence } from '@waybill/ftps-server/behaviours.js';
import type { DataPlan, Script } from '@waybill/ftps-server/script.js';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { openForTest } from '../test-support/open-for-test.js';
import { megabytes, type Scene } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';

const CUT_AT = 1_000_000;
/** More than all buffers on the way hold. */
const LARGE = megabytes(32);

const storing = (plan: DataPlan): Script => ({
  onDataOpen: (_session, verb) => (verb === 'STOR' ? plan : undefined),
});

/** The upload fails so, and nothing is left. */
const failsWith =
  (script: Script, bytes: Buffer, expected: { kind: FailureKind; words?: RegExp }) =>
  async (scene: Scene) => {
    const server = await scene.start({ script });
    const error = await scene.fails(scene.upload(server, bytes), expected.kind, expected.words);
    assert.equal(error.move?.temporaryLeft, false);
    assert.equal((await readdir(server.root)).join(), '');
  };

export const brokenUploadCases: HostileCase[] = [
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
    id: 'UP-15',
    title: 'Our own file changes while it is sent.',
    source: 'a program of ours that writes in place',
    outcome: 'source_changed',
    holds: 'It is not delivered, and nothing is left.',
    defences: ['own file looked at again'],
    run: async (scene) => {
      const root = await mkdtemp(join(scene.folder, 'ours-'));
      await writeFile(join(root, 'a.bin'), megabytes(3));
      const changing = afterDoing(() => writeFile(join(root, 'a.bin'), 'more', { flag: 'a' }));
      const server = await scene.start({ script: { onReply: answering({ 'STOR 150': changing }) } });
      const source = await openForTest(
        { protocol: 'local_folder', root, rootName: 'ours' },
        { side: 'source' },
      );
      scene.keep(source);
      await scene.fails(scene.upload(server, Buffer.alloc(0), { source }), 'source_changed');
      assert.equal((await readdir(server.root)).join(), '');
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
      const server = await scene.start({ script: storing(plan) });
      const reopenTarget = () =>
        scene.open(server, { settings: { verification: 'none' }, permitted: ['no_verification'] });
      const work = scene.upload(server, Buffer.alloc(112_000, 'x'), {
        target: await reopenTarget(),
        reopenTarget,
      });
      await scene.fails(work, 'connection_lost');
      assert.equal((await readdir(server.root)).join(), '');
    },
  },
];
