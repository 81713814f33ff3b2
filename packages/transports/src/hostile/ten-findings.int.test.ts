/**
 * Ten ways in which a plain use of basic-ftp 6.2.3 loses data or time, as measured, and what Waybill does on the same
 * server. Where a new version of the library has a finding mended, its half of the test fails: then look again at what
 * is kept because of it.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'basic-ftp';
import { afterDoing, answering, splitAt } from '@waybill/ftps-server/behaviours.js';
import { makeCertificate } from '@waybill/ftps-server/certificates.js';
import type { Script } from '@waybill/ftps-server/script.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { assertFails } from '../test-support/assert-fails.js';
import { endpointOf, openForTest, quiet } from '../test-support/open-for-test.js';
import { megabytes, PASSWORD, Scene } from '../test-support/scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.set();
});
afterEach(() => scene.clear());
afterAll(() => scene.strike());

/** The library as its documentation has it. */
async function plainClient(
  server: { port: number },
  secureOptions: object = { ca: scene.pki.ca.cert },
  host = '127.0.0.1',
): Promise<Client> {
  const client = new Client(5000);
  scene.toEnd.push(async () => client.close());
  await client.access({
    host,
    port: server.port,
    user: 'partner',
    password: PASSWORD,
    secure: true,
    secureOptions,
  });
  return client;
}

function countingSink(): { sink: Writable; bytes: () => number; chunks: () => number } {
  let [bytes, chunks] = [0, 0];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      chunks += 1;
      done();
    },
  });
  return { sink, bytes: () => bytes, chunks: () => chunks };
}

test.each([
  ['vsftpd with require_ssl_reuse', startVsftpd],
  ['ProFTPD as it is by default', startProftpd],
])('1: every data connection resumes the TLS session, on %s', async (_name, start) => {
  for (const tlsVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const server: FtpTestServer = await start({ tlsVersions: [tlsVersion] });
    scene.toEnd.push(() => server.stop());
    const transport = await openForTest(endpointOf(server));
    scene.toEnd.push(() => transport.close());
    for (let turn = 0; turn < 5; turn += 1) {
      await transport.list('/');
      expect(transport.record().connection.data).toMatchObject({ protocol: tlsVersion, resumed: true });
    }
  }
});

test('2: a download cut by FIN succeeds there, and is found here', async () => {
  const script = {
    onDataOpen: () => ({
      cut: { afterBytes: 1_000_000, how: 'fin' as const },
      finalReply: '226 Transfer complete',
    }),
  };
  const server = await scene.serve(script, megabytes(4));
  const { sink, bytes } = countingSink();
  await (await plainClient(server)).downloadTo(sink, 'a.bin');
  expect(bytes()).toBe(1_000_000);
  await assertFails(scene.download(server), 'truncated');
});

test('3: files without a byte do not arrive there over resumed TLS, and do here', async () => {
  const server = await startVsftpd();
  scene.toEnd.push(() => server.stop());
  const { host, port, user, password, caPem: ca } = server;
  const plain = async (turn: number): Promise<boolean> => {
    const client = new Client(2000);
    await client.access({ host, port, user, password, secure: true, secureOptions: { ca } });
    const upload = client.uploadFrom(Readable.from([]), `plain-${turn}`).then(
      () => true,
      () => false,
    );
    // Some of them never end.
    return await Promise.race([upload, sleep(3000, false)]).finally(() => client.close());
  };
  expect(await Promise.all([1, 2, 3, 4].map(plain))).toContain(false);
  const target = await openForTest(endpointOf(server));
  scene.toEnd.push(() => target.close());
  const nothing = async function* (): AsyncGenerator<Buffer> {};
  for (let turn = 0; turn < 20; turn += 1) {
    await target.write(`/ours-${turn}`, nothing(), { signal: quiet });
    expect((await target.stat(`/ours-${turn}`))?.sizeBytes).toBe(0);
  }
});

test('4: a download is handed on in small pieces there, which costs three times the processor time, and in large ones here', async () => {
  const server = await scene.serve({}, megabytes(16));
  const { sink, bytes, chunks } = countingSink();
  await (await plainClient(server)).downloadTo(sink, 'a.bin');
  expect(bytes() / chunks()).toBeLessThanOrEqual(65_536);
  const source = await scene.open(server);
  let ours = 0;
  const read = await source.read('/a.bin', () => void (ours += 1), { signal: quiet });
  expect(read.bytes / ours).toBeGreaterThanOrEqual(131_072);
});

