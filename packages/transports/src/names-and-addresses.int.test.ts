/** What names lead to, asked of a name server whose answers a stranger may choose, and IPv6. */
import { describe, expect, test } from '@jest/globals';
import { type DnsServer, startDnsServer } from '@waybill/testing/dns-server.js';
import { startHttpConnectProxy } from '@waybill/testing/proxies/http-connect-proxy.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startPyftpdlib } from '@waybill/testing/servers/pyftpdlib.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import type { NetworkAllow } from './network-guard.js';
import { assertFails } from './test-support/assert-fails.js';
import { endpoint, start, toEnd } from './test-support/hostile-partner.js';
import { type EndpointChanges, endpointOf, LOOPBACK, openForTest } from './test-support/open-for-test.js';
import { roundTrip, running } from './test-support/real-session.js';
import { said } from './test-support/said.js';
import type { Transport } from './transport.js';

const LOOPBACK_V6: NetworkAllow = { cidr: '::1/128', fromPort: 1, toPort: 65_535 };

async function names(...how: Parameters<typeof startDnsServer>): Promise<DnsServer> {
  const server = await startDnsServer(...how);
  toEnd.push(() => server.stop());
  return server;
}

async function opened(...how: Parameters<typeof openForTest>): Promise<Transport> {
  const transport = await openForTest(...how);
  toEnd.push(() => transport.close());
  return transport;
}

/** The certificate of the practice partner is for this name. */
const named = (changes: EndpointChanges = {}): EndpointChanges => ({
  host: 'partner.test',
  serverName: 'localhost',
  ...changes,
});

describe('a name', () => {
  test.each([
    '10.0.0.5',
    '127.0.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.5',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    'fd00::5',
    'fe80::1',
  ])('that leads to %s is refused', async (address) => {
    const dns = await names(() => [address]);
    const opening = openForTest(endpoint({ port: 21 }, named()), {
      networkAllow: [],
      lookUpName: dns.lookUp,
    });
    const error = await assertFails(opening, 'address_refused');
    expect(error.message).toContain('partner.test (');
    expect(error.step).toBe('resolve');
    expect(error.record?.connection.address).toBeNull();
  });

  test('that leads to good and bad addresses is dialled at the good ones only', async () => {
    const server = await start();
    const dns = await names(() => ['10.0.0.5', '169.254.169.254', '::ffff:10.0.0.5', '127.0.0.1']);
    const transport = await opened(endpoint(server, named()), { lookUpName: dns.lookUp });
    await roundTrip(transport);
    expect(transport.record().timeline[0]?.detail).toBe('127.0.0.1');
  });

  test('that changes its mind is asked once for a session, and data connections go where that led', async () => {
    const server = await start();
    const dns = await names((_name, times) => (times === 1 ? ['127.0.0.1'] : ['169.254.169.254']));
    const transport = await opened(endpoint(server, named()), { lookUpName: dns.lookUp });
    await roundTrip(transport);
    expect(dns.questions.sort()).toEqual(['partner.test A', 'partner.test AAAA']);
    await assertFails(openForTest(endpoint(server, named()), { lookUpName: dns.lookUp }), 'address_refused');
  });

  test('that nobody answers for is given up on in time', async () => {
    const dns = await names(() => null);
    const opening = openForTest(endpoint({ port: 21 }, named({ connectTimeoutMs: 1000 })), {
      lookUpName: dns.lookUp,
    });
    const error = await assertFails(opening, 'name_not_resolved');
    expect(error.message).toContain('no answer in time');
  });

  test('of a proxy is one like any other, and so is that of the server behind it', async () => {
    const server = await start();
    const via = await startHttpConnectProxy();
    toEnd.push(() => via.stop());
    const proxy = { kind: 'http_connect', host: 'proxy.test', port: via.port, resolvesNames: false } as const;
    const open = async (answers: Record<string, string>) => {
      const dns = await names((name) => [answers[name] ?? '']);
      const opening = openForTest(endpoint(server, named({ settings: { proxy } })), {
        lookUpName: dns.lookUp,
      });
      return { opening, dns };
    };
    for (const answers of [
      { 'proxy.test': '10.0.0.5', 'partner.test': '127.0.0.1' },
      { 'proxy.test': '127.0.0.1', 'partner.test': '10.0.0.5' },
    ])
      await assertFails((await open(answers)).opening, 'address_refused');
    expect(via.opened).toEqual([]);
    const { opening, dns } = await open({ 'proxy.test': '127.0.0.1', 'partner.test': '127.0.0.1' });
    const transport = await opening;
    toEnd.push(() => transport.close());
    await roundTrip(transport);
    expect(dns.questions).toHaveLength(4);
    expect(new Set(via.opened.map(({ host }) => host))).toEqual(new Set(['127.0.0.1']));
  });
});

describe('IPv6', () => {
  test.each([
    ['vsftpd', () => startVsftpd({ host: '::1' })],
    ['ProFTPD', () => startProftpd({ host: '::1', mode: 'implicit' })],
    ['pyftpdlib', () => startPyftpdlib({ host: '::1' })],
  ])(
    'carries control and data connections of %s, passive and active, by EPSV and EPRT alone',
    async (_name, how) => {
      const server = await running(how());
      for (const dataMode of ['auto', 'pasv', 'active'] as const) {
        const transport = await opened(endpointOf(server, { settings: { dataMode } }), {
          networkAllow: [LOOPBACK_V6],
        });
        await roundTrip(transport);
        const asked = said(transport).filter((line) => /^(EPSV|PASV|EPRT|PORT)/.test(line));
        const only = dataMode === 'active' ? /^EPRT \|2\|::1\|\d+\|$/ : /^EPSV$/;
        expect(asked.length).toBeGreaterThan(0);
        for (const line of asked) expect(line).toMatch(only);
        expect(transport.record().connection.address).toBe(`[::1]:${server.port}`);
        await transport.close();
      }
    },
  );

  test('carries a session on the practice partner', async () => {
    const server = await start({ host: '::1' });
    const context = { networkAllow: [LOOPBACK_V6] };
    await roundTrip(await opened(endpoint(server, { host: '::1', serverName: 'localhost' }), context));
  });

  test('is what is dialled where the endpoint says so, and is not where it says IPv4', async () => {
    const [v4, dns] = [await start(), await names(() => ['127.0.0.1', '::1'])];
    const v6 = await start({ host: '::1', port: v4.port });
    const context = { networkAllow: [...LOOPBACK, LOOPBACK_V6], lookUpName: dns.lookUp };
    for (const [ipFamily, address] of [
      ['any', `127.0.0.1:${v4.port}`],
      ['ipv4', `127.0.0.1:${v4.port}`],
      ['ipv6', `[::1]:${v6.port}`],
    ] as const) {
      const transport = await opened(endpoint(v4, named({ settings: { ipFamily } })), context);
      expect(transport.record().connection.address).toBe(address);
    }
    const wrong = endpoint(v4, { settings: { ipFamily: 'ipv6' } });
    const error = await assertFails(openForTest(wrong, context), 'name_not_resolved');
    expect(error.message).toContain('no IPv6 address');
    expect(error.message).not.toContain('spelling');
  });
});
