/** Sessions through HTTP and SOCKS5 proxies, on real servers; what proxies answer that is not a yes. */
import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { type ForwardProxy, type ForwardProxyOptions } from '@waybill/testing/proxies/forward-proxy.js';
import { startHttpConnectProxy } from '@waybill/testing/proxies/http-connect-proxy.js';
import { startSocks5Proxy } from '@waybill/testing/proxies/socks5-proxy.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startPyftpdlib } from '@waybill/testing/servers/pyftpdlib.js';
import { runCurl } from '@waybill/testing/servers/run-curl.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { Secret } from '@waybill/vault/secret.js';
import { assertFails } from './test-support/assert-fails.js';
import { findClosedPort } from './test-support/find-closed-port.js';
import { IMPATIENT, endpoint, start, toEnd } from './test-support/hostile-partner.js';
import { type EndpointChanges, LOOPBACK, openForTest } from './test-support/open-for-test.js';
import { openOn, roundTrip, running } from './test-support/real-session.js';
import { said } from './test-support/said.js';
import type { TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

const KINDS = [
  ['http_connect', startHttpConnectProxy],
  ['socks5', startSocks5Proxy],
] as const;
type Kind = (typeof KINDS)[number][0];

const LOGIN = { username: 'waybill', password: 'pröxy secret' };

async function proxy(
  how: (options?: ForwardProxyOptions) => Promise<ForwardProxy>,
  options?: ForwardProxyOptions,
): Promise<ForwardProxy> {
  const started = await how(options);
  toEnd.push(() => started.stop());
  return started;
}

function through(kind: Kind, { port }: { port: number }, resolvesNames = false): EndpointChanges {
  return { settings: { proxy: { kind, host: '127.0.0.1', port, resolvesNames } } };
}

/** Something that answers each client with these bytes, piece by piece. */
async function answeringWith(...pieces: (Buffer | string)[]): Promise<{ port: number }> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client.on('error', () => client.destroy()));
    client.once('data', async () => {
      for (const piece of pieces) {
        client.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  toEnd.push(async () => {
    for (const client of clients) client.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port };
}

describe.each(KINDS)('a proxy by %s', (kind, how) => {
  test.each([
    ['vsftpd, explicit', () => startVsftpd()],
    ['ProFTPD, implicit', () => startProftpd({ mode: 'implicit' })],
    ['pyftpdlib, explicit', () => startPyftpdlib()],
  ])('passes control and data connections to %s', async (_name, startServer) => {
    const server = await running(startServer());
    const via = await proxy(how);
    const transport = await openOn(server, through(kind, via));
    await roundTrip(transport);
    expect(via.opened[0]).toEqual({ host: '127.0.0.1', port: server.port });
    // Two files there and back, and a listing.
    expect(via.opened).toHaveLength(6);
    expect(transport.record().connection).toMatchObject({
      address: `127.0.0.1:${server.port}`,
      proxy: { kind, address: `127.0.0.1:${via.port}` },
      data: { resumed: true },
    });
  });

  test('is told a login, and says so where it is wrong', async () => {
    const server = await running(startVsftpd());
    const via = await proxy(how, { login: LOGIN });
    const login = (password: string) => ({
      proxyLogin: { username: LOGIN.username, password: new Secret(password) },
    });
    await roundTrip(await openOn(server, { ...through(kind, via), ...login(LOGIN.password) }));
    for (const changes of [login('wrong-Secret'), {}]) {
      const error = await assertFails(openOn(server, { ...through(kind, via), ...changes }), 'login_refused');
      expect(error.message).toMatch(/Check the user name and password for the proxy/);
      expect(JSON.stringify([error.message, error.record])).not.toContain('wrong-Secret');
      expect(error.step).toBe('connect');
    }
  });

  test('that does not let us through says why, on both connections', async () => {
    const server = await running(startVsftpd());
    const closed = await proxy(how, { admits: () => false });
    const error = await assertFails(openOn(server, through(kind, closed)), 'proxy_failed');
    expect(error.message).toMatch(
      /it (answered “HTTP\/1\.1 403 Filtered”|says that its rules do not allow it \(2\))\. Ask whoever runs the proxy/,
    );
    const controlOnly = await proxy(how, { admits: (_host, port) => port === server.port });
    const transport = await openOn(server, through(kind, controlOnly));
    const failure = await assertFails(transport.list('/'), 'proxy_failed');
    expect(failure.message).toContain('passive port range');
    // Both ways to ask for a data connection were tried.
    expect(said(transport).slice(-2)).toEqual(['EPSV', 'PASV']);
  });

  test('that cannot reach the server says so', async () => {
    const via = await proxy(how);
    const error = await assertFails(
      openForTest(endpoint({ port: await findClosedPort() }, through(kind, via))),
      'proxy_failed',
    );
    expect(error.message).toMatch(/502 Bad Gateway|refused the connection \(5\)/);
  });

  test('that is not there, or silent, or closes, is named', async () => {
    const gone = through(kind, { port: await findClosedPort() });
    const error = await assertFails(openForTest(endpoint({ port: 21 }, gone)), 'proxy_failed');
    expect(error.message).toMatch(/^The proxy 127\.0\.0\.1:\d+ could not be reached: /);
    const silent = await answeringWith();
    const quiet = { ...through(kind, silent), connectTimeoutMs: 1000 };
    const failure = await assertFails(openForTest(endpoint({ port: 21 }, quiet)), 'proxy_failed');
    expect(failure.message).toMatch(
      /it gave no answer within 1 s\. Check the kind, host and port of the proxy/,
    );
  });

  test.each([
    ['nonsense', ['SSH-2.0-OpenSSH_9.2\r\n']],
    ['an answer without end', ['HTTP/1.1 200 OK\r\n', Buffer.alloc(20_000, 'X')]],
    ['an address of a kind that does not exist', [Buffer.from([5, 0]), Buffer.from([5, 0, 0, 9, 1, 1])]],
  ])('that answers with %s is given up on', async (_what, pieces) => {
    const via = await answeringWith(...pieces);
    await assertFails(openForTest(endpoint({ port: 21 }, through(kind, via))), 'proxy_failed');
  });

  test('is refused by the network guard like any other address', async () => {
    const via = await proxy(how);
    const networkAllow = [{ ...LOOPBACK[0]!, fromPort: via.port + 1, toPort: 65_535 }];
    const opening = openForTest(endpoint({ port: 65_000 }, through(kind, via)), { networkAllow });
    await assertFails(opening, 'address_refused');
    expect(via.opened).toEqual([]);
  });

  test('is not asked for an address that may not be dialled, nor for a name that stands for one', async () => {
    const via = await proxy(how);
    const networkAllow = [{ ...LOOPBACK[0]!, fromPort: via.port, toPort: via.port }];
    for (const [host, resolvesNames] of [
      ['127.0.0.1', false],
      ['127.0.0.1', true],
      ['localhost', false],
      ['localhost', true],
      ['a.localhost', true],
      ['127.1', true],
      ['2130706433', true],
      ['0x7f000001', true],
      ['::ffff:10.0.0.1', true],
      ['partner.test:80 HTTP/1.1\r\nX: y', true],
      ['partner.test\r\n', true],
      ['user@partner.test', true],
    ] as const) {
      const changes = { ...through(kind, via, resolvesNames), host };
      await assertFails(openForTest(endpoint({ port: 21 }, changes), { networkAllow }), 'address_refused');
    }
    expect(via.opened).toEqual([]);
  });

  test('looks names up only where the endpoint says so', async () => {
    const server = await running(startVsftpd());
    const via = await proxy(how, { names: { 'partner.test': '127.0.0.1' } });
    const named = { host: 'partner.test', serverName: 'localhost' };
    await assertFails(openOn(server, { ...through(kind, via), ...named }), 'name_not_resolved');
    const transport = await openOn(server, { ...through(kind, via, true), ...named });
    await roundTrip(transport);
    expect(via.opened.map(({ host }) => host)).toEqual(Array(6).fill('partner.test'));
    expect(transport.record().connection.address).toBe(`partner.test:${server.port}`);
    expect(transport.record().timeline.find(({ step }) => step === 'resolve')?.detail).toBe(
      'left to the proxy',
    );
  });

  test('is one that curl takes for a proxy too', async () => {
    const server = await running(startVsftpd());
    const via = await proxy(how, { login: { username: 'u', password: 'p' } });
    const scheme = kind === 'socks5' ? 'socks5h' : 'http';
    const args = ['-x', `${scheme}://u:p@127.0.0.1:${via.port}`, '-p'];
    expect(await runCurl(server, { path: '', args })).toMatchObject({ code: 0 });
    expect(via.opened).toHaveLength(2);
  });
});

test('a cancel ends the wait for a proxy', async () => {
  const silent = await answeringWith();
  const cancel = new AbortController();
  const changes = { ...through('socks5', silent), connectTimeoutMs: 60_000 };
  const opening = openForTest(endpoint({ port: 21 }, changes), { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 100);
  await assertFails(opening, 'cancelled');
});

test('what comes right behind the yes of a proxy belongs to the server', async () => {
  const head = 'HTTP/1.1 200 OK\r\n\r\n220 Hello from behind the pro';
  const via = await answeringWith('HTTP/1.1 100 Continue\r\n\r\n', head, 'xy\r\n');
  const changes = { ...IMPATIENT, ...through('http_connect', via) };
  const error = await assertFails(openForTest(endpoint({ port: 21 }, changes)), 'stalled');
  expect(error.record?.connection.greeting).toBe('220 Hello from behind the proxy');
});

test('what a proxy was told is in no record, whoever it is repeated as', async () => {
  const proxyLogin = { username: LOGIN.username, password: new Secret(LOGIN.password) };
  const pair = Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64');
  const told = `${LOGIN.password} and ${pair}`;
  for (const answer of [
    `HTTP/1.1 407 ${told}\r\n\r\n`,
    `HTTP/1.1 200 OK\r\n\r\n220 ${told}\r\n500 ${told}\r\n`,
  ]) {
    const via = await answeringWith(answer);
    const opening = openForTest(endpoint({ port: 21 }, { ...through('http_connect', via), proxyLogin }));
    const error = await opening.then(
      () => null,
      (failure: TransportError) => failure,
    );
    const kept = JSON.stringify([error?.message, error?.record]);
    expect(kept).toContain('**** and ****');
    for (const secret of [LOGIN.password, pair]) expect(kept).not.toContain(secret);
  }
});

test('active mode is not tried through a proxy', async () => {
  const server = await start();
  const via = await proxy(startSocks5Proxy);
  const { settings } = through('socks5', via);
  const opening: Promise<Transport> = openForTest(
    endpoint(server, { settings: { ...settings, dataMode: 'active' } }),
  );
  const error = await assertFails(opening, 'proxy_failed');
  expect(error.message).toContain('Active mode does not work through a proxy');
});
