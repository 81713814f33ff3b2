import { expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalFolder } from './local.js';
import { openMemory } from './memory.js';
import { moveFile } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { megabytes, open, start } from './test-support/hostile-partner.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';
import type { Transport } from './transport.js';

/** How each side tells of its part in moving the bytes. */
const told = (...sides: Transport[]) =>
  sides.map((side) => {
    const step = side.record().timeline.find(({ step: name }) => name === 'transfer');
    return `${step?.outcome}: ${step?.detail}`;
  });

async function inFolder(work: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'waybill-copy-'));
  await work(root).finally(() => rm(root, { recursive: true }));
}
const folderAt = (root: string, side: 'source' | 'target') =>
  openLocalFolder({ protocol: 'local_folder', root, rootName: 'files' }, { side });

test.each([
  [
    'in the middle of the bytes',
    { cut: { afterBytes: 2_000_000, how: 'rst' }, finalReply: '552 Quota exceeded' },
  ],
  ['before the first of them', null],
] as const)('a target that refuses %s is blamed, and the folder that was read is not', (_when, plan) =>
  inFolder(async (root) => {
    const server = await start({
      script: {
        onDataOpen: (_session, verb) => (verb === 'STOR' && plan !== null ? plan : undefined),
        onCommand: (_session, verb) => (verb === 'STOR' && plan === null ? '552 Quota exceeded' : undefined),
      },
    });
    await writeFile(join(root, 'a.bin'), megabytes(16));
    const [source, target] = [await folderAt(root, 'source'), await open(server)];
    const reopenTarget = () => open(server);
    const request = moveRequest({ source, sourcePath: '/a.bin', target, targetPath: '/a.bin', reopenTarget });
    const error = await assertFails(moveFile(request), 'target_full');
    expect(told(source, target)).toEqual([
      'stopped: Stopped, because the target failed.',
      `failed: ${error.message}`,
    ]);
  }),
);

test('a target folder that is missing is told at the target', () =>
  inFolder(async (root) => {
    const { memory: source } = memoryWith(megabytes(1));
    const target = await folderAt(root, 'target');
    const reopenTarget = async () => target;
    const paths = { sourcePath: '/a.bin', targetPath: '/missing/a.bin' };
    const error = await assertFails(
      moveFile(moveRequest({ source, target, reopenTarget, ...paths })),
      'not_found',
    );
    expect(error.message).toContain('/missing');
    expect(told(source, target)).toEqual([
      'stopped: Stopped, because the target failed.',
      `failed: ${error.message}`,
    ]);
  }));

test('a source that breaks is blamed, and the target is not', async () => {
  const { memory: source } = memoryWith(megabytes(1));
  const target = openMemory(new Map(), 'target');
  const breaking: Transport = {
    ...source,
    usable: true,
    read: (path, sink, options) =>
      source.read(
        path,
        async (chunk, position) => {
          await sink(chunk, position);
          throw new Error('broken');
        },
        options,
      ),
  };
  const paths = { sourcePath: '/a.bin', targetPath: '/a.bin' };
  const request = moveRequest({ source: breaking, target, reopenTarget: async () => target, ...paths });
  await assertFails(moveFile(request), 'internal');
  expect(told(source, target)).toEqual([
    'failed: An unexpected fault.',
    'stopped: Stopped, because the source failed.',
  ]);
});
