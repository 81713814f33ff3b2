/** While the source is read up to what an earlier try has left, the session on the target may grow too old. */
import { expect, test } from '@jest/globals';
import type { MemoryFiles } from './memory.js';
import { bringFile, moveFile, type MoveRequest } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { AT, BYTES, OLD } from './test-support/earlier-try.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';
import { type Otherwise, losesReply, sessionsInMemory } from './test-support/sessions-in-memory.js';
import { TransportError } from './transport-error.js';

const SILENT = new TransportError('stalled', 'tls', 'The server says nothing.');
/** The first session has grown old by the time that the source was read up to the part. */
const isOld: Otherwise = (_memory, number) => (number === 0 ? { expiresAt: 0 } : {});

async function prepare(otherwise: Otherwise, changes: Partial<MoveRequest> = {}) {
  const { memory, files } = memoryWith(BYTES);
  const there: MemoryFiles = new Map([[OLD, { bytes: BYTES.subarray(0, AT), modifiedAt: new Date() }]]);
  const { open, closed } = sessionsInMemory(there, otherwise);
  const { modifiedAt } = files.get('/a.bin')!;
  const request = moveRequest({
    source: { ...memory, isLocal: false },
    sourcePath: '/a.bin',
    target: await open(),
    targetPath: '/a.bin',
    temporaryPath: '/.waybill-2.part',
    reopenTarget: open,
    isOfUse: () => true,
    partial: { path: OLD, sourceSizeBytes: BYTES.length, sourceModifiedAt: modifiedAt, resumedFrom: null },
    ...changes,
  });
  return { request, there, closed };
}

test('another session compares, writes, verifies and names', async () => {
  const { request, there, closed } = await prepare(isOld);
  const brought = await bringFile(request);
  expect(brought.isHeld).toBe(true);
  expect(closed).toEqual([1, 0]);
  expect(await brought.name()).toMatchObject({ resumedFromBytes: AT, verification: 'size' });
  expect(closed).toEqual([1, 1]);
  expect([...there.keys()]).toEqual(['/a.bin']);
  expect(there.get('/a.bin')?.bytes.equals(BYTES)).toBe(true);
});

test('a session that is young still goes on', async () => {
  const { request, closed } = await prepare(() => ({}));
  const brought = await bringFile(request);
  expect(brought.isHeld).toBe(false);
  expect(await brought.name()).toMatchObject({ resumedFromBytes: AT });
  expect(closed).toEqual([0]);
});

test('what the other session finds not to be a part is sent anew by it', async () => {
  const { request, there, closed } = await prepare(isOld);
  there.set(OLD, { bytes: Buffer.alloc(AT), modifiedAt: new Date() });
  expect(await moveFile(request)).toMatchObject({ resumedFromBytes: null });
  expect(closed).toEqual([1, 1]);
  expect([...there.keys()]).toEqual(['/a.bin']);
});

test('where there is no other session, what is there stays for the next try', async () => {
  const { request, there, closed } = await prepare(isOld, { reopenTarget: () => Promise.reject(SILENT) });
  const error = await assertFails(moveFile(request), 'stalled');
  expect(error.move?.partial).toMatchObject({ path: OLD });
  expect([...there.keys()]).toEqual([OLD]);
  expect(closed).toEqual([1]);
});

test('the other session makes way for that which looks, where the final reply to it is lost', async () => {
  const { request, there, closed } = await prepare((memory, number) => {
    if (number !== 1) return isOld(memory, number);
    return losesReply(memory);
  });
  expect(await moveFile(request)).toMatchObject({ resumedFromBytes: AT, confirmationLost: true });
  expect(closed).toEqual([1, 1, 1]);
  expect(there.get('/a.bin')?.bytes.equals(BYTES)).toBe(true);
});
