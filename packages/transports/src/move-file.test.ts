import { expect, test } from '@jest/globals';
import { openMemory, type MemoryFiles } from './memory.js';
import { moveFile } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';
import type { Transport } from './transport.js';

test('a source that counts other bytes than were taken from it delivers nothing', async () => {
  const { memory } = memoryWith(Buffer.from('content'));
  const miscounting: Transport = {
    ...memory,
    usable: true,
    read: async (path, sink, options) => {
      const read = await memory.read(path, sink, options);
      return { ...read, bytes: read.bytes + 1 };
    },
  };
  const files: MemoryFiles = new Map();
  const target = openMemory(files, 'target');
  const request = moveRequest({
    source: miscounting,
    sourcePath: '/a.bin',
    target,
    targetPath: '/a.bin',
    reopenTarget: async () => target,
  });
  const error = await assertFails(moveFile(request), 'size_mismatch');
  expect(error.message).toContain('8 bytes came and 7 were taken');
  expect([...files.keys()]).toEqual([]);
});