test('5: a size that is split between two reads is another one there, and the right one here', async () => {
  const script = {
    onCommand: answering({ FEAT: '211 No features' }),
    onReply: answering({ SIZE: splitAt('213 100'.length, 200) }),
  };
  const server = await scene.serve(script, Buffer.alloc(1_000_000));
  expect(await (await plainClient(server)).size('a.bin')).toBe(100);
  expect((await (await scene.open(server)).stat('/a.bin'))?.sizeBytes).toBe(1_000_000);
});

test('6: the answer to a NOOP in the middle makes half a file a whole one there, and not here', async () => {
  const script: Script = {
    onDataOpen: () => ({ cut: { afterBytes: 1_000_000, how: 'clean' } }),
    // As ProFTPD and pyftpdlib do, which answer a NOOP at once; here without being asked, so that it always is too early.
    onReply: answering({
      'RETR 226': async (turn) => {
        await turn.send('200 NOOP command successful\r\n');
        await turn.wait(300);
        await turn.send('451 Read error\r\n');
      },
    }),
  };
  const server = await scene.serve(script, megabytes(4));
  const { sink, bytes } = countingSink();
  const client = await plainClient(server);
  await client.downloadTo(sink, 'a.bin');
  expect(bytes()).toBe(1_000_000);
  const source = await scene.open(server);
  await expect(scene.read(source)).rejects.toMatchObject({ name: 'TransportError' });
  expect(source.usable).toBe(false);
});

test('7: after 426 and 226 each answer is that of the command before there, and the session is over here', async () => {
  const script = {
    onReply: answering({ 'RETR 226': '426 Aborted' }),
    onCommand: answering({
      SIZE: afterDoing((turn) => turn.send('226 Closing data connection\r\n')),
    }),
  };
  const server = await scene.serve(script, 'content');
  const client = await plainClient(server);
  await expect(client.downloadTo(countingSink().sink, 'a.bin')).rejects.toThrow(/426/);
  expect((await client.send('SIZE a.bin')).code).toBe(226);
  expect((await client.send('NOOP')).message).toBe('213 7');
  const source = await scene.open(server);
  await assertFails(scene.read(source), 'connection_lost');
  expect(source.usable).toBe(false);
});

test('8: options that are given twice verify the second host against the first name there, and not here', async () => {
  const names = ['127.0.0.1'];
  const tls = await makeCertificate({ commonName: 'x', use: 'server', names, issuer: scene.pki.ca });
  const server = await scene.start({ tls });
  const options: { ca: string; host?: string } = { ca: scene.pki.ca.cert };
  await plainClient(server, options);
  expect(options.host).toBe('127.0.0.1');
  // Not for this name, and accepted.
  await plainClient(server, options, 'localhost');
  await scene.open(server);
  await assertFails(scene.open(server, { host: 'localhost' }), 'certificate_wrong_host');
});

test('9: where the TLS session has expired the file of the final name is emptied there, and stays whole here', async () => {
  const script = {
    // ProFTPD opens the file before it finds out.
    onCommand: answering({
      STOR: async (turn) => {
        await writeFile(join(server.root, turn.argument), '');
        await turn.send('425 Unable to build data connection: Operation not permitted\r\n');
      },
    }),
  };
  const server = await scene.serve(script, 'what the partner has');
  const held = () => readFile(join(server.root, 'a.bin'), 'utf8');
  await assertFails(scene.upload(server, megabytes(1), { ifExists: 'replace' }), 'connection_lost');
  expect(await held()).toBe('what the partner has');
  const client = await plainClient(server);
  await expect(client.uploadFrom(Readable.from(['new']), 'a.bin')).rejects.toThrow(/425/);
  expect(await held()).toBe('');
});

test('10: an upload that is broken off leaves a part under its name there, and nothing here', async () => {
  const server = await scene.start();
  await mkdir(join(server.root, 'plain'));
  const client = await plainClient(server);
  const breakingOff = Readable.from(
    (async function* () {
      yield megabytes(1);
      await new Promise((resolve) => setTimeout(resolve, 300));
      client.close();
      yield megabytes(1);
    })(),
  );
  await expect(client.uploadFrom(breakingOff, 'plain/a.bin')).rejects.toThrow(/closed/i);
  expect(await readdir(join(server.root, 'plain'))).toEqual(['a.bin']);

  const cancel = new AbortController();
  const upload = scene.upload(server, megabytes(32), {
    signal: cancel.signal,
    onProgress: () => cancel.abort(),
  });
  await assertFails(upload, 'cancelled');
  expect(await readdir(server.root)).toEqual(['plain']);
});
