import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { open, start } from '../test-support/hostile-partner.js';
import { quiet } from '../test-support/open-for-test.js';

/** Long beside the pauses: both ends share this process, which is held up where the machine is busy. */
const STALL_MS = 1000;

/** The chunk again and again, never silent for as long as the time-out. */
async function* dripping(chunk: Buffer, times = Infinity): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < times; sent += 1) {
    yield chunk;
    await sleep(100);
  }
}

describe('a server that is never silent, and never done', () => {
  test('is waited for as long as it is only slow', async () => {
    // Longer than the time in which a server that moves next to nothing is given up on.
    const script = { onDataOpen: () => ({ replaceContent: () => dripping(Buffer.alloc(200, 'x'), 50) }) };
    const server = await start({ script });
    await writeFile(join(server.root, 'a.bin'), Buffer.alloc(10_000));
    const transport = await open(server, { settings: { stallTimeoutMs: STALL_MS } });
    expect(await transport.read('/a.bin', () => undefined, { signal: quiet })).toMatchObject({
      bytes: 10_000,
    });
  });
});
