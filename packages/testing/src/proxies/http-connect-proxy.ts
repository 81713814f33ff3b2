import { connect, type Socket } from 'node:net';
import { type ForwardProxy, type ForwardProxyOptions, joinSockets, listenForward } from './forward-proxy.js';

/** Bytes of a request's head. */
const MAX_HEAD_BYTES = 16 * 1024;

/**
 * Starts an HTTP proxy on loopback that does CONNECT and nothing else (RFC 9110 section 9.3.6), with Basic
 * authentication where a login is given.
 */
export function startHttpConnectProxy(options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  return listenForward(options, async (client, proxy) => {
    const head = await readHead(client);
    const target = /^CONNECT (\[[0-9a-f:.]+\]|[^\s:]+):(\d{1,5}) HTTP\/1\.1\r\n/i.exec(head);
    if (target === null) return void client.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    if (!isLoggedIn(head, options.login)) {
      const answer =
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n';
      return void client.end(answer);
    }
    const host = target[1]!.replace(/^\[|\]$/g, '');
    const port = Number(target[2]);
    if (!proxy.admit(host, port)) return void client.end('HTTP/1.1 403 Filtered\r\n\r\n');
    const server = connect({ host: proxy.lookUp(host), port, allowHalfOpen: true });
    server.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    server.once('connect', () => {
      proxy.note({ host, port });
      client.write('HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n');
      joinSockets(client, server);
    });
  });
}

function isLoggedIn(head: string, login: ForwardProxyOptions['login']): boolean {
  if (login === undefined) return true;
  const given = /^Proxy-Authorization: Basic (\S+)\r$/im.exec(head)?.[1] ?? '';
  return Buffer.from(given, 'base64').toString() === `${login.username}:${login.password}`;
}

/** What comes behind the head stays in the socket. */
function readHead(client: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0);
    const onReadable = (): void => {
      for (let chunk = client.read(); chunk !== null; chunk = client.read())
        held = Buffer.concat([held, chunk as Buffer]);
      const end = held.indexOf('\r\n\r\n');
      if (end < 0 && held.length < MAX_HEAD_BYTES) return;
      client.off('readable', onReadable);
      if (end < 0) return reject(new Error('the head of the request has no end'));
      client.unshift(held.subarray(end + 4));
      resolve(held.subarray(0, end + 2).toString('latin1'));
    };
    client
      .on('readable', onReadable)
      .once('error', reject)
      .once('close', () => reject(new Error('closed')));
  });
}
