/** The way from the temporary name to the final one: renames that are not what was said, and names that are taken. */
import assert from 'node:assert/strict';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterDoing, answering, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import type { Scene } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';

/** What the server does when it has renamed, before it says so. */
const afterRenaming = (work: (root: string) => Promise<unknown>) => async (scene: Scene) => {
  const server = await scene.start({
    script: { onReply: answering({ 'RNTO 250': afterDoing(() => work(server.root)) }) },
  });
  const upload = scene.upload(server, Buffer.from('abc'));
  const error = await scene.fails(upload, 'size_mismatch', /Ask the partner before you send it again/);
  assert.equal(error.move?.uncertain, true);
};

export const renameCases: HostileCase[] = [
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
      assert.equal((await readdir(server.root)).join(), '.waybill-a.bin.part');
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
      const appearing = afterDoing(() => writeFile(join(server.root, 'a.bin'), 'theirs'));
      const server = await scene.start({ script: { onReply: answering({ 'STOR 226': appearing }) } });
      await scene.fails(scene.upload(server, Buffer.from('ours')), 'target_exists');
      assert.equal(await readFile(join(server.root, 'a.bin'), 'utf8'), 'theirs');
      assert.equal((await readdir(server.root)).join(), 'a.bin');
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
      assert.equal((await readdir(server.root)).join(), 'a.bin');
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
];
