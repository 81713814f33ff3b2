/** Files moved as a route moves them: from one session to another, verified, under their final name at the end. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moveFile } from '../move-file.js';
import { memoryWith } from '../test-support/memory-with.js';
import { moveRequest } from '../test-support/move-request.js';
import { openForTest } from '../test-support/open-for-test.js';
import type { Feature, Ground } from './feature.js';
import { expectContent, put } from './try-basics.js';

const LARGE_BYTES = 64 * 1024 * 1024;
const reopenTarget = (): Promise<never> => Promise.reject(new Error('not needed'));

export const moves = {
  moved: {
    title: 'Moved with every step: temporary name, verification, rename; and collected',
    async run({ open }) {
      const remote = await open();
      const bytes = randomBytes(70_000);
      const { memory, files } = memoryWith(bytes, '/a');
      const up = { source: memory, sourcePath: '/a', target: remote, targetPath: '/moved.bin', reopenTarget };
      const sent = await moveFile(moveRequest(up));
      const verification = remote.hashAlgorithm === null ? 'size' : 'server_hash';
      assert.deepEqual([sent.bytes, sent.verification], [bytes.length, verification]);
      const down = {
        source: remote,
        sourcePath: '/moved.bin',
        target: memory,
        targetPath: '/b',
        reopenTarget,
      };
      await moveFile(moveRequest(down));
      assert.ok(files.get('/b')?.bytes.equals(bytes));
    },
  },
  movedOver: {
    title: 'Moved over a file that is to be replaced',
    async run({ open }) {
      const remote = await open();
      await put(remote, '/over.bin', 'old');
      const bytes = randomBytes(1000);
      const { memory } = memoryWith(bytes, '/a');
      const up = { source: memory, sourcePath: '/a', target: remote, targetPath: '/over.bin', reopenTarget };
      await moveFile(moveRequest({ ...up, ifExists: 'replace' }));
      await expectContent(remote, '/over.bin', bytes);
    },
  },
  large: {
    title: 'File of 64 MiB, moved, verified and collected again',
    only: 'not played',
    run: moveLarge,
  },
} satisfies Record<string, Feature>;

/** The whole path of Waybill: temporary name, hash on the way, the server's own hash or size, rename; and back. */
async function moveLarge({ open, partner }: Ground): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-conformance-'));
  try {
    const bytes = randomBytes(LARGE_BYTES);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(folder, 'a'), bytes);
    const local = await openForTest({ protocol: 'local_folder', root: folder, rootName: 'files' });
    const remote = await open();
    const up = { source: local, sourcePath: '/a', target: remote, targetPath: '/large.bin', reopenTarget };
    const sent = await moveFile(moveRequest(up));
    const verification = remote.hashAlgorithm === null ? 'size' : 'server_hash';
    assert.deepEqual([sent.bytes, sent.sha256, sent.verification], [LARGE_BYTES, sha256, verification]);
    assert.ok(bytes.equals(await readFile(join(partner.root, 'large.bin'))), 'it arrived as something else');
    const down = { source: remote, sourcePath: '/large.bin', target: local, targetPath: '/b', reopenTarget };
    const got = await moveFile(moveRequest(down));
    assert.deepEqual([got.bytes, got.sha256], [LARGE_BYTES, sha256]);
    assert.ok(bytes.equals(await readFile(join(folder, 'b'))), 'it came back as something else');
    assert.equal(await remote.remove('/large.bin'), true);
  } finally {
    await rm(folder, { recursive: true });
  }
}
