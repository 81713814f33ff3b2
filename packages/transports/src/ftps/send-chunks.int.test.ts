import { expect, test } from '@jest/globals';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { createInterrupt, sendChunks } from './send-chunks.js';

const IDLE_MS = 400;

/** A line that takes so many bytes a millisecond, on a connection that leads nowhere. */
async function aLine(bytesPerMs: number): Promise<{ line: Socket; end: () => void }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const line = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(line, 'connect');
  line._write = (chunk: Buffer, _encoding, done) => {
    if (bytesPerMs > 0) setTimeout(done, chunk.length / bytesPerMs);
  };
  return {
    line,
    end: () => {
      line.destroy();
      server.close();
    },
  };
}

async function* chunks(bytes: number) {
  yield Buffer.alloc(bytes);
}

test('a line that is slow is not taken for one that is silent', async () => {
  const { line, end } = await aLine(256);
  try {
    const sent = 384 * 1024;
    expect(await sendChunks(line, chunks(sent), IDLE_MS, createInterrupt())).toBe(sent);
  } finally {
    end();
  }
});

test('a line that takes nothing is given up', async () => {
  const { line, end } = await aLine(0);
  try {
    const sending = sendChunks(line, chunks(1000), IDLE_MS, createInterrupt());
    await expect(sending).rejects.toMatchObject({ name: 'SilenceError' });
  } finally {
    end();
  }
});
