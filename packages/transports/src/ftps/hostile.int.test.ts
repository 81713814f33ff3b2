/** A server that lies, cuts, splits and stalls: what is told, what is left, and that nothing is called delivered. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  answering,
  byteByByte,
  dropInstead,
  silence,
  splitAt,
  thenSend,
} from '@waybill/ftps-server/behaviours.js';
import { makeCertificate } from '@waybill/ftps-server/certificates.js';
import { makePracticePki, type PracticePki } from '@waybill/ftps-server/practice-pki.js';
import type { FtpsServerOptions } from '@waybill/ftps-server/server-options.js';
import { startFtpsServer, type FtpsServer } from '@waybill/ftps-server/start-ftps-server.js';
import { startCuttingProxy } from '@waybill/testing/proxies/cutting-proxy.js';
import { getTestPki } from '@waybill/testing/pki.js';
import { findFreePorts } from '@waybill/testing/servers/find-free-ports.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { Secret } from '@waybill/vault/secret.js';
import { compareDelivered } from '../compare-delivered.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { moveFile, type MoveRequest } from '../move-file.js';
import { openMemory, type MemoryFiles } from '../memory.js';
import { endpointOf, openForTest, quiet } from '../test-support/open-for-test.js';
import { assertFails, moveRequest, transportSuite } from '../transport-suite.js';
import type { Transport } from '../transport.js';
import { spkiSha256Of } from './tls-trust.js';

let folder: string;
let root: string;
let pki: PracticePki;
const toEnd: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-hostile-'));
  pki = await makePracticePki(join(folder, 'pki'));
});
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(options: Partial<FtpsServerOptions> = {}): Promise<FtpsServer> {
  root = await mkdtemp(join(folder, 'root-'));
  const server = await startFtpsServer({
    mode: 'explicit',
    root,
    users: [{ name: 'partner', password: 'correct horse' }],
    tls: pki.server,
    ...options,
    limits: { loginFailureDelayMs: 0, ...options.limits },
  });
  toEnd.push(() => server.close());
  return server;
}

function endpoint(
  server: { port: number; protocol?: FtpsEndpoint['protocol'] },
  changes: Partial<FtpsEndpoint> = {},
): FtpsEndpoint {
  return {
    protocol: server.protocol ?? 'ftps_explicit',
    host: '127.0.0.1',
    port: server.port,
    username: 'partner',
    password: new Secret('correct horse'),
    trust: { mode: 'chosen_cas', caPems: [pki.ca.cert] },
    serverName: null,
    tlsMinVersion: 'TLSv1.2',
    connectTimeoutMs: 1500,
    idleTimeoutMs: 1500,
    ...changes,
  };
}

async function open(server: FtpsServer, changes: Partial<FtpsEndpoint> = {}): Promise<Transport> {
  const transport = await openForTest(endpoint(server, changes));
  toEnd.push(() => transport.close());
  return transport;
}

function memoryWith(bytes: Buffer): { memory: Transport; files: MemoryFiles } {
  const files: MemoryFiles = new Map([['/a.bin', { bytes, modifiedAt: new Date() }]]);
  return { memory: openMemory(files, 'source'), files };
}

async function upload(server: FtpsServer, bytes: Buffer, changes: Partial<MoveRequest> = {}) {
  const target = await open(server);
  const { memory } = memoryWith(bytes);
  return await moveFile(
    moveRequest({
      source: memory,
      sourcePath: '/a.bin',
      target,
      targetPath: '/a.bin',
      reopenTarget: () => open(server),
      ...changes,
    }),
  );
}

async function download(server: FtpsServer): Promise<MemoryFiles> {
  const source = await open(server);
  const { memory, files } = memoryWith(Buffer.alloc(0));
  files.clear();
  await moveFile(
    moveRequest({
      source,
      sourcePath: '/a.bin',
      target: memory,
      targetPath: '/got.bin',
      reopenTarget: async () => memory,
    }),
  ).catch((error: unknown) => {
    expect([...files.keys()]).toEqual([]);
    throw error;
  });
  return files;
}

const megabytes = (count: number): Buffer => Buffer.alloc(count * 1024 * 1024, 'm');

describe('the practice partner', () => {
  for (const mode of ['explicit', 'implicit'] as const) {
    for (const { title, run } of transportSuite) {
      test(`${mode}: ${title}`, async () => {
        const server = await start({ mode });
        await run({ open: (signal) => openForTest(endpoint(server), { signal }) });
      });
    }
  }
});

describe('opening', () => {
  test('stops when PROT P is refused, before a file is asked for or sent', async () => {
    const server = await start({
      script: { onCommand: answering({ PROT: '536 Requested PROT level not supported' }) },
    });
    const error = await assertFails(open(server), 'protection_refused');
    expect(error.step).toBe('protect');
    const commands = error.record?.dialogue
      .filter((line) => line.from === 'us')
      .map((line) => line.text.split(' ')[0]);
    expect(commands).not.toContain('EPSV');
    expect(commands).not.toContain('STOR');
  });

  test('a password that the server repeats gets into no message and no record', async () => {
    const repeating = answering({
      CONNECT: '220 hello correct horse',
      PASS: '530 Login incorrect: "correct horse"',
    });
    const server = await start({ script: { onCommand: repeating } });
    const error = await assertFails(open(server), 'login_refused');
    expect(error.message).toContain('Login incorrect: "****"');
    expect(error.record?.connection.greeting).toContain('hello ****');
    const told = [error.message, JSON.stringify(error.record), inspect(error, { depth: 9 })].join('\n');
    expect(told).not.toContain('correct horse');
  });

  test('stops when PBSZ is refused', async () => {
    const server = await start({ script: { onCommand: answering({ PBSZ: '503 No' }) } });
    await assertFails(open(server), 'protection_refused');
  });

  test('sends nothing in the clear when AUTH TLS is refused', async () => {
    const server = await start({ script: { onCommand: answering({ AUTH: '534 Not here' }) } });
    const error = await assertFails(open(server), 'protection_refused');
    const said = error.record?.dialogue.filter((line) => line.from === 'us').map((line) => line.text);
    expect(said).toEqual(['AUTH TLS', 'QUIT']);
  });

  test('stops when text was put in after the answer to AUTH TLS', async () => {
    const script = {
      onReply: answering({
        AUTH: async (turn) => {
          await turn.send('234 Go ahead\r\n230 You are logged in\r\n');
        },
      }),
    };
    await assertFails(open(await start({ script })), 'protocol_error');
  });

  test('gives up on a greeting that never comes, and on a port that does not speak TLS', async () => {
    const server = await start({ script: { onCommand: answering({ CONNECT: silence }) } });
    await assertFails(open(server), 'stalled');
    const plain = await start();
    await assertFails(openForTest(endpoint({ port: plain.port, protocol: 'ftps_implicit' })), 'tls_failed');
  });

  test('says server_busy for a 421 in place of a greeting', async () => {
    const server = await start({ script: { onCommand: answering({ CONNECT: '421 Too many users' }) } });
    const error = await assertFails(open(server), 'server_busy');
    expect(error.message).toContain('Too many users');
  });

  test('says connect_failed for a closed port and connect_timeout for a silent one', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await assertFails(openForTest(endpoint({ port })), 'connect_failed');
  });

  test('refuses loopback that the allow-list does not name, and a port outside of it', async () => {
    const server = await start();
    const refusedByDefault = openForTest(endpoint(server), { networkAllow: [] });
    const error = await assertFails(refusedByDefault, 'address_refused');
    expect(error.step).toBe('resolve');
    const otherPort = [{ cidr: '127.0.0.1/32', fromPort: server.port + 1, toPort: server.port + 1 }];
    await assertFails(openForTest(endpoint(server), { networkAllow: otherPort }), 'address_refused');
    await assertFails(
      openForTest(endpoint(server, { host: 'localhost' }), { networkAllow: [] }),
      'address_refused',
    );
  });

  test('dials data connections through the guard too', async () => {
    const server = await start();
    const onlyControl = [{ cidr: '127.0.0.1/32', fromPort: server.port, toPort: server.port }];
    const transport = await openForTest(endpoint(server), { networkAllow: onlyControl });
    toEnd.push(() => transport.close());
    await assertFails(transport.list('/'), 'address_refused');
  });

  test('stops at once when cancelled', async () => {
    const server = await start({ script: { onCommand: answering({ USER: silence }) } });
    const cancel = new AbortController();
    const opening = openForTest(endpoint(server, { idleTimeoutMs: 60_000 }), { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 200);
    const started = performance.now();
    await assertFails(opening, 'cancelled');
    expect(performance.now() - started).toBeLessThan(1500);
  });

  test('does not go on with a server that speaks another protocol by ALPN', async () => {
    const server = await start({ mode: 'implicit', tls: { ...pki.server, alpnProtocols: ['http/1.1'] } });
    await assertFails(open(server), 'tls_failed');
  });
});

describe('pinned keys', () => {
  const pinned = (pem: string): FtpsEndpoint['trust'] => ({
    mode: 'pinned_keys',
    spkiSha256: [spkiSha256Of(new X509Certificate(pem))],
  });

  test('are enough without a CA, in hex and in base64, and the data connection resumes', async () => {
    const { keyPem, certificatePem } = await (await getTestPki()).server('self-signed');
    const server = await start({ tls: { key: keyPem, cert: certificatePem } });
    const pin = spkiSha256Of(new X509Certificate(certificatePem));
    for (const text of [pin, Buffer.from(pin, 'hex').toString('base64')]) {
      const trust = { mode: 'pinned_keys' as const, spkiSha256: ['00'.repeat(32), text] };
      const transport = await open(server, { trust });
      await transport.list('/');
      expect(transport.record().connection.data?.resumed).toBe(true);
    }
  });

  test('do not make up for a certificate that has expired', async () => {
    const expired = await (await getTestPki()).server('expired');
    const server = await start({ tls: { key: expired.keyPem, cert: expired.certificatePem } });
    await assertFails(open(server, { trust: pinned(expired.certificatePem) }), 'certificate_expired');
  });

  test('do not make up for another name, which has to be stated', async () => {
    const { keyPem, certificatePem } = await (await getTestPki()).server('wrong-host');
    const server = await start({ tls: { key: keyPem, cert: certificatePem } });
    const trust = pinned(certificatePem);
    const error = await assertFails(open(server, { trust }), 'certificate_wrong_host');
    expect(error.message).toMatch(/not for 127\.0\.0\.1 but for partner\.invalid\. .*state its name/);
    expect(JSON.stringify(error.record?.dialogue)).not.toContain('USER');
    const transport = await open(server, { trust, serverName: 'partner.invalid' });
    await transport.list('/');
    expect(transport.record().connection).toMatchObject({
      serverName: 'partner.invalid',
      data: { resumed: true },
    });
  });

  test('take the common name of a certificate without other names, unless it is an address', async () => {
    const named = await makeCertificate({ commonName: 'ftp.partner.invalid', use: 'server' });
    const server = await start({ tls: named });
    const trust = pinned(named.cert);
    const error = await assertFails(open(server, { trust }), 'certificate_wrong_host');
    expect(error.message).toContain('but for ftp.partner.invalid.');
    await open(server, { trust, serverName: 'ftp.partner.invalid' });

    const nameless = await makeCertificate({ commonName: '127.0.0.1', use: 'server' });
    const other = await start({ tls: nameless });
    const refusal = await assertFails(
      open(other, { trust: pinned(nameless.cert) }),
      'certificate_wrong_host',
    );
    expect(refusal.message).toContain('carries no name that can be checked');
  });

  test('say of a server with many names only some', async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `host-${index}.partner.invalid`);
    const many = await makeCertificate({ commonName: 'many', use: 'server', names });
    const server = await start({ tls: many });
    const error = await assertFails(open(server, { trust: pinned(many.cert) }), 'certificate_wrong_host');
    expect(error.message).toContain('host-0.partner.invalid, host-1.partner.invalid');
    expect(error.message.length).toBeLessThan(500);
  });

  test('refuse every other key, and tell which one was shown', async () => {
    const server = await start();
    const trust = { mode: 'pinned_keys' as const, spkiSha256: ['11'.repeat(32)] };
    const error = await assertFails(open(server, { trust }), 'certificate_untrusted');
    expect(error.message).toContain(spkiSha256Of(new X509Certificate(pki.server.cert)));
    expect(JSON.stringify(error.record?.dialogue)).not.toContain('PASS');
  });
});

describe('downloads that are not whole', () => {
  test('a data connection cut by FIN is found although the server says 226', async () => {
    for (const how of ['fin', 'clean'] as const) {
      const server = await start({
        script: {
          onDataOpen: () => ({ cut: { afterBytes: 3_000_000, how }, finalReply: '226 Transfer complete' }),
        },
      });
      await writeFile(join(root, 'a.bin'), megabytes(8));
      const error = await assertFails(download(server), 'truncated');
      expect(error.message).toContain('of 8388608 bytes');
    }
  });

  test('a reset and a stall are found too', async () => {
    const reset = await start({
      script: { onDataOpen: () => ({ cut: { afterBytes: 3_000_000, how: 'rst' } }) },
    });
    await writeFile(join(root, 'a.bin'), megabytes(8));
    await assertFails(download(reset), 'connection_lost');
    const stalled = await start({
      script: { onDataOpen: () => ({ cut: { afterBytes: 3_000_000, how: 'stall' } }) },
    });
    await writeFile(join(root, 'a.bin'), megabytes(8));
    await assertFails(download(stalled), 'stalled');
  });

  test('more bytes than the file has are no delivery either', async () => {
    const server = await start({
      script: {
        onDataOpen: () => ({
          replaceContent: async function* () {
            yield Buffer.alloc(20);
          },
        }),
      },
    });
    await writeFile(join(root, 'a.bin'), 'ten bytes!');
    await assertFails(download(server), 'size_mismatch');
  });

  test('a file that changes while it is read is found', async () => {
    const server = await start({
      script: {
        onReply: (_session, verb, reply) =>
          verb === 'RETR' && reply.code === 226
            ? async (turn) => {
                await writeFile(join(root, 'a.bin'), 'other text');
                await turn.runDefault();
              }
            : undefined,
      },
    });
    await writeFile(join(root, 'a.bin'), 'some content');
    await assertFails(download(server), 'source_changed');
  });

  test('a server that says complete and then sends nothing more is waited for, not believed', async () => {
    const server = await start({
      script: { onReply: answering({ 'RETR 226': '426 Sorry', MLST: undefined }) },
    });
    await writeFile(join(root, 'a.bin'), 'content');
    await assertFails(download(server), 'connection_lost');
  });

  for (const { name, startServer } of [
    { name: 'vsftpd', startServer: startVsftpd },
    { name: 'ProFTPD', startServer: startProftpd },
  ]) {
    test(`a real ${name} behind a line that is cut is not believed`, async () => {
      const passivePorts = await findFreePorts(5);
      const server = await startServer({ passivePorts });
      toEnd.push(() => server.stop());
      await writeFile(join(server.root, 'a.bin'), megabytes(16), { mode: 0o644 });
      const proxy = await startCuttingProxy(server, {
        channel: 'data',
        direction: 'download',
        afterBytes: 7_000_000,
        how: 'fin',
      });
      toEnd.push(() => proxy.stop());
      const source = await openForTest(endpointOf(server, { host: proxy.host }));
      toEnd.push(() => source.close());
      await assertFails(
        source.read('/a.bin', () => undefined, quiet),
        'truncated',
      );
      expect(proxy.cuts()).toBe(1);
    });
  }
});

describe('uploads that are not whole', () => {
  test('a server that keeps nothing and says 226 is found by the size', async () => {
    const server = await start({
      script: { onDataOpen: (_session, verb) => (verb === 'STOR' ? { discard: true } : undefined) },
    });
    const error = await assertFails(upload(server, megabytes(1)), 'size_mismatch');
    expect(error.move?.temporaryLeft).toBe(false);
    expect(await readdir(root)).toEqual([]);
  });

  test('the words of the server win over a connection that breaks, and nothing is left', async () => {
    const server = await start({
      script: {
        onDataOpen: (_session, verb) =>
          verb === 'STOR'
            ? { cut: { afterBytes: 2_000_000, how: 'rst' }, finalReply: '552 Quota exceeded' }
            : undefined,
      },
    });
    const error = await assertFails(upload(server, megabytes(16)), 'target_full');
    expect(error.message).toContain('Quota exceeded');
    expect(error.move?.temporaryLeft).toBe(false);
    expect(await readdir(root)).toEqual([]);
  });

  test('a server that stops taking bytes is given up on, and the temporary file is removed', async () => {
    let first = true;
    const server = await start({
      script: {
        onDataOpen: (_session, verb) => {
          if (verb !== 'STOR' || !first) return undefined;
          first = false;
          return { cut: { afterBytes: 1_000_000, how: 'stall' } };
        },
      },
    });
    await assertFails(upload(server, megabytes(32)), 'stalled');
    expect(await readdir(root)).toEqual([]);
  });

  test('a hash of the server that differs is found', async () => {
    const other = 'ab'.repeat(32);
    const server = await start({
      script: { onCommand: answering({ HASH: `213 SHA-256 0-3 ${other} x`, XSHA256: `250 ${other}` }) },
    });
    await assertFails(upload(server, Buffer.from('abc')), 'hash_mismatch');
    expect(await readdir(root)).toEqual([]);
  });

  test('a refusal to write says so and keeps the session', async () => {
    const server = await start({ script: { onCommand: answering({ STOR: '553 Could not create file.' }) } });
    const target = await open(server);
    const { memory } = memoryWith(Buffer.from('abc'));
    const request = moveRequest({
      source: memory,
      sourcePath: '/a.bin',
      target,
      targetPath: '/a.bin',
      reopenTarget: () => Promise.reject(new Error('not needed')),
    });
    await assertFails(moveFile(request), 'permission_denied');
    expect(target.usable).toBe(true);
  });

  test('an existing file that a server will not rename over is replaced all the same', async () => {
    let refused = 0;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb !== 'RNTO' || refused > 0) return undefined;
          refused += 1;
          return '550 Cannot create a file when that file already exists.';
        },
      },
    });
    await writeFile(join(root, 'a.bin'), 'old');
    await upload(server, Buffer.from('new'), { ifExists: 'replace' });
    expect(refused).toBe(1);
    expect(await readFile(join(root, 'a.bin'), 'utf8')).toBe('new');
    expect(await readdir(root)).toEqual(['a.bin']);
  });

  test('where the old file had to go first and the new one is refused, the new one stays where it can be found', async () => {
    let asked = 0;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb !== 'RNTO') return undefined;
          asked += 1;
          return asked === 1 ? '550 File already exists.' : '553 Permission denied.';
        },
      },
    });
    await writeFile(join(root, 'a.bin'), 'old');
    const moved = upload(server, Buffer.from('new'), { ifExists: 'replace' });
    const error = await assertFails(moved, 'permission_denied');
    expect(error).toMatchObject({ step: 'rename', move: { temporaryLeft: true } });
    const [left = '', ...others] = await readdir(root);
    expect(others).toEqual([]);
    expect(error.message).toContain(`the new one is under /${left}.`);
    expect(await readFile(join(root, left), 'utf8')).toBe('new');
  });

  test('a rename whose answer is lost is cleared up by looking', async () => {
    let dropped = false;
    const server = await start({
      script: {
        onReply: (_session, verb) => {
          if (verb !== 'RNTO' || dropped) return undefined;
          dropped = true;
          return dropInstead('rst');
        },
      },
    });
    const result = await upload(server, Buffer.from('abc'));
    expect(result.timeline.at(-1)?.detail).toContain('the answer was lost');
    expect(await readdir(root)).toEqual(['a.bin']);
  });

  test('a rename that is lost over the same file leaves no temporary one beside it', async () => {
    let dropped = false;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb !== 'RNTO' || dropped) return undefined;
          dropped = true;
          return dropInstead('rst');
        },
      },
    });
    await writeFile(join(root, 'a.bin'), 'abc');
    await upload(server, Buffer.from('abc'), { ifExists: 'replace' });
    expect(await readdir(root)).toEqual(['a.bin']);
  });

  test('a rename that is lost before it happened is a failure that leaves nothing', async () => {
    let dropped = false;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb !== 'RNTO' || dropped) return undefined;
          dropped = true;
          return dropInstead('rst');
        },
      },
    });
    const error = await assertFails(upload(server, Buffer.from('abc')), 'connection_lost');
    expect(error).toMatchObject({ step: 'rename', move: { temporaryLeft: false } });
    expect(await readdir(root)).toEqual([]);
  });
});

describe('the control connection', () => {
  test('reads replies that come byte by byte', async () => {
    // With a pause after the last byte of its 234, the server would take our handshake for clear text.
    const onReply = (_session: unknown, verb: string) => (verb === 'AUTH' ? splitAt(2) : byteByByte());
    const server = await start({ script: { onReply } });
    await writeFile(join(root, 'a.bin'), Buffer.alloc(1_000_000, 'z'));
    const transport = await open(server);
    expect((await transport.stat('/a.bin'))?.sizeBytes).toBe(1_000_000);
    expect((await transport.read('/a.bin', () => undefined, quiet)).bytes).toBe(1_000_000);
  });

  test('reads a size whose digits are split between two reads', async () => {
    const script = {
      onCommand: answering({ FEAT: '211 No features', MLST: '500 No' }),
      onReply: answering({ SIZE: splitAt(7) }),
    };
    const server = await start({ script });
    await writeFile(join(root, 'a.bin'), Buffer.alloc(1_000_000, 'z'));
    const transport = await open(server);
    expect((await transport.stat('/a.bin'))?.sizeBytes).toBe(1_000_000);
  });

  test('takes only sizes that are sizes', async () => {
    for (const answer of ['213 12abc', '213 -5', '213 99999999999999999999', '213 1e3', '213']) {
      const script = { onCommand: answering({ FEAT: '211 No features', SIZE: answer }) };
      const transport = await open(await start({ script }));
      await writeFile(join(root, 'a.bin'), 'abc');
      expect((await transport.stat('/a.bin'))?.sizeBytes).toBeNull();
      await assertFails(
        transport.read('/a.bin', () => undefined, quiet),
        'protocol_error',
      );
    }
  });

  test('is not used again after two replies to one command', async () => {
    const server = await start({
      script: { onReply: answering({ MDTM: undefined, MLST: thenSend('226 Done again') }) },
    });
    await writeFile(join(root, 'a.bin'), 'abc');
    const transport = await open(server);
    await transport.stat('/a.bin');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(transport.usable).toBe(false);
    await assertFails(transport.stat('/a.bin'), 'connection_lost');
  });

  test('is not used again after a 421', async () => {
    const server = await start({ script: { onCommand: answering({ DELE: '421 Closing' }) } });
    const transport = await open(server);
    await assertFails(transport.remove('/a.bin'), 'server_busy');
    expect(transport.usable).toBe(false);
  });

  test('gives up on a reply that has no end, in a line and in lines', async () => {
    const line = Buffer.alloc(200_000, 'x');
    const lines = Buffer.from(`250-begin\r\n${'250-more and more\r\n'.repeat(20_000)}`);
    for (const endless of [line, lines]) {
      const server = await start({ script: { onCommand: answering({ MLST: endless }) } });
      const transport = await open(server);
      await assertFails(transport.stat('/a.bin'), 'protocol_error');
      expect(transport.usable).toBe(false);
    }
  });

  test('gives up on a reply that drips', async () => {
    const server = await start({ script: { onReply: answering({ MLST: byteByByte(200) }) } });
    await writeFile(join(root, 'a.bin'), 'abc');
    const transport = await open(server);
    const started = performance.now();
    await assertFails(transport.stat('/a.bin'), 'stalled');
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('the passive port', () => {
  test('is dialled at the peer of the control connection, whatever address PASV names', async () => {
    const onReply = (_session: unknown, verb: string, reply: { bytes: Buffer }) =>
      verb === 'PASV'
        ? Buffer.from(reply.bytes.toString().replace(/\((\d+,){4}/, '(169,254,169,254,'))
        : undefined;
    const server = await start({ script: { onReply, onCommand: answering({ EPSV: '500 Unknown' }) } });
    await writeFile(join(root, 'a.bin'), 'abc');
    const transport = await open(server);
    expect((await transport.list('/')).entries).toHaveLength(1);
    expect(transport.usable).toBe(true);
  });

  test('that is no port is refused', async () => {
    for (const answer of ['229 ok (|||0|)', '229 ok (|||70000|)', '229 ok', '227 ok (1,2,3,4,5,6)']) {
      const server = await start({ script: { onCommand: answering({ EPSV: answer, PASV: '500 No' }) } });
      await assertFails((await open(server)).list('/'), 'protocol_error');
    }
  });
});

describe('the data connection', () => {
  test('with another certificate is refused', async () => {
    const { keyPem, certificatePem } = await (await getTestPki()).server('good');
    const tls = { key: keyPem, cert: certificatePem };
    const server = await start({ requireSessionReuse: false, script: { onDataOpen: () => ({ tls }) } });
    const transport = await open(server);
    const error = await assertFails(transport.list('/'), 'certificate_untrusted');
    expect(error.message).toContain('data connection');
  });

  test('in the clear is refused', async () => {
    const server = await start({ script: { onDataOpen: () => ({ tls: 'plain' }) } });
    const transport = await open(server);
    await expect(transport.list('/')).rejects.toMatchObject({ name: 'TransportError' });
    expect(transport.record().connection.data).toBeNull();
  });
});

describe('listings', () => {
  test('keep what is good and name what is not', async () => {
    const lines = [
      'type=file;size=3;modify=20260101120000; good.txt',
      'TYPE=FILE;Size=4; UPPER.TXT',
      'type=file;size=5;modify=99999999999999; bad date.txt',
      'type=file;size=-7;constructor=x;__proto__=y; odd facts.txt',
      'type=file;size=1; ../../etc/passwd',
      'type=file;size=1; /absolute',
      'type=file;size=1; back\\slash',
      'type=file;size=1; bidi\u202etxt.exe',
      'type=file;size=1; null\0byte',
      'no facts at all',
      'type=cdir; .',
      'type=dir; folder',
      'type=OS.unix=slink:/etc; link',
    ];
    const server = await start({ script: { transformListing: () => lines } });
    const { entries, refused } = await (await open(server)).list('/');
    expect(
      entries.map(({ name, kind, sizeBytes, modifiedAt }) => [
        name,
        kind,
        sizeBytes,
        modifiedAt?.toISOString(),
      ]),
    ).toEqual([
      ['good.txt', 'file', 3, '2026-01-01T12:00:00.000Z'],
      ['UPPER.TXT', 'file', 4, undefined],
      ['bad date.txt', 'file', 5, undefined],
      ['odd facts.txt', 'file', null, undefined],
      ['folder', 'folder', null, undefined],
      ['link', 'other', null, undefined],
    ]);
    expect(refused.map(({ shownAs }) => shownAs)).toEqual([
      '../../etc/passwd',
      '/absolute',
      'back\\slash',
      'bidi\\u{202e}txt.exe',
      'null\\u{0}byte',
      'no facts at all',
    ]);
  });

  test('of very many short lines are cut off too', async () => {
    const block = Buffer.from('type=file; a\r\n'.repeat(2000));
    const server = await start({
      script: {
        transformListing: async function* () {
          for (let sent = 0; sent < 260; sent += 1) yield block;
        },
      },
    });
    await assertFails((await open(server)).list('/'), 'listing_too_large');
  });

  test('without end are cut off', async () => {
    const block = Buffer.from('type=file;size=3; name-of-a-file\r\n'.repeat(2000));
    const server = await start({
      script: {
        transformListing: async function* () {
          for (;;) yield block;
        },
      },
    });
    const transport = await open(server);
    await assertFails(transport.list('/'), 'listing_too_large');
    expect(transport.usable).toBe(false);
  });
});

describe('comparing after a crash', () => {
  test('tells delivered, different, partial and absent apart', async () => {
    const server = await start();
    const target = await open(server);
    const bytes = Buffer.from('the content');
    const request = {
      target,
      targetPath: '/a.bin',
      temporaryPath: '/.a.part',
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      signal: quiet,
    };
    expect(await compareDelivered(request)).toBe('not_there');
    await writeFile(join(root, '.a.part'), 'the');
    expect(await compareDelivered(request)).toBe('only_temporary');
    await rm(join(root, '.a.part'));
    await writeFile(join(root, 'a.bin'), 'THE CONTENT');
    expect(await compareDelivered(request)).toBe('different');
    expect(await compareDelivered({ ...request, sha256: null })).toBe('cannot_tell');
    await writeFile(join(root, 'a.bin'), bytes);
    expect(await compareDelivered(request)).toBe('delivered');
    expect(await compareDelivered({ ...request, sizeBytes: 3 })).toBe('different');
  });

  test('reads the file back where the server computes no hash', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: '211 No features' }) } });
    await mkdir(join(root, 'in'));
    await writeFile(join(root, 'in/a.bin'), 'abc');
    const target = await open(server);
    const sha256 = createHash('sha256').update('abc').digest('hex');
    const request = {
      target,
      targetPath: '/in/a.bin',
      temporaryPath: '/in/.a',
      sizeBytes: 3,
      sha256,
      signal: quiet,
    };
    expect(await compareDelivered(request)).toBe('delivered');
    expect(await compareDelivered({ ...request, sha256: 'ef'.repeat(32) })).toBe('different');
  });
});
