import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { findFreePorts } from '../servers/find-free-ports.js';
import type { FtpTestServer } from '../servers/ftp-test-server.js';
import { startProftpd } from '../servers/proftpd.js';
import { runCurl } from '../servers/run-curl.js';
import { startVsftpd } from '../servers/vsftpd.js';
import { type Cut, startCuttingProxy } from './cutting-proxy.js';
import { startDelayingProxy } from './delaying-proxy.js';
import type { Proxy } from './listen-before.js';
import { startSocks5Proxy } from './socks5-proxy.js';

const bytes = randomBytes(2_000_000);
const hash = sha256(bytes);
const data = { channel: 'data', afterBytes: 600_000 } as const;
let folder: string;
let file: string;
let server: FtpTestServer;
let proxy: Proxy | undefined;

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-proxies-'));
  file = join(folder, 'up.bin');
  await writeFile(file, bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});

async function cutting(cut?: Cut) {
  const started = await startCuttingProxy(server, cut);
  proxy = started;
  return started;
}

describe.each([
  ['vsftpd', startVsftpd],
  ['ProFTPD', startProftpd],
])('a cutting proxy before %s', (_, start) => {
  beforeAll(async () => {
    server = await start({ passivePorts: await findFreePorts(20) });
    await writeFile(join(server.root, 'down.bin'), bytes);
  });
  afterAll(() => server.stop());

  test('passes everything when it is not to cut', async () => {
    const { host, connections } = await cutting();
    const down = await runCurl(server, { host, path: 'down.bin' });
    expect(sha256(down.stdout)).toBe(hash);
    const up = await runCurl(server, { host, path: 'up.bin', args: ['-T', file] });
    expect([up.code, up.stderr]).toEqual([0, '']);
    expect(sha256(await readFile(join(server.root, 'up.bin')))).toBe(hash);
    expect([connections('control'), connections('data')]).toEqual([2, 2]);
  });

  test('ends a download short with FIN while the server believes that all went well; the next one passes', async () => {
    const { host, cuts } = await cutting({ ...data, direction: 'download', how: 'fin' });
    const short = await runCurl(server, { host, path: 'down.bin', args: ['-v', '--ignore-content-length'] });
    expect(short.stdout.length).toBeLessThan(600_000);
    expect(short.stdout.length).toBeGreaterThan(500_000);
    expect(short.stderr).toMatch(/^< 226 /m);
    expect(cuts()).toBe(1);
    const whole = await runCurl(server, { host, path: 'down.bin' });
    expect(sha256(whole.stdout)).toBe(hash);
    expect(cuts()).toBe(1);
  });

  test('resets a download', async () => {
    const { host, cuts } = await cutting({ ...data, direction: 'download', how: 'rst' });
    const { code, stdout } = await runCurl(server, { host, path: 'down.bin' });
    expect(code).not.toBe(0);
    expect(stdout.length).toBeLessThan(600_000);
    expect(cuts()).toBe(1);
  });

  test('lets a download fall silent', async () => {
    const { host, cuts } = await cutting({ ...data, direction: 'download', how: 'black-hole' });
    const { code, stdout } = await runCurl(server, { host, path: 'down.bin', args: ['-m', '5'] });
    expect(code).toBe(28);
    expect(stdout.length).toBeLessThan(600_000);
    expect(cuts()).toBe(1);
  });

  test.each(['fin', 'rst', 'black-hole'] as const)('cuts an upload: %s', async (how) => {
    const { host, cuts } = await cutting({ ...data, direction: 'upload', how, times: 1 });
    const path = `${how}.bin`;
    // Only the silence lasts as long as curl is given.
    await runCurl(server, { host, path, args: ['-T', file, '-m', '5'] });
    expect(cuts()).toBe(1);
    expect((await stat(join(server.root, path))).size).toBeLessThan(600_000);
    const again = await runCurl(server, { host, path: 'whole.bin', args: ['-T', file] });
    expect(again.code).toBe(0);
    expect(sha256(await readFile(join(server.root, 'whole.bin')))).toBe(hash);
  });

  test('cuts the control connection as often as told', async () => {
    const { host, cuts, setCut } = await cutting({
      channel: 'control',
      direction: 'download',
      afterBytes: 1000,
      how: 'rst',
      times: 2,
    });
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await runCurl(server, { host, path: 'down.bin' })).code);
    expect(codes.map((code) => code !== 0)).toEqual([true, true, false]);
    expect(cuts()).toBe(2);
    setCut({ channel: 'control', direction: 'download', afterBytes: 0, how: 'fin' });
    expect((await runCurl(server, { host, path: 'down.bin' })).code).not.toBe(0);
    expect(cuts()).toBe(3);
  });
});

test('a delaying proxy delivers the bytes of a download unchanged, each direction later', async () => {
  server = await startVsftpd({ passivePorts: await findFreePorts(10) });
  await writeFile(join(server.root, 'down.bin'), bytes);
  proxy = await startDelayingProxy(server, 25);
  const startedAt = Date.now();
  const { stdout } = await runCurl(server, { host: proxy.host, path: 'down.bin' });
  expect(sha256(stdout)).toBe(hash);
  // AUTH, TLS, USER, PASS, PBSZ, PROT, PWD, EPSV, TYPE, SIZE, RETR: eleven round trips at the least.
  expect(Date.now() - startedAt).toBeGreaterThan(11 * 50);
  await server.stop();
});

test('a delaying proxy makes a round trip as long as told, and keeps order and end', async () => {
  const { first } = await findFreePorts(2);
  const echo = createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket));
  echo.listen(first, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startDelayingProxy({ port: first, passivePorts: { first: first + 1, last: first + 1 } }, 40);
  const socket = connect({ host: proxy.host, port: proxy.port });
  const startedAt = performance.now();
  socket.write('x');
  await once(socket, 'data');
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeGreaterThanOrEqual(79);
  socket.end(bytes);
  expect(sha256(await readToEnd(socket))).toBe(hash);
  echo.close();
});

test('a stopped proxy has closed its ports and its connections', async () => {
  server = await startVsftpd({ passivePorts: await findFreePorts(2) });
  const { host, port, stop } = await startCuttingProxy(server);
  const open = connect({ host, port });
  await once(open, 'data');
  await Promise.all([once(open, 'close'), stop()]);
  const refused = connect({ host, port });
  const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
  await stop();
  await server.stop();
});

test('a proxy refuses a server with a range too wide to listen on', async () => {
  const ports = { port: 10_000, passivePorts: { first: 10_001, last: 20_000 } };
  await expect(startCuttingProxy(ports)).rejects.toThrow('at most 500 passive ports');
});

test('a SOCKS5 proxy takes a request that comes in pieces', async () => {
  const socks = await startSocks5Proxy();
  const socket = connect({ host: socks.host, port: socks.port });
  socket.write(Buffer.from([5, 2, 1]));
  await sleep(20);
  socket.write(Buffer.from([0]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect([...answer]).toEqual([5, 0]);
  socket.destroy();
  await socks.stop();
});

async function readToEnd(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  await once(socket, 'end');
  await sleep(0);
  return Buffer.concat(pieces);
}
