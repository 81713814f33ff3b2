/** A connection through a SOCKS5 proxy (RFC 1928), with user name and password (RFC 1929) where there is a login. */
import { isIPv4, isIPv6, type Socket } from 'node:net';
import { ProxyRefusedError, type ProxyRoute, type ProxyTarget } from './proxy-route.js';
import { readAnswer } from './read-answer.js';

const NO_LOGIN = 0x00;
const USER_AND_PASSWORD = 0x02;
const MAX_FIELD_BYTES = 255;

/** RFC 1928 section 6, with whose move it is. */
const REFUSALS: Record<number, [string, 'rules' | 'server']> = {
  1: ['says that it failed (1).', 'server'],
  2: ['says that its rules do not allow it (2).', 'rules'],
  3: ['says that it cannot reach the network (3).', 'server'],
  4: ['says that it cannot reach the host (4).', 'server'],
  5: ['says that the server refused the connection (5).', 'server'],
  6: ['says that the connection timed out (6).', 'server'],
  7: ['does not know how to open connections (7).', 'rules'],
  8: ['does not know this kind of address (8).', 'rules'],
};

/** @throws ProxyRefusedError with what the proxy said */
export async function askSocks5(socket: Socket, proxy: ProxyRoute, target: ProxyTarget): Promise<void> {
  const { login } = proxy;
  socket.write(Buffer.from(login === null ? [5, 1, NO_LOGIN] : [5, 2, NO_LOGIN, USER_AND_PASSWORD]));
  const method = await readAnswer(socket, (bytes) => {
    requireVersion(bytes, 5);
    return bytes.length < 2 ? null : { answer: bytes[1]!, length: 2 };
  });
  if (method === USER_AND_PASSWORD && login !== null) await logIn(socket, login);
  else if (method !== NO_LOGIN)
    throw new ProxyRefusedError('takes none of the ways to log in that Waybill has.', 'login');
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), addressField(target.host), portField(target.port)]));
  const code = await readAnswer(socket, parseReply);
  if (code === 0) return;
  const [words, who] = REFUSALS[code] ?? [`refused (${code}).`, 'rules' as const];
  throw new ProxyRefusedError(words, who);
}

async function logIn(socket: Socket, login: NonNullable<ProxyRoute['login']>): Promise<void> {
  const fields = [login.username, login.password.reveal()].map(lengthAndText);
  socket.write(Buffer.concat([Buffer.from([1]), ...fields]));
  const status = await readAnswer(socket, (bytes) => {
    requireVersion(bytes, 1);
    return bytes.length < 2 ? null : { answer: bytes[1]!, length: 2 };
  });
  if (status !== 0) throw new ProxyRefusedError('refused the user name or the password.', 'login');
}

function lengthAndText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length === 0 || bytes.length > MAX_FIELD_BYTES)
    throw new ProxyRefusedError(
      'takes user names, passwords and host names of 1 to 255 bytes only.',
      'login',
    );
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function addressField(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from([1, ...host.split('.').map(Number)]);
  if (isIPv6(host)) return Buffer.from([4, ...ipv6Bytes(host)]);
  return Buffer.concat([Buffer.from([3]), lengthAndText(host)]);
}

/** The sixteen bytes of an IPv6 address without a zone. */
function ipv6Bytes(address: string): number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

function portField(port: number): Buffer {
  return Buffer.from([port >> 8, port & 255]);
}

function requireVersion(bytes: Buffer, version: number): void {
  if (bytes.length > 0 && bytes[0] !== version)
    throw new ProxyRefusedError('does not speak SOCKS5.', 'setup');
}

/** Version, code, a reserved byte, the address that the proxy connects from, its port. */
function parseReply(bytes: Buffer): { answer: number; length: number } | null {
  requireVersion(bytes, 5);
  if (bytes.length < 2) return null;
  // Some proxies close right after the code of a refusal.
  if (bytes[1] !== 0) return { answer: bytes[1]!, length: bytes.length };
  if (bytes.length < 5) return null;
  const kind = bytes[3];
  const addressBytes = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? 1 + bytes[4]! : null;
  if (addressBytes === null) throw new ProxyRefusedError('gave an answer that is not SOCKS5.', 'setup');
  const length = 4 + addressBytes + 2;
  return bytes.length < length ? null : { answer: 0, length };
}
