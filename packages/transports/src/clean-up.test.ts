/** Who has lost a transfer to another worker removes nothing of it any more. */
import { expect, test } from '@jest/globals';
import type { MemoryFiles } from './memory.js';
import { moveFile } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { AT, BYTES, OLD } from './test-support/earlier-try.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';
import { sessionsInMemory } from './test-support/sessions-in-memory.js';
import { TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

/** Sends a file whose source breaks in the middle. @param mayRemove with how often it was asked */
async function breakOff(temporaryPath: string, mayRemove: (asked: number) => boolean) {
  const { memory } = memoryWith(BYTES);
  const source: Transport = {
    ...memory,
    read: (path, sink, options) =>
      memory.read(
        path,
        async (chunk, position) => {
          if (position >= AT) throw new TransportError('connection_lost', 'transfer', 'The source broke.');
          await sink(chunk, position);
        },
        options,
      ),
  };
  const there: MemoryFiles = new Map();
  let isBroken = false;
  const { open, closed } = sessionsInMemory(there, (target, number) => ({
    // The first one is lost with the source.
    get usable() {
      return number > 0 || !isBroken;
    },
    write: (...given) =>
      target.write(...given).catch((error: unknown) => {
        isBroken = true;
        throw error;
      }),
  }));
  let asked = 0;
  const request = moveRequest({
    source,
    sourcePath: '/a.bin',
    target: await open(),
    targetPath: '/a.bin',
    temporaryPath,
    reopenTarget: open,
    mayRemove: () => mayRemove((asked += 1)),
  });
  const error = await assertFails(moveFile(request), 'connection_lost');
  return { error, left: [...there.keys()], sessions: closed.length };
}

test.each(['/a.bin', OLD])('what was written as %s stays where another worker has it now', async (path) => {
  expect(await breakOff(path, () => true)).toMatchObject({ left: [], sessions: 2 });
  const lost = await breakOff(path, () => false);
  expect(lost).toMatchObject({ left: [path], sessions: 1, error: { move: { temporaryLeft: true } } });
  // It was lost while the session was opened.
  expect(await breakOff(path, (asked) => asked === 1)).toMatchObject({ left: [path], sessions: 2 });
});
