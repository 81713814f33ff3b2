import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chunksOf } from '../test-support/chunks-of.js';
import { quiet } from '../test-support/open-for-test.js';
import { readAll } from '../test-support/read-all.js';
import { said } from '../test-support/said.js';
import type { Transport } from '../transport.js';

/** Writes a file of so many random bytes, or of these. @returns the bytes */
export async function put(transport: Transport, path: string, what: number | string): Promise<Buffer> {
  const bytes = typeof what === 'number' ? randomBytes(what) : Buffer.from(what);
  const written = await transport.write(path, chunksOf(bytes), { signal: quiet });
  assert.equal(written.bytes, bytes.length);
  return bytes;
}

/** The file must hold these bytes, by its size and when it is read. */
export async function expectContent(transport: Transport, path: string, bytes: Buffer): Promise<void> {
  assert.equal((await transport.stat(path))?.sizeBytes, bytes.length, `the size of ${path}`);
  assert.ok(bytes.equals(await readAll(transport, path)), `${path} holds something else`);
}

/** Fails unless we have sent a command that begins so. */
export function expectSaid(transport: Transport, start: string): void {
  const all = said(transport);
  assert.ok(
    all.some((text) => text.startsWith(start)),
    `not used: ${start}; instead ${all.slice(-6).join(', ')}`,
  );
}

/** What every way to connect must carry: files in both directions, an empty one, a listing, a new name, an end. */
export async function tryBasics(transport: Transport): Promise<void> {
  const bytes = await put(transport, '/way.bin', 70_001);
  await put(transport, '/way empty.bin', 0);
  const names = (await transport.list('/')).entries.map(({ name }) => name);
  assert.deepEqual(
    ['way.bin', 'way empty.bin'].filter((name) => !names.includes(name)),
    [],
    `missing in the listing: ${names.join(', ')}`,
  );
  await expectContent(transport, '/way.bin', bytes);
  await expectContent(transport, '/way empty.bin', Buffer.alloc(0));
  await transport.rename('/way.bin', '/way done.bin', 'fail');
  assert.equal(await transport.stat('/way.bin'), null);
  for (const path of ['/way done.bin', '/way empty.bin']) assert.equal(await transport.remove(path), true);
  assert.ok(transport.usable);
}
