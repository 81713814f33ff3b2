/** Data connections: who may use them, and what an end is. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { prepareGround, type Ground } from './test-support/practice-ground.js';

let ground: Ground;
const content = Buffer.alloc(1_000_000, 'waybill ');

beforeAll(async () => {
  ground = await prepareGround();
  await mkdir(join(ground.root, 'in'));
});
beforeEach(() => writeFile(join(ground.root, 'file'), content));
afterEach(() => ground.clear());
afterAll(() => ground.remove());

const stored = (name: string) => readFile(join(ground.root, name));

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
  const start = (options = {}) =>
    ground.start({ tls: { ...ground.pki.server, minVersion: version, maxVersion: version }, ...options });

  test('a data connection that resumes the session is served, both ways', async () => {
    const server = await start();
    const client = await ground.logIn(server);
    expect((await client.download('RETR file')).bytes.equals(content)).toBe(true);
    expect(await client.upload('STOR in/copy', content)).toMatch(/^226/);
    expect((await stored('in/copy')).equals(content)).toBe(true);
    expect(server.sessions()[0]?.dataConnections).toEqual([
      { verb: 'RETR', path: '/file', protocol: version, resumed: true },
      { verb: 'STOR', path: '/in/copy', protocol: version, resumed: true },
    ]);
  });

  test('one that does not resume it gets 522, and the file that it aimed at is left as it was', async () => {
    const client = await ground.logIn(await start());
    for (const line of ['RETR file', 'STOR file', 'APPE file', 'MLSD']) {
      const raw = await client.openData();
      expect(await client.command(line)).toMatch(/^150/);
      await client.secureData(raw, { reuse: false });
      expect(await client.nextReply()).toMatch(/^522/);
    }
    expect((await stored('file')).equals(content)).toBe(true);
    expect(ground.events.filter(({ kind }) => kind === 'session_not_resumed')).toHaveLength(4);
  });

  test("a session of another control connection does not count: it is not this one's", async () => {
    const server = await start();
    const [mine, other] = [await ground.logIn(server), await ground.logIn(server)];
    const raw = await mine.openData();
    expect(await mine.command('RETR file')).toMatch(/^150/);
    await other.secureData(raw);
    expect(await mine.nextReply()).toMatch(/^522/);
  });

  test('without the rule a fresh session is served too', async () => {
    const client = await ground.logIn(await start({ requireSessionReuse: false }));
    const raw = await client.openData();
    await client.command('STOR in/fresh');
    const secure = await client.secureData(raw, { reuse: false });
    secure.end('fresh');
    expect(await client.nextReply()).toMatch(/^226/);
    expect((await stored('in/fresh')).toString()).toBe('fresh');
  });

  test.each([0, 1, 2, 700_001])(
    'an upload of %d bytes cut off without close_notify is no success',
    async (sent) => {
      const client = await ground.logIn(await start());
      const raw = await client.openData();
      await client.command('STOR in/cut');
      const secure = await client.secureData(raw);
      if (sent > 0) await new Promise((resolve) => secure.write(content.subarray(0, sent), resolve));
      // The last bytes of the handshake leave a moment after it is done.
      await wait(20);
      raw.end();
      expect(await client.nextReply()).toMatch(/^426 .*close_notify/);
      expect((await stored('in/cut')).length).toBe(sent);
      expect(ground.events.map(({ kind }) => kind)).toContain('upload_truncated');
      expect(await client.command('NOOP')).toMatch(/^200/);
    },
  );

  test.each([0, 1, 2, 700_001])(
    'an upload of %d bytes that ends as TLS wants it is a success',
    async (sent) => {
      const client = await ground.logIn(await start());
      for (let n = 0; n < 5; n += 1) {
        expect(await client.upload('STOR in/whole', content.subarray(0, sent))).toMatch(/^226/);
        expect((await stored('in/whole')).length).toBe(sent);
      }
    },
  );

  test('a client that goes away in the middle of the handshake is a 425', async () => {
    const client = await ground.logIn(await start());
    const raw = await client.openData();
    await client.command('STOR in/never');
    raw.end(Buffer.from([22, 3, 1, 0, 200, 1]));
    expect(await client.nextReply()).toMatch(/^425 TLS on the data connection failed/);
  });

  test('an upload that is reset is a 426', async () => {
    const client = await ground.logIn(await start());
    const raw = await client.openData();
    await client.command('STOR in/reset');
    const secure = await client.secureData(raw);
    await new Promise((resolve) => secure.write(content.subarray(0, 1000), resolve));
    raw.resetAndDestroy();
    expect(await client.nextReply()).toMatch(/^426/);
  });
});

test('REST counts for one transfer; RETR, STOR and APPE go on from where they are told', async () => {
  const client = await ground.logIn(await ground.start());
  await client.command('REST 999990');
  expect((await client.download('RETR file')).bytes.length).toBe(10);
  expect((await client.download('RETR file')).bytes.length).toBe(content.length);
  await client.upload('STOR in/a', Buffer.from('0123456789'));
  await client.command('REST 4');
  expect(await client.upload('STOR in/a', Buffer.from('AB'))).toMatch(/^226/);
  expect((await stored('in/a')).toString()).toBe('0123AB');
  expect(await client.upload('APPE in/a', Buffer.from('!'))).toMatch(/^226/);
  expect((await stored('in/a')).toString()).toBe('0123AB!');
  await client.command('REST 5000000');
  expect((await client.download('RETR file')).last).toMatch(/^554/);
  await client.command('REST 99');
  expect(await client.upload('STOR in/a', Buffer.from('x'))).toMatch(/^554/);
  expect((await stored('in/a')).toString()).toBe('0123AB!');
});

test('ABOR ends a transfer with 426 and 226, and the session goes on', async () => {
  await writeFile(join(ground.root, 'large'), Buffer.alloc(50_000_000));
  const client = await ground.logIn(await ground.start());
  const raw = await client.openData();
  await client.command('RETR large');
  // Never read: the server is held back until it is told to stop.
  await client.secureData(raw);
  await wait(100);
  expect(await client.command('ABOR')).toMatch(/^426/);
  expect(await client.nextReply()).toMatch(/^226/);
  expect((await client.download('RETR file')).bytes.length).toBe(content.length);
});

test('a client that stops reading is given up, and a control connection that goes away ends its transfer', async () => {
  await writeFile(join(ground.root, 'large'), Buffer.alloc(50_000_000));
  const server = await ground.start({ limits: { stallTimeoutMs: 1500 } });
  const client = await ground.logIn(server);
  const raw = await client.openData();
  await client.command('RETR large');
  await client.secureData(raw);
  expect(await client.nextReply()).toMatch(/^426 No data moved/);
  const second = await client.openData();
  await client.command('RETR large');
  const secure = await client.secureData(second);
  client.stream.destroy();
  secure.resume();
  await once(secure, 'end');
  expect(server.sessions()).toHaveLength(0);
});

test('a passive port that nobody uses is a 425, and a second connection to it is turned away', async () => {
  const client = await ground.logIn(await ground.start({ limits: { acceptTimeoutMs: 1500 } }));
  await client.command('EPSV');
  expect(await client.command('RETR file')).toMatch(/^425/);
  const raw = await client.openData();
  await wait(50);
  const thief = connectTcp(raw.remotePort ?? 0, '127.0.0.1');
  const [error] = (await once(thief, 'error')) as [NodeJS.ErrnoException];
  expect(['ECONNREFUSED', 'ECONNRESET']).toContain(error.code);
});

test('passive ports stay in their range, and a used up range is a 425', async () => {
  // Below the ports that clients are given; somebody may be on one of them all the same.
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(15_000, 32_000);
    const server = await ground.start({ passivePorts: { from: port, to: port } });
    const [one, two] = [await ground.logIn(server), await ground.logIn(server)];
    const answer = await one.command('EPSV');
    if (answer.startsWith('425') && tries < 10) continue;
    expect(answer).toContain(`(|||${port}|)`);
    expect(await two.command('PASV')).toMatch(/^425/);
    expect(await one.command('PASV')).toContain(`(127,0,0,1,${port >> 8},${port & 255})`);
    return;
  }
});

test('memory stays flat while much more than memory is not read', async () => {
  await writeFile(join(ground.root, 'large'), Buffer.alloc(200_000_000));
  const client = await ground.logIn(await ground.start());
  const raw = await client.openData();
  await client.command('RETR large');
  const secure = await client.secureData(raw);
  let bytes = 0;
  // Flowing has begun, and nothing is taken out.
  await once(secure, 'readable');
  const before = process.memoryUsage().rss;
  await wait(500);
  expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  secure.on('data', (chunk: Buffer) => (bytes += chunk.length));
  expect(await client.nextReply()).toMatch(/^226/);
  if (!secure.readableEnded) await once(secure, 'end');
  expect(bytes).toBe(200_000_000);
});
