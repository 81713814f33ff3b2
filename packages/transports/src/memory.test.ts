import { describe, test } from '@jest/globals';
import { openMemory, type MemoryFiles } from './memory.js';
import { transportSuite } from './test-support/transport-suite.js';

describe('the memory transport', () => {
  for (const { title, run } of transportSuite) {
    test(title, () => {
      const files: MemoryFiles = new Map();
      return run({ open: async () => openMemory(files, 'target') });
    });
  }
});
