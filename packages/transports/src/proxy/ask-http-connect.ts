/** A tunnel through an HTTP proxy (RFC 9110 section 9.3.6), with Basic authentication where there is a login. */
import { isIPv6, type Socket } from 'node:net';
import {
  basicPair,
  ProxyRefusedError,
  quoteProxy,
  type ProxyRoute,
  type ProxyTarget,
} from './proxy-route.js';
import { readAnswer } from './read-answer.js';

/** @throws ProxyRefusedError with what the proxy said */
export async function askHttpConnect(socket: Socket, proxy: ProxyRoute, target: ProxyTarget): Promise<void> {
  const host = isIPv6(target.host) ? `[${target.host}]` : target.host;
  const lines = [`CONNECT ${host}:${target.port} HTTP/1.1`, `Host: ${host}:${target.port}`];
  if (proxy.login !== null) {
    // RFC 7617 section 2: what stands behind the first colon is the password.
    if (proxy.login.username.includes(':'))
      throw new ProxyRefusedError('cannot be told a user name with a colon in it.', 'login');
    lines.push(`Proxy-Authorization: Basic ${basicPair(proxy.login)}`);
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let status: { code: number; line: string };
  // Preliminary answers (1xx) may come before the one that counts.
  do status = await readAnswer(socket, parseHead);
  while (status.code >= 100 && status.code < 200);
  if (status.code >= 200 && status.code < 300) return;
  const said = `answered ${quoteProxy(status.line, proxy)}.`;
  if (status.code === 407 || status.code === 401) throw new ProxyRefusedError(said, 'login');
  throw new ProxyRefusedError(said, status.code >= 500 ? 'server' : 'rules');
}

/** A status line and the headers behind it, which say nothing that matters: a 2xx to CONNECT has no content. */
function parseHead(bytes: Buffer): { answer: { code: number; line: string }; length: number } | null {
  const start = bytes.subarray(0, 5).toString('latin1');
  if (!'HTTP/'.startsWith(start.slice(0, 5))) throw new ProxyRefusedError('does not speak HTTP.', 'setup');
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const line = bytes.subarray(0, bytes.indexOf('\r\n')).toString('utf8');
  const code = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(line)?.[1];
  if (code === undefined) throw new ProxyRefusedError('gave an answer that is not HTTP/1.1.', 'setup');
  return { answer: { code: Number(code), line }, length: end + 4 };
}
