import { expect, test } from '@jest/globals';
import type { MemoryFiles } from './memory.js';
import { moveFile } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { AT, BYTES, OLD } from './test-support/earlier-try.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';
import { type Otherwise, losesReply, sessionsInMemory } from './test-support/sessions-in-memory.js';
import { TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

/** The first session loses the final reply, and the others give no name. */
const losing: Otherwise = (memory, number) => {
  if (number > 0)
    return { rename: () => Promise.reject(new TransportError('not_found', 'rename', '550 No such file.')) };
  return losesReply(memory);
};

/** Goes on with a part, whose final reply is lost; when all was read, this happens to the files of the source. */
async function goOn(whenRead: (files: MemoryFiles) => void = () => undefined) {
  const { memory, files } = memoryWith(BYTES);
  const { modifiedAt } = files.get('/a.bin')!;
  const there: MemoryFiles = new Map([[OLD, { bytes: BYTES.subarray(0, AT), modifiedAt: new Date() }]]);
  const { open, closed } = sessionsInMemory(there, losing);
  const source: Transport = {
    ...memory,
    read: async (...given) => {
      const read = await memory.read(...given);
      whenRead(files);
      return read;
    },
  };
  const request = moveRequest({
    source,
    sourcePath: '/a.bin',
    target: await open(),
    targetPath: '/a.bin',
    reopenTarget: open,
    partial: { path: OLD, sourceSizeBytes: BYTES.length, sourceModifiedAt: modifiedAt, resumedFrom: null },
  });
  return { error: await assertFails(moveFile(request), 'not_found'), there, closed };
}

test('what the source has still is not called the only copy where the target cannot be asked any more', async () => {
  const { error, there, closed } = await goOn();
  expect(error.message).toBe('550 No such file.');
  expect(error.move).toMatchObject({ uncertain: false, sourceGone: false, resumedFromBytes: AT });
  expect([...there.keys()]).toEqual([]);
  // The worker closes the first one; that which looked was closed once, as was that which cleared up.
  expect(closed).toEqual([0, 1, 1]);
});

test('what the source does not have any more stays where the target cannot be asked', async () => {
  const { error, there } = await goOn((files) => files.clear());
  expect(error.message).toContain(`The source does not have the file any more`);
  expect(error.move).toMatchObject({ uncertain: true, sourceGone: true, temporaryPath: OLD });
  expect([...there.keys()]).toEqual([OLD]);
});
