import { expect, test } from '@jest/globals';
import { createLocalLines, toNetworkLines } from './line-ends.js';

/** The text in chunks of so many bytes. */
function inChunks(text: string, size: number): Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

async function sent(text: string, size: number): Promise<{ text: string; taken: number }> {
  async function* source() {
    yield* inChunks(text, size);
  }
  const { lines, taken } = toNetworkLines(source());
  const parts: Uint8Array[] = [];
  for await (const part of lines) parts.push(part);
  return { text: Buffer.concat(parts).toString(), taken: taken() };
}

function kept(text: string, size: number): string {
  const local = createLocalLines();
  const parts = inChunks(text, size).map((chunk) => local.take(chunk));
  return Buffer.concat([...parts, local.rest()]).toString();
}

test.each([1, 2, 3, 100])(
  'in chunks of %d bytes, lines end with CR LF on the way and with LF here',
  async (size) => {
    expect(await sent('one\ntwo\r\n\n\rthree', size)).toEqual({
      text: 'one\r\ntwo\r\n\r\n\rthree',
      taken: 16,
    });
    expect(kept('one\r\ntwo\n\r\n\r\r\nthree\r', size)).toBe('one\ntwo\n\n\r\nthree\r');
  },
);

test('what goes and comes back is what it was, and nothing stays nothing', async () => {
  const text = 'a\n\nb\n';
  expect(kept((await sent(text, 2)).text, 3)).toBe(text);
  expect(await sent('', 1)).toEqual({ text: '', taken: 0 });
  expect(kept('', 1)).toBe('');
});
