import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { open, start } from '../test-support/hostile-partner.js';
import { quiet } from '../test-support/open-for-test.js';
import { assertFails } from '../test-support/transport-suite.js';

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

  test('is given up on when its listing takes for ever', async () => {
    const lines = Buffer.from('type=file;size=3; name-of-a-file\r\n'.repeat(30));
    const server = await start({ script: { transformListing: () => dripping(lines) } });
    // Thirty times that is what a listing gets.
    const transport = await open(server, { idleTimeoutMs: 500, settings: { stallTimeoutMs: 10_000 } });
    const error = await assertFails(transport.list('/'), 'stalled');
    expect(error.message).toMatch(/^The listing of \/ did not come to its end within 15 s\. Ask the partner/);
    expect(transport.usable).toBe(false);
  });
});
