/** What the endpoint says of TLS: versions, names, ALPN, resumption, and mutual TLS. */
import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { getTestPki } from '@waybill/testing/pki.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { Secret } from '@waybill/vault/secret.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { assertFails } from '../test-support/assert-fails.js';
import { open, ownTls, start } from '../test-support/hostile-partner.js';
import { quiet } from '../test-support/open-for-test.js';
import { openOn, roundTrip, running } from '../test-support/real-session.js';
import { said } from '../test-support/said.js';
import { watchHello } from '../test-support/watch-hello.js';

const REAL = [
  ['vsftpd', startVsftpd],
  ['ProFTPD', startProftpd],
] as const;

test('the newest TLS that is offered is that of the endpoint', async () => {
  const transport = await openOn(await running(startVsftpd()), { settings: { tlsMaxVersion: 'TLSv1.2' } });
  await roundTrip(transport);
  expect(transport.record().connection).toMatchObject({
    control: { protocol: 'TLSv1.2' },
    data: { protocol: 'TLSv1.2', resumed: true },
  });
});

describe('what the handshake says', () => {
  test('is the name and the protocol, and neither where the endpoint does not want it', async () => {
    const server = await start({ mode: 'implicit' });
    const hellos: string[] = [];
    const watched = await watchHello(server.port, (hello) => hellos.push(hello.toString('latin1')));
    const named = { serverName: 'localhost', protocol: 'ftps_implicit' } as const;
    const both = await open({ port: watched.port }, named);
    await both.close();
    const neither = await open(
      { port: watched.port },
      { ...named, settings: { sendServerName: false, sendAlpn: false } },
    );
    await neither.close();
    expect(hellos[0]).toContain('localhost');
    expect(hellos[0]).toContain('\u0000\u0010\u0000\u0006\u0000\u0004\u0003ftp');
    expect(hellos[1]).not.toContain('localhost');
    expect(hellos[1]).not.toContain('\u0003ftp');
  });
});

describe('resumption of TLS sessions', () => {
  test.each(REAL)('off offers none, which %s refuses unless it is told otherwise', async (_name, how) => {
    const strict = await openOn(await running(how()), { settings: { tlsResumption: 'off' } });
    // vsftpd says 522, ProFTPD 425: both before anything was moved.
    const error = await assertFails(strict.list('/'), 'setting_refused');
    expect(error.message).toMatch(/“(?:522|425) .*TLS session resumption set to off: set it to preferred/);
    const server = await running(how({ requireSessionReuse: false }));
    const transport = await openOn(server, { settings: { tlsResumption: 'off' } });
    await roundTrip(transport);
    expect(transport.record().connection.data).toMatchObject({ resumed: false });
  });

  test('required is met by a server that resumes', async () => {
    const transport = await openOn(await running(startProftpd()), {
      settings: { tlsResumption: 'required' },
    });
    await roundTrip(transport);
  });

  test('required moves nothing where the server hands out no session', async () => {
    const server = await start({ requireSessionReuse: false, tls: { ...ownTls(), offerResumption: false } });
    const preferred = await open(server);
    await roundTrip(preferred);
    const transport = await open(server, { settings: { tlsResumption: 'required' } });
    const read: Buffer[] = [];
    const reading = transport.read('/trip.bin', (chunk) => void read.push(chunk), { signal: quiet });
    const error = await assertFails(reading, 'protection_refused');
    expect(error.message).toMatch(/did not resume the TLS session.*Ask the partner/);
    expect(read).toEqual([]);
    expect(transport.usable).toBe(false);
  });
});

