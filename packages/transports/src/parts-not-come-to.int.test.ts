/** A try that fails before it comes to what an earlier one has left. */
import { expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { afterDoing, answering } from '@waybill/ftps-server/behaviours.js';
import type { Answer } from '@waybill/ftps-server/script.js';
import { openMemory } from './memory.js';
import { assertFails } from './test-support/assert-fails.js';
import { BYTES, OLD } from './test-support/earlier-try.js';
import { goOn } from './test-support/go-on.js';
import { start } from './test-support/hostile-partner.js';
import { memoryWith } from './test-support/memory-with.js';
import { TransportError } from './transport-error.js';

/** A source whose file was taken away. */
const gone = () => openMemory(new Map(), 'source');

test('leaves it to the next one where that is of use, and removes it where it is not', async () => {
  for (const isOfUse of [true, false]) {
    const server = await start();
    const expected = { sizeBytes: 7, modifiedAt: null };
    const failed = goOn(server, { changes: { isOfUse: () => isOfUse, expected } });
    const error = await assertFails(failed, 'source_changed');
    expect(error.move?.partial?.path ?? null).toBe(isOfUse ? OLD : null);
    expect(await readdir(server.root)).toEqual(isOfUse ? [OLD.slice(1)] : []);
  }
});

test('leaves it where the source has vanished meanwhile, as it may be all that there is', async () => {
  for (const isLate of [false, true]) {
    const { memory: source, files } = memoryWith(BYTES);
    const sourceModifiedAt = files.get('/a.bin')!.modifiedAt;
    // The look at what was left comes between that at the source and reading it.
    const look = afterDoing(() => files.clear());
    const server = await start({ script: { onCommand: answering(isLate ? { MLST: look } : {}) } });
    if (!isLate) files.clear();
    const changes = { source, isOfUse: () => false };
    const error = await assertFails(goOn(server, { changes, partial: { sourceModifiedAt } }), 'not_found');
    expect(error.message).toContain(`was left there, as ${OLD}. Look whether that is all of it`);
    expect(error.move).toMatchObject({
      temporaryLeft: true,
      temporaryPath: OLD,
      partial: null,
      sha256: null,
      uncertain: true,
      sourceGone: true,
    });
    expect(await readdir(server.root)).toEqual([OLD.slice(1)]);
    expect(files.size).toBe(0);
  }
});

test('leaves it on record where the source could not be seen to have the file', async () => {
  const { memory } = memoryWith(BYTES);
  const blind = (kind: 'connection_lost' | 'permission_denied') => ({
    ...memory,
    stat: () => Promise.reject(new TransportError(kind, 'transfer', 'Not now.')),
  });
  for (const kind of ['connection_lost', 'permission_denied'] as const) {
    const server = await start();
    const error = await assertFails(
      goOn(server, { changes: { source: blind(kind), isOfUse: () => false } }),
      kind,
    );
    expect(error.move?.partial?.path).toBe(OLD);
    expect(await readdir(server.root)).toEqual([OLD.slice(1)]);
  }
});

test('leaves it on record where the try is cancelled before the source has answered', async () => {
  const { memory, files } = memoryWith(BYTES);
  const end = new AbortController();
  const source = {
    ...memory,
    stat: async () => {
      end.abort();
      return null;
    },
  };
  files.clear();
  const server = await start();
  const changes = { source, signal: end.signal, isOfUse: () => false };
  const error = await assertFails(goOn(server, { changes }), 'cancelled');
  expect(error.move?.partial?.path).toBe(OLD);
  expect(await readdir(server.root)).toEqual([OLD.slice(1)]);
});

test('leaves in any case what an older file was removed for', async () => {
  const server = await start();
  const expected = { sizeBytes: 7, modifiedAt: null };
  const failed = goOn(server, { changes: { isOfUse: () => false, expected }, partial: { madeWay: true } });
  const error = await assertFails(failed, 'source_changed');
  expect(error.move?.partial).toMatchObject({ path: OLD, madeWay: true });
  expect(await readdir(server.root)).toEqual([OLD.slice(1)]);
});

test('says nothing of it where it is not there any more either', async () => {
  const taken: Answer = (turn) =>
    turn.argument.endsWith(OLD) ? turn.send('550 No such file\r\n') : turn.runDefault();
  const server = await start({ script: { onCommand: answering({ MLST: taken }) } });
  const error = await assertFails(goOn(server, { changes: { source: gone() } }), 'not_found');
  expect(error.message).toContain('is not at the source any more. Nothing was moved.');
  expect(error.move).toMatchObject({ uncertain: false, temporaryLeft: false, partial: null });
});

test('is told of it as it was where the look at it failed', async () => {
  const lost: Answer = (turn) => (turn.argument.endsWith(OLD) ? turn.drop('rst') : turn.runDefault());
  const server = await start({ script: { onCommand: answering({ MLST: lost }) } });
  const error = await assertFails(goOn(server, { changes: { isOfUse: () => true } }), 'connection_lost');
  expect(error.move?.partial).toMatchObject({
    path: OLD,
    sourceSizeBytes: BYTES.length,
    resumedFrom: null,
  });
  expect(await readdir(server.root)).toEqual([OLD.slice(1)]);
});
