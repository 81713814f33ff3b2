/** The same suite and the same faults against four real servers, as they come from Debian. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, X509Certificate } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateKind, getTestPki } from '@waybill/testing/pki.js';
import type { FtpServerOptions, FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startPureFtpd } from '@waybill/testing/servers/pure-ftpd.js';
import { startPyftpdlib } from '@waybill/testing/servers/pyftpdlib.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { Secret } from '@waybill/vault/secret.js';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { moveFile } from '../move-file.js';
import { endpointOf, openForTest, quiet } from '../test-support/open-for-test.js';
import { assertFails, moveRequest, transportSuite } from '../test-support/transport-suite.js';
import { spkiSha256Of } from './tls-trust.js';

type Start = (options: FtpServerOptions) => Promise<FtpTestServer>;

/** Pure-FTPd has no implicit mode, and does not resume the TLS 1.3 sessions of clients built on OpenSSL. */
const SERVERS: {
  name: string;
  start: Start;
  modes: ('explicit' | 'implicit')[];
  resumes13: boolean;
  verification: 'size' | 'server_hash';
}[] = [
  {
    name: 'vsftpd',
    start: startVsftpd,
    modes: ['explicit', 'implicit'],
    resumes13: true,
    verification: 'size',
  },
  {
    name: 'ProFTPD',
    start: startProftpd,
    modes: ['explicit', 'implicit'],
    resumes13: true,
    verification: 'server_hash',
  },
  {
    name: 'Pure-FTPd',
    start: startPureFtpd as Start,
    modes: ['explicit'],
    resumes13: false,
    verification: 'size',
  },
  {
    name: 'pyftpdlib',
    start: startPyftpdlib,
    modes: ['explicit', 'implicit'],
    resumes13: true,
    verification: 'size',
  },
];

const LARGE_BYTES = 300 * 1024 * 1024;
let folder: string;
let largeSha256: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-real-'));
  const file = await open(join(folder, 'large.bin'), 'w');
  const hash = createHash('sha256');
  const block = Buffer.alloc(1024 * 1024);
  for (let index = 0; index < LARGE_BYTES / block.length; index += 1) {
    block.fill(index % 251);
    block.writeUInt32BE(index, 0);
    hash.update(block);
    await file.write(block);
  }
  await file.close();
  largeSha256 = hash.digest('hex');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

