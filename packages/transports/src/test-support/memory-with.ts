import { openMemory, type MemoryFiles } from '../memory.js';
import type { Transport } from '../transport.js';

/** Files in memory, one of which has these bytes. */
export function memoryWith(bytes: Buffer, path = '/a.bin'): { memory: Transport; files: MemoryFiles } {
  const files: MemoryFiles = new Map([[path, { bytes, modifiedAt: new Date() }]]);
  return { memory: openMemory(files, 'source'), files };
}
