/** A file that only waits for its name when we break off: whether it was removed might not be written down any more. */
import { expect, test } from '@jest/globals';
import type { MemoryFiles } from './memory.js';
import { bringFile, type MoveRequest } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { BYTES } from './test-support/earlier-try.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';
import { sessionsInMemory } from './test-support/sessions-in-memory.js';

const SMALL = Buffer.from('small');

/** A file that was brought, and what is at the target; the sessions there are lost where we break off. */
async function bring(changes: Partial<MoveRequest> = {}, bytes = SMALL) {
  const { memory } = memoryWith(bytes);
  const there: MemoryFiles = new Map();
  const { open, closed } = sessionsInMemory(there, () => ({}));
  const ending = new AbortController();
  const target = await open();
  const request = moveRequest({
    source: memory,
    sourcePath: '/a.bin',
    target,
    targetPath: '/a.bin',
    reopenTarget: open,
    signal: ending.signal,
    isOfUse: () => true,
    ...changes,
  });
  const brought = await bringFile(request);
  const breakOff = async (): Promise<void> => {
    ending.abort();
    await target.close();
  };
  return { brought, breakOff, there, closed, temporaryPath: request.temporaryPath };
}

test('stays where we are told to stop, and no session is opened to remove it', async () => {
  const { brought, breakOff, there, closed, temporaryPath } = await bring();
  await breakOff();
  const error = await assertFails(brought.name(), 'cancelled');
  expect([...there.keys()]).toEqual([temporaryPath]);
  expect(closed).toHaveLength(1);
  // Its name was not asked for, so there is no doubt about it.
  expect(error.move).toMatchObject({ temporaryLeft: true, temporaryPath, partial: null, sha256: null });
});

test('stays as what the next try goes on with, where it is large', async () => {
  const { brought, breakOff, there, temporaryPath } = await bring({}, BYTES);
  await breakOff();
  const error = await assertFails(brought.name(), 'cancelled');
  expect([...there.keys()]).toEqual([temporaryPath]);
  expect(error.move?.partial).toMatchObject({ path: temporaryPath, sourceSizeBytes: BYTES.length });
});

test.each([
  ['small', SMALL],
  ['large', BYTES],
])('stays where it could not be recorded that it may get its name, and is %s', async (_what, bytes) => {
  const onVerified = () => Promise.reject(new Error('the database is away'));
  const isOfUse = () => false;
  const { brought, there, closed, temporaryPath } = await bring({ onVerified, isOfUse }, bytes);
  const error = await assertFails(brought.name(), 'internal');
  expect([...there.keys()]).toEqual([temporaryPath]);
  expect(closed).toEqual([0]);
  expect(error.move).toMatchObject({
    temporaryLeft: true,
    sha256: null,
    partial: bytes === BYTES ? { path: temporaryPath } : null,
  });
});

test('may have its name where that was asked for when we are told to stop', async () => {
  const { memory } = memoryWith(SMALL);
  const there: MemoryFiles = new Map();
  const ending = new AbortController();
  const { open } = sessionsInMemory(there, () => ({
    rename: async () => {
      ending.abort();
      throw new Error('stopped');
    },
  }));
  const target = await open();
  const request = moveRequest({
    source: memory,
    sourcePath: '/a.bin',
    target,
    targetPath: '/a.bin',
    reopenTarget: open,
    signal: ending.signal,
    isOfUse: () => true,
  });
  const error = await assertFails((await bringFile(request)).name(), 'cancelled');
  expect([...there.keys()]).toEqual([request.temporaryPath]);
  expect(error.move?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('is removed where somebody has asked to end the transfer', async () => {
  const { brought, breakOff, there, closed } = await bring({ isOfUse: () => false });
  await breakOff();
  const error = await assertFails(brought.name(), 'cancelled');
  expect([...there.keys()]).toEqual([]);
  expect(closed).toHaveLength(2);
  expect(error.move).toMatchObject({ temporaryLeft: false });
});
