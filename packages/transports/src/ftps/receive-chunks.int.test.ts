/** Reading a TLS connection to its end, by a socket that reads into the intake and by one that hands on what it reads. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { getTestPki } from '@waybill/testing/pki.js';
import { Intake } from './intake.js';
import { receiveChunks } from './receive-chunks.js';

const MIB = 1024 * 1024;
const LIMITS = { idleTimeoutMs: 15_000 };
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const toEnd: (() => unknown)[] = [];

afterEach(() => {
  for (const end of toEnd.splice(0).reverse()) end();
});

/** A connection to a server that does this to it. */
async function connectTo(
  serve: (socket: TLSSocket, raw: Socket) => void,
  intake: Intake | null,
): Promise<TLSSocket> {
  const pki = await getTestPki();
  const { certificatePem, keyPem } = await pki.server('good');
  const raws: Socket[] = [];
  const server = createServer({ cert: certificatePem, key: keyPem }, (socket) => {
    socket.on('error', () => undefined);
    serve(socket, raws[0]!);
  });
  server.on('connection', (raw: Socket) => raws.push(raw));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: pki.caPem,
    servername: 'localhost',
    ...(intake !== null && { onread: intake.onread }),
  });
  socket.on('error', () => undefined);
  toEnd.push(
    () => socket.destroy(),
    () => server.close(),
  );
  await once(socket, 'secureConnect');
  return socket;
}

describe.each([
  ['by a socket that reads into the intake', () => new Intake()],
  ['by a socket that hands on what it reads', () => null],
])('%s', (_, makeIntake) => {
  test('every byte arrives in order, also where the disk is slower than the line', async () => {
    const sent = randomBytes(5 * MIB + 12_345);
    const intake = makeIntake();
    const socket = await connectTo((to) => void to.end(sent), intake);
    const chunks: Buffer[] = [];
    const slowly = async (chunk: Buffer): Promise<void> => {
      await sleep(5);
      // The memory is used again.
      chunks.push(Buffer.from(chunk));
    };
    expect(await receiveChunks(socket, slowly, { ...LIMITS, intake })).toBe(sent.length);
    expect(sha256(Buffer.concat(chunks))).toBe(sha256(sent));
    // Large ones: each costs a call for its hash and one for the disk.
    expect(chunks.length).toBeLessThan(sent.length / (128 * 1024));
  });

  test('what came before anybody read, and its end, is not lost', async () => {
    const sent = randomBytes(3 * MIB);
    for (const size of [0, 1, 20_000, sent.length]) {
      const intake = makeIntake();
      const part = sent.subarray(0, size);
      const socket = await connectTo((to) => void to.end(part), intake);
      await sleep(100);
      const hash = createHash('sha256');
      const received = await receiveChunks(socket, async (chunk) => void hash.update(chunk), {
        ...LIMITS,
        intake,
      });
      expect([received, hash.digest('hex')]).toEqual([size, sha256(part)]);
    }
  });

  test('a line that is faster than it may be holds still in between, and loses nothing', async () => {
    const sent = randomBytes(MIB);
    const intake = makeIntake();
    const socket = await connectTo((to) => void to.end(sent), intake);
    let holds = 0;
    const pace = {
      spend: () => {
        holds += 1;
        return 3;
      },
    };
    const hash = createHash('sha256');
    const sink = async (chunk: Buffer): Promise<void> => void hash.update(chunk);
    await receiveChunks(socket, sink, { ...LIMITS, intake, pace: pace as never });
    expect(hash.digest('hex')).toBe(sha256(sent));
    expect(holds).toBeGreaterThan(10);
  });

  test('a connection that is reset is no end', async () => {
    const intake = makeIntake();
    const socket = await connectTo((to, raw) => {
      to.write(randomBytes(MIB), () => raw.resetAndDestroy());
    }, intake);
    const receiving = receiveChunks(socket, async () => undefined, { ...LIMITS, intake });
    await expect(receiving).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('what the sink meets ends it', async () => {
    const intake = makeIntake();
    const socket = await connectTo((to) => void to.write(randomBytes(MIB)), intake);
    const full = async (): Promise<void> => {
      throw new Error('no space left');
    };
    await expect(receiveChunks(socket, full, { ...LIMITS, intake })).rejects.toThrow('no space left');
    expect(socket.destroyed).toBe(true);
  });
});
