import assert from 'node:assert/strict';
import type { Transport } from '../transport.js';
import { quiet } from './open-for-test.js';

/** The whole content of a file. */
export async function readAll(transport: Transport, path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const { bytes } = await transport.read(path, (chunk) => void chunks.push(Buffer.from(chunk)), {
    signal: quiet,
  });
  const all = Buffer.concat(chunks);
  assert.equal(bytes, all.length);
  return all;
}