describe.each(REAL)('mutual TLS on %s', (_name, how) => {
  const withCertificate = async (
    kind: 'good' | 'foreign',
  ): Promise<Pick<FtpsEndpoint, 'clientCertificate'>> => {
    const pki = await getTestPki();
    const { keyPem, certificatePem } = kind === 'good' ? await pki.client() : await pki.server('unknown-ca');
    return { clientCertificate: { certificatePem, keyPem: new Secret(keyPem) } };
  };

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('takes our certificate under %s', async (tlsMaxVersion) => {
    const server = await running(how({ requireClientCertificate: true }));
    const transport = await openOn(server, {
      ...(await withCertificate('good')),
      settings: { tlsMaxVersion },
    });
    await roundTrip(transport);
    const { clientCertificateSha256, control } = transport.record().connection;
    expect(control).toMatchObject({ protocol: tlsMaxVersion });
    expect(clientCertificateSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  // The alert of TLS 1.2 for it (handshake_failure) stands for much else too.
  test.each([
    ['TLSv1.2', 'tls_failed'],
    ['TLSv1.3', 'client_certificate_refused'],
  ] as const)('says what is missing without one under %s', async (tlsMaxVersion, kind) => {
    const server = await running(how({ requireClientCertificate: true }));
    const error = await assertFails(openOn(server, { settings: { tlsMaxVersion } }), kind);
    expect(error.message).toMatch(/client certificate/);
    expect(error.step).toBe('tls');
    expect(error.record?.dialogue.map(({ text }) => text)).not.toContain('PASS ****');
  });

  test('says that a certificate of another CA is not taken', async () => {
    const server = await running(how({ requireClientCertificate: true }));
    const error = await assertFails(
      openOn(server, await withCertificate('foreign')),
      'client_certificate_refused',
    );
    expect(error.message).toMatch(/client certificate/);
  });
});

test('a client certificate is not shown with the key of another, nor used for another endpoint', async () => {
  const pki = await getTestPki();
  const [client, other] = [await pki.client(), await pki.server('good')];
  const server = await running(startVsftpd({ requireClientCertificate: true }));
  const mixed = { certificatePem: client.certificatePem, keyPem: new Secret(other.keyPem) };
  const error = await assertFails(openOn(server, { clientCertificate: mixed }), 'secret_unavailable');
  expect(error.message).toContain('do not belong together');
  const clientCertificate = { certificatePem: client.certificatePem, keyPem: new Secret(client.keyPem) };
  await openOn(server, { clientCertificate });
  await assertFails(openOn(server), 'client_certificate_refused');
});

test('TCP shows that it lives after as many idle seconds as the endpoint says', async () => {
  const server = await running(startVsftpd());
  for (const [tcpKeepAliveSeconds, timer] of [
    [40, /^02:/],
    [0, /^00:/],
  ] as const) {
    const transport = await openOn(server, { settings: { tcpKeepAliveSeconds } });
    const row = await timerOf(`[0-9A-F]{8}:[0-9A-F]{4} ${loopback(server.port)}`);
    expect(row).toMatch(timer);
    // In hundredths of a second; it has only just begun.
    if (tcpKeepAliveSeconds > 0) expect(parseInt(row.slice(3), 16)).toBeGreaterThan(3500);
    if (tcpKeepAliveSeconds > 0) expect(parseInt(row.slice(3), 16)).toBeLessThanOrEqual(4000);
    await transport.close();
  }
});

test('TCP shows that a data connection lives in active mode too', async () => {
  const server = await running(startVsftpd());
  const settings = { dataMode: 'active', tcpKeepAliveSeconds: 40 } as const;
  const transport = await openOn(server, { settings });
  let timer = 'none';
  async function* slowly(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(9);
    const port = Number(/EPRT .*\|(\d+)\|/.exec(said(transport).join())?.[1]);
    const until = performance.now() + 5000;
    // Until the server has confirmed the first bytes another timer runs.
    while (!timer.startsWith('02:') && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      timer = await timerOf(`${loopback(port)} 0100007F:[0-9A-F]{4}`);
    }
  }
  await transport.write('/slow.bin', slowly(), { signal: quiet });
  expect(timer).toMatch(/^02:/);
  expect(parseInt(timer.slice(3), 16)).toBeLessThanOrEqual(4000);
});

/** 127.0.0.1 and the port as in /proc/net/tcp. */
function loopback(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The timer of the established connection with these ends, as in /proc/net/tcp: kind and time left. */
async function timerOf(ends: string): Promise<string> {
  const table = await readFile('/proc/net/tcp', 'utf8');
  const row = table.split('\n').find((line) => new RegExp(`^ *\\d+: ${ends} 01 `).test(line));
  return row?.trim().split(/ +/)[5] ?? 'none';
}
