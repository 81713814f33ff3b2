/** An earlier try was to write under the final name: what is there may be its part, and may be somebody else's file. */
import { expect, test } from '@jest/globals';
import type { MemoryFiles } from './memory.js';
import { moveFile, type MoveRequest } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { AT, BYTES } from './test-support/earlier-try.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';
import { sessionsInMemory } from './test-support/sessions-in-memory.js';
import { TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

const TEMPORARY = '/.waybill-2.part';
const OLDER = Buffer.alloc(AT, 'older');
const PART = BYTES.subarray(0, AT);
const BROKEN = new TransportError('connection_lost', 'transfer', 'The source broke.');

/** Sends the file to where these bytes have its final name. */
async function send(bytes: Buffer, changes: Partial<MoveRequest> = {}) {
  const { memory, files } = memoryWith(BYTES);
  const there: MemoryFiles = new Map([['/a.bin', { bytes, modifiedAt: new Date() }]]);
  const { open } = sessionsInMemory(there, () => ({}));
  const { modifiedAt: sourceModifiedAt } = files.get('/a.bin')!;
  const request = moveRequest({
    source: memory,
    sourcePath: '/a.bin',
    target: await open(),
    targetPath: '/a.bin',
    temporaryPath: TEMPORARY,
    ifExists: 'replace',
    reopenTarget: open,
    partial: { path: '/a.bin', sourceSizeBytes: BYTES.length, sourceModifiedAt, resumedFrom: null },
    ...changes,
  });
  return { sent: moveFile(request), there };
}

/** A source that can only be read so far. */
function breakingAt(
  bytes: number,
  changes: Partial<Transport> = {},
): Pick<MoveRequest, 'source' | 'expected'> {
  const { memory } = memoryWith(BYTES);
  const source: Transport = {
    ...memory,
    stat: async (path) => ({ ...(await memory.stat(path))!, modifiedAt: null }),
    read: (path, sink, options) =>
      memory.read(
        path,
        async (chunk, position) => {
          if (position >= bytes) throw BROKEN;
          await sink(chunk, position);
        },
        options,
      ),
    ...changes,
  };
  return { source, expected: { sizeBytes: null, modifiedAt: null } };
}

const asPart = {
  path: '/a.bin',
  sourceSizeBytes: BYTES.length,
  sourceModifiedAt: null,
  resumedFrom: null,
} as const;

test('a part is gone on with under the final name, whatever the endpoint would take now', async () => {
  for (const ifExists of ['replace', 'fail'] as const) {
    const { sent, there } = await send(PART, { ifExists });
    expect(await sent).toMatchObject({ resumedFromBytes: AT, temporaryPath: '/a.bin' });
    expect([...there.keys()]).toEqual(['/a.bin']);
    expect(there.get('/a.bin')?.bytes.equals(BYTES)).toBe(true);
  }
});

test('what is not a part of ours stays until the file takes its place', async () => {
  for (const bytes of [OLDER, Buffer.from('older')]) {
    const whole = await send(bytes);
    expect(await whole.sent).toMatchObject({ resumedFromBytes: null });
    expect(whole.there.get('/a.bin')?.bytes.equals(BYTES)).toBe(true);
    const broken = await send(bytes, { ...breakingAt(3_000_000), partial: asPart });
    await assertFails(broken.sent, 'connection_lost');
    expect([...broken.there.keys()]).toEqual(['/a.bin']);
    expect(broken.there.get('/a.bin')?.bytes).toBe(bytes);
  }
});

test('what is there is not removed before a byte of ours was written to it', async () => {
  for (const temporaryPath of [TEMPORARY, '/a.bin']) {
    const { sent, there } = await send(PART, { ...breakingAt(1_500_000), partial: asPart, temporaryPath });
    const error = await assertFails(sent, 'connection_lost');
    expect(error.move?.partial).toMatchObject({ path: '/a.bin' });
    expect(there.get('/a.bin')?.bytes).toBe(PART);
    const other = await send(OLDER, {
      ...breakingAt(BYTES.length, { usable: false }),
      partial: asPart,
      temporaryPath,
    });
    const differs = await assertFails(other.sent, 'connection_lost');
    expect(differs.message).toContain('is not the beginning of the file');
    expect(differs.move).toMatchObject({ partial: null, temporaryLeft: false });
    expect(other.there.get('/a.bin')?.bytes).toBe(OLDER);
  }
});

test('what is not a part of ours is not written over where the route replaces nothing', async () => {
  for (const temporaryPath of [TEMPORARY, '/a.bin']) {
    const { sent, there } = await send(OLDER, { ifExists: 'fail', temporaryPath });
    await assertFails(sent, 'target_exists');
    expect([...there.keys()]).toEqual(['/a.bin']);
    expect(there.get('/a.bin')?.bytes).toBe(OLDER);
  }
});
