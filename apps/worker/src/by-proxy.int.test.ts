import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listAttempts } from '@waybill/domain/transfers/transfer-views.js';
import type { ForwardProxy } from '@waybill/testing/proxies/forward-proxy.js';
import { startHttpConnectProxy } from '@waybill/testing/proxies/http-connect-proxy.js';
import { startSocks5Proxy } from '@waybill/testing/proxies/socks5-proxy.js';
import { type Site, openSite, readFolder } from './test-support/site.js';

const LOGIN = { username: 'waybill', password: 'secret of the proxy' };

let site: Site;
const proxies: ForwardProxy[] = [];
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
  await writeFile(join(site.folder, 'out', 'a.csv'), 'content');
});
afterAll(async () => {
  await site.close();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
});

test.each([
  ['http_connect', startHttpConnectProxy],
  ['socks5', startSocks5Proxy],
] as const)('files move through a proxy by %s with the login of the endpoint', async (kind, start) => {
  const [server, proxy] = [await site.scripted(), await start({ login: LOGIN })];
  proxies.push(proxy);
  const { host, port } = proxy;
  const endpoint = await site.server(server, {
    settings: { proxy: { kind, host, port, resolvesNames: false } },
    proxyUsername: LOGIN.username,
    proxyPassword: LOGIN.password,
  });
  const id = await site.start(await site.sendRoute(endpoint));
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded' });
  expect(Object.keys(await readFolder(server.root))).toEqual(['a.csv']);
  expect(proxy.opened[0]).toEqual({ host: '127.0.0.1', port: server.port });
  const { items } = await listAttempts(site.database.app, id, {});
  expect(items[0]?.connections.find(({ side }) => side === 'target')).toMatchObject({
    address: `127.0.0.1:${server.port}`,
    proxy: { kind, address: `127.0.0.1:${port}` },
  });
  expect(JSON.stringify(items)).not.toContain(LOGIN.password);
});

test('a login that the proxy refuses puts the endpoint on hold, and is not repeated', async () => {
  const [server, proxy] = [await site.scripted(), await startSocks5Proxy({ login: LOGIN })];
  proxies.push(proxy);
  const endpoint = await site.server(server, {
    settings: { proxy: { kind: 'socks5', host: proxy.host, port: proxy.port, resolvesNames: false } },
    proxyUsername: LOGIN.username,
    proxyPassword: 'another one',
  });
  const held = await site.waitFor(await site.start(await site.sendRoute(endpoint)), ['held']);
  expect(held).toMatchObject({ failureKind: 'login_refused', tryCount: 1 });
  expect(held.failureText).toContain(`the proxy 127.0.0.1:${proxy.port}`);
  expect(server.loginCount()).toBe(0);
});