for (const { name, start, modes, resumes13, verification } of SERVERS) {
  for (const mode of modes) {
    describe(`${name}, ${mode}`, () => {
      let server: FtpTestServer;
      beforeAll(async () => {
        server = await start({ mode });
      });
      afterAll(() => server.stop());

      for (const { title, run } of transportSuite) {
        test(title, () => run({ open: (signal) => openForTest(endpointOf(server), { signal }) }), 20_000);
      }

      test('moves 300 MiB in each direction', async () => {
        const local = await openForTest({ protocol: 'local_folder', root: folder, rootName: 'files' });
        const remote = await openForTest(endpointOf(server));
        const reopenTarget = (): Promise<never> => Promise.reject(new Error('not needed'));
        const up = await moveFile(
          moveRequest({
            source: local,
            sourcePath: '/large.bin',
            target: remote,
            targetPath: '/up.bin',
            reopenTarget,
          }),
        );
        expect(up).toMatchObject({ bytes: LARGE_BYTES, sha256: largeSha256, verification });
        expect(await sha256OfFile(join(server.root, 'up.bin'))).toBe(largeSha256);
        const down = await moveFile(
          moveRequest({
            source: remote,
            sourcePath: '/up.bin',
            target: local,
            targetPath: '/down.bin',
            reopenTarget,
          }),
        );
        expect(down).toMatchObject({ bytes: LARGE_BYTES, sha256: largeSha256, verification });
        expect((await stat(join(folder, 'down.bin'))).size).toBe(LARGE_BYTES);
        await remote.remove('/up.bin');
        await local.remove('/down.bin');
        await remote.close();
      });

      test('records the steps, the TLS of both connections and a dialogue without the password', async () => {
        const remote = await openForTest(endpointOf(server));
        await remote.list('/');
        const { connection, timeline, dialogue } = remote.record({ drain: true });
        await remote.close();
        expect(timeline.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
          'resolve ok',
          'connect ok',
          'tls ok',
          'login ok',
          'protect ok',
          'list ok',
        ]);
        expect(connection).toMatchObject({
          address: `127.0.0.1:${server.port}`,
          greeting: expect.stringMatching(/^220/),
          control: {
            protocol: 'TLSv1.3',
            resumed: false,
            peerFingerprintSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          },
          data: {
            protocol: 'TLSv1.3',
            resumed: resumes13,
            peerFingerprintSha256: connection.control?.peerFingerprintSha256,
          },
        });
        const said = dialogue.map(({ from, text }) => `${from}: ${text}`).join('\n');
        expect(said).toContain('us: PASS ****');
        expect(said).toContain('us: PROT P');
        expect(said).not.toContain(server.password);
        const afterDrain = remote.record();
        expect([afterDrain.timeline, afterDrain.dialogue[0]?.text]).toEqual([[], 'QUIT']);
      });

      test('says that a folder is not there where a file is to be written into it', async () => {
        const remote = await openForTest(endpointOf(server));
        const writing = remote.write('/no such/folder/.waybill-1.part', emptySource(), { signal: quiet });
        const error = await assertFails(writing, 'not_found');
        expect(error.message).toMatch(/^The server .+\/no such\/folder.*: “550 .+”/);
        expect(error.message).not.toContain('.waybill-');
        // That one answers more often than it is asked, and so may lose the session.
        if (name !== 'pyftpdlib') {
          expect(error.message).toMatch(/^The server has no folder .+ Ask the partner to make it/);
          expect(await remote.stat('/no such file')).toBeNull();
        }
        await remote.close();
      });

      test('says login_refused for a wrong password, and keeps it out of the record', async () => {
        const endpoint = endpointOf(server, { password: new Secret('wrong-Passw0rd') });
        const error = await assertFails(openForTest(endpoint), 'login_refused');
        expect(error.step).toBe('login');
        expect(error.record?.timeline.at(-1)).toMatchObject({ step: 'login', outcome: 'failed' });
        expect(JSON.stringify([error.message, error.record])).not.toContain('wrong-Passw0rd');
      });

      test('says certificate_wrong_host for a name that the certificate does not show', async () => {
        const endpoint = endpointOf(server, { serverName: 'other.example' });
        const error = await assertFails(openForTest(endpoint), 'certificate_wrong_host');
        expect(error.message).toContain('other.example');
        expect(JSON.stringify(error.record?.dialogue)).not.toContain('USER');
      });

      test('says certificate_untrusted when only public CAs are trusted', async () => {
        await assertFails(
          openForTest(endpointOf(server, { trust: { mode: 'system_cas' } })),
          'certificate_untrusted',
        );
      });
    });
  }

  describe(`${name} with certificates that are wrong`, () => {
    const cases: [CertificateKind, FailureKind][] = [
      ['expired', 'certificate_expired'],
      ['wrong-host', 'certificate_wrong_host'],
      ['self-signed', 'certificate_untrusted'],
      ['unknown-ca', 'certificate_untrusted'],
    ];
    for (const [certificate, kind] of cases) {
      test(`refuses the ${certificate} one before it says who we are`, async () => {
        const server = await start({ certificate });
        try {
          const error = await assertFails(openForTest(endpointOf(server)), kind);
          expect(error.step).toBe('tls');
          expect(error.record?.dialogue.map((line) => line.text)).not.toContain(`USER ${server.user}`);
        } finally {
          await server.stop();
        }
      });
    }
  });

  test(`${name} with a pinned key is asked for its name too`, async () => {
    const server = await start({ certificate: 'wrong-host' });
    try {
      const { certificatePem } = await (await getTestPki()).server('wrong-host');
      const spkiSha256 = [spkiSha256Of(new X509Certificate(certificatePem))];
      const pinned = endpointOf(server, { trust: { mode: 'pinned_keys', spkiSha256 } });
      const error = await assertFails(openForTest(pinned), 'certificate_wrong_host');
      expect(error.message).toContain('not for 127.0.0.1 but for partner.invalid.');
      expect(JSON.stringify(error.record?.dialogue)).not.toContain('USER');
      const transport = await openForTest({ ...pinned, serverName: 'partner.invalid' });
      await transport.list('/');
      await transport.close();
    } finally {
      await server.stop();
    }
  });

  describe(`${name} with one TLS version only`, () => {
    for (const tlsVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      test(`speaks ${tlsVersion}`, async () => {
        const server = await start({ tlsVersions: [tlsVersion] });
        try {
          const transport = await openForTest(endpointOf(server));
          for (let index = 0; index < 5; index += 1) {
            await transport.write(`/${index}`, emptySource(), { signal: quiet });
            await transport.read(`/${index}`, () => undefined, { signal: quiet });
          }
          expect(transport.record().connection).toMatchObject({
            control: { protocol: tlsVersion },
            data: { protocol: tlsVersion, resumed: tlsVersion === 'TLSv1.2' || resumes13 },
          });
          await transport.close();
        } finally {
          await server.stop();
        }
      });
    }

    test('is refused when it only speaks an older version than the endpoint asks for', async () => {
      const server = await start({ tlsVersions: ['TLSv1.2'] });
      try {
        const endpoint: FtpsEndpoint = endpointOf(server, { tlsMinVersion: 'TLSv1.3' });
        await assertFails(openForTest(endpoint), 'tls_failed');
      } finally {
        await server.stop();
      }
    });
  });
}

async function* emptySource(): AsyncGenerator<Uint8Array> {
  // Nothing: the file that is hardest to send over a resumed TLS session.
}
