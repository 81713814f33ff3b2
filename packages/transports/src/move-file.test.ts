import { expect, test } from '@jest/globals';
import { openMemory, type MemoryFiles } from './memory.js';
import { moveFile } from './move-file.js';
import { assertFails, moveRequest } from './test-support/transport-suite.js';
import type { Transport } from './transport.js';

test('a source that counts other bytes than were taken from it delivers nothing', async () => {
  const bytes = Buffer.from('content');
  const memory = openMemory(new Map([['/a.bin', { bytes, modifiedAt: new Date() }]]), 'source');
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
