import { describe, expect, test } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { makeCertificate } from '@waybill/ftps-server/certificates.js';
import { getTestPki } from '@waybill/testing/pki.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { assertFails } from '../test-support/assert-fails.js';
import { open, start, toEnd } from '../test-support/hostile-partner.js';
import { spkiSha256Of } from './tls-trust.js';

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

  test('are told as what they are when they are first seen: no step has failed, nothing is said in between', async () => {
    const { key, cert } = await makeCertificate({
      commonName: '127.0.0.1',
      names: ['127.0.0.1'],
      use: 'server',
    });
    const server = await start({ tls: { key, cert } });
    const transport = await open(server, { trust: pinned(cert) });
    const { timeline, dialogue } = transport.record();
    expect(timeline.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(
      ['resolve', 'connect', 'tls', 'connect', 'tls', 'login', 'protect'].map((step) => `${step} ok`),
    );
    expect(timeline[2]?.detail).toMatch(/learned; connecting again/);
    expect(JSON.stringify(dialogue)).not.toContain('QUIT');
  });

  describe('of several servers with a certificate each', () => {
    const nodes = async (count: number) => {
      const request = { commonName: '127.0.0.1', names: ['127.0.0.1'], use: 'server' as const };
      const { key } = await makeCertificate(request);
      return await Promise.all(Array.from({ length: count }, () => makeCertificate({ ...request, key })));
    };

    test('admit all of them, also when they are first seen at once', async () => {
      const [one, other] = await nodes(2);
      const servers = [await start({ tls: one! }), await start({ tls: other! })];
      const opens = [...servers, ...servers].map((server) => open(server, { trust: pinned(one!.cert) }));
      const transports = await Promise.all(opens);
      for (const transport of transports) await transport.list('/');
      for (const server of servers) {
        const { timeline } = (await open(server, { trust: pinned(one!.cert) })).record();
        expect(timeline.filter(({ step }) => step === 'tls')).toHaveLength(1);
      }
    });

    test('admit them behind one name, where each connection may come to another one', async () => {
      const shown = await nodes(3);
      const server = await start({ tls: shown[0]! });
      const servers = [server, ...(await Promise.all(shown.slice(1).map((tls) => start({ tls }))))];
      let connections = 0;
      const balancer = createServer((client) => {
        const upstream = connect(servers[connections++ % servers.length]!.port, '127.0.0.1');
        client.on('error', () => upstream.destroy()).pipe(upstream);
        upstream.on('error', () => client.destroy()).pipe(client);
      }).listen(0, '127.0.0.1');
      await once(balancer, 'listening');
      toEnd.push(async () => balancer.close());
      await open(balancer.address() as AddressInfo, { trust: pinned(shown[0]!.cert) });
      expect(connections).toBe(4);
    });
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
});
