/** How data connections come about: in passive and active mode, and through proxies. */
import assert from 'node:assert/strict';
import { startHttpConnectProxy } from '@waybill/testing/proxies/http-connect-proxy.js';
import { startSocks5Proxy } from '@waybill/testing/proxies/socks5-proxy.js';
import { Secret } from '@waybill/vault/secret.js';
import type { Feature, Ground } from './feature.js';
import { tryBasics } from './try-basics.js';
import { said } from '../test-support/said.js';

export const dataConnections = {
  epsv: {
    title: 'EPSV',
    async run({ open }) {
      const transport = await open({ settings: { dataMode: 'epsv' } });
      await tryBasics(transport);
      assert.ok(said(transport, 'server').some((text) => text.startsWith('229')));
    },
  },
  pasv: {
    title: 'PASV',
    async run({ open }) {
      const transport = await open({ settings: { dataMode: 'pasv' } });
      expectSaidNothing(said(transport, 'us'), 'EPSV');
      await tryBasics(transport);
      assert.ok(said(transport, 'server').some((text) => text.startsWith('227')));
    },
  },
  pasvBehindNat: {
    title: 'PASV with an address that leads nowhere',
    needs: { passiveAddress: '203.0.113.9' },
    async run({ open }) {
      const transport = await open({ settings: { dataMode: 'pasv' } });
      await tryBasics(transport);
      assert.ok(said(transport, 'server').some((text) => text.includes('203,0,113,9')));
    },
  },
  active: {
    title: 'Active mode',
    only: 'not played',
    async run({ open }) {
      const transport = await open({ settings: { dataMode: 'active' } });
      await tryBasics(transport);
      assert.ok(said(transport, 'us').some((text) => /^(EPRT|PORT) /.test(text)));
    },
  },
  httpConnect: {
    title: 'Through an HTTP proxy (CONNECT)',
    only: 'not played',
    run: (ground) => throughProxy(ground, 'http_connect', startHttpConnectProxy),
  },
  socks5: {
    title: 'Through a SOCKS5 proxy',
    only: 'not played',
    run: (ground) => throughProxy(ground, 'socks5', startSocks5Proxy),
  },
} satisfies Record<string, Feature>;

/** Control and data connections, with a login at the proxy. */
async function throughProxy(
  { open, partner }: Ground,
  kind: 'http_connect' | 'socks5',
  startProxy: typeof startSocks5Proxy,
): Promise<void> {
  const login = { username: 'waybill', password: 'through, please' };
  const proxy = await startProxy({ login });
  try {
    const transport = await open({
      settings: { proxy: { kind, host: proxy.host, port: proxy.port, resolvesNames: false } },
      proxyLogin: { username: login.username, password: new Secret(login.password) },
    });
    await tryBasics(transport);
    await transport.close();
    const ports = proxy.opened.map(({ port }) => port);
    assert.equal(ports[0], partner.endpoint.port);
    assert.ok(ports.length > 3, 'the data connections went past the proxy');
  } finally {
    await proxy.stop();
  }
}

function expectSaidNothing(lines: string[], start: string): void {
  assert.deepEqual(
    lines.filter((text) => text.startsWith(start)),
    [],
  );
}
