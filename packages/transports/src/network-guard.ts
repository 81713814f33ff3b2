/**
 * The one gate through which every connection of a transport leaves. Addresses of this machine, of the local
 * network and of cloud metadata services are refused unless an allow-list row permits address and port; a
 * name is resolved once and the address that was checked is the address that is dialled, so that a name which
 * changes its mind (DNS rebinding) gains nothing.
 */
import { lookup } from 'node:dns/promises';
import { BlockList, connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { cancelledAt, TransportError } from './transport-error.js';

/** A range of addresses and ports that may be dialled although it is not public. */
export interface NetworkAllow {
  /** As in "10.20.0.0/16" or "::1/128". */
  cidr: string;
  fromPort: number;
  toPort: number;
}

export interface DialLimits {
  networkAllow: NetworkAllow[];
  timeoutMs: number;
  signal: AbortSignal;
  /** The step to blame when dialling fails. */
  step: StepName;
  /** After so many idle seconds TCP shows that it lives; 0 never, 30 where not given. */
  keepAliveSeconds?: number;
  /** What to do where nothing comes of it; where not given, what fits a control connection. */
  advice?: string;
}

/** The name service: every address of the host, in the order in which they are to be tried. */
export type LookUpName = (host: string) => Promise<{ address: string }[]>;

export interface ResolveLimits extends DialLimits {
  /** Which addresses count; any where not given. */
  family?: FtpsSettings['ipFamily'];
  /** That of the operating system where not given. */
  lookUpName?: LookUpName;
}

/**
 * What is not the public internet: IANA's special-purpose registries for IPv4 (RFC 6890) and multicast, and
 * two public addresses that are metadata services of clouds (Azure's wire server and Oracle's).
 */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Within 2000::/3, the only part of IPv6 that is public: Teredo and other protocols, documentation, 6to4. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
const MAX_ADDRESSES = 4;

/** Of rows of the allow-list; those that a session got are the same for all of its connections. */
const allowed = new WeakMap<NetworkAllow, BlockList>();

const notPublic = blockListOf([...NOT_PUBLIC_V4, ...NOT_PUBLIC_V6]);
const publicV6 = blockListOf(['2000::/3']);

function blockListOf(cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix = ''] = cidr.split('/');
    list.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/**
 * The IPv4 address inside an IPv6 form of it: mapped (::ffff:0:0/96), compatible (::/96) or by NAT64
 * (64:ff9b::/96, RFC 6052); other addresses as they are, in their shortest form.
 */
export function plainAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const zone = address.indexOf('%');
  // The URL parser is the one place in Node that writes an IPv6 address in its canonical form.
  const canonical = new URL(`http://[${zone < 0 ? address : address.slice(0, zone)}]`).hostname.slice(1, -1);
  const embedded = /^(?:::ffff:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (embedded === null) return canonical;
  const high = parseInt(embedded[1]!, 16);
  const low = parseInt(embedded[2]!, 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** Whether the address may be dialled at the port: it is public, or a row of the allow-list permits it. */
export function isDialable(address: string, port: number, allow: NetworkAllow[]): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  if (family === 0) return false;
  const familyName = family === 6 ? 'ipv6' : 'ipv4';
  const isPublic = !notPublic.check(plain, familyName) && (family === 4 || publicV6.check(plain, 'ipv6'));
  if (isPublic) return true;
  return allow.some((row) => {
    if (port < row.fromPort || port > row.toPort) return false;
    const [network = '', prefix] = row.cidr.split('/');
    if (isIP(network) !== family || prefix === undefined) return false;
    const range = allowed.get(row) ?? blockListOf([row.cidr]);
    allowed.set(row, range);
    return range.check(plain, familyName);
  });
}

/**
 * Resolves the name once. Returns the addresses that may be dialled, at most four, in the resolver's order.
 * @throws TransportError `name_not_resolved`, `address_refused`, `cancelled`
 */
export async function resolveHost(host: string, port: number, limits: ResolveLimits): Promise<string[]> {
  const { family = 'any' } = limits;
  const known = isIP(host) !== 0 ? [host] : await lookUpAll(host, limits);
  const found = known.filter((address) => family === 'any' || familyOf(address) === family);
  if (found.length === 0)
    throw notResolved(
      host,
      `it has no ${family === 'ipv6' ? 'IPv6' : 'IPv4'} address, which the endpoint asks for`,
      { advice: 'Let the endpoint take any address, or ask the partner for a name that has one.' },
    );
  const permitted = found.filter((address) => isDialable(address, port, limits.networkAllow));
  if (permitted.length > 0) return permitted.slice(0, MAX_ADDRESSES);
  throw refusedAddress(
    host === found[0] ? host : `${host} (${found.slice(0, MAX_ADDRESSES).join(', ')})`,
    port,
    limits,
  );
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(plainAddress(address)) === 6 ? 'ipv6' : 'ipv4';
}

async function lookUpAll(host: string, limits: ResolveLimits): Promise<string[]> {
  const deadline = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]);
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(
        limits.signal.aborted
          ? cancelledAt('resolve')
          : notResolved(host, 'the name service gave no answer in time'),
      );
    };
    if (deadline.aborted) stop();
    else deadline.addEventListener('abort', stop, { once: true });
  });
  try {
    const lookUpName = limits.lookUpName ?? ((name) => lookup(name, { all: true }));
    const answers = await Promise.race([lookUpName(host), stopped]);
    if (answers.length > 0) return answers.map((answer) => answer.address);
  } catch (error) {
    if (error instanceof TransportError) throw error;
    throw notResolved(host, 'the name service does not know it', { cause: error });
  } finally {
    deadline.removeEventListener('abort', stop);
  }
  throw notResolved(host, 'it has no address');
}

function notResolved(
  host: string,
  why: string,
  { advice = 'Check the spelling of the host.', cause }: { advice?: string; cause?: unknown } = {},
): TransportError {
  return new TransportError(
    'name_not_resolved',
    'resolve',
    `The host name ${host} could not be resolved: ${why}. ${advice}`,
    { cause },
  );
}

/** Of an address or name that must not be dialled. */
export function refusedAddress(
  target: string,
  port: number,
  limits: Pick<DialLimits, 'step'>,
): TransportError {
  return new TransportError(
    'address_refused',
    limits.step,
    `The address ${target}, port ${port}, belongs to this machine, a private network or a reserved range and ` +
      'may not be dialled. If it is meant, an administrator has to add it to the network allow-list.',
  );
}

/** Makes the socket of a connection, where it is to be more than one of TCP. */
export type ConnectSocket = (options: TcpNetConnectOpts) => Socket;

/**
 * Opens a TCP connection to an address (never a name).
 * @throws TransportError `address_refused`, `connect_failed`, `connect_timeout`, `cancelled`
 */
export function dial(
  address: string,
  port: number,
  limits: DialLimits,
  connectSocket: ConnectSocket = connect,
): Promise<Socket> {
  if (!isDialable(address, port, limits.networkAllow)) {
    return Promise.reject(refusedAddress(address, port, limits));
  }
  if (limits.signal.aborted) return Promise.reject(cancelledAt(limits.step));
  const { keepAliveSeconds = 30 } = limits;
  return new Promise((resolve, reject) => {
    const socket = connectSocket({
      host: plainAddress(address),
      port,
      noDelay: true,
      keepAlive: keepAliveSeconds > 0,
      keepAliveInitialDelay: keepAliveSeconds * 1000,
    });
    const settle = (error: TransportError | null): void => {
      clearTimeout(timer);
      limits.signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      // From here on an error must not become an uncaught one before somebody else listens.
      socket.on('error', () => undefined);
      if (error === null) return resolve(socket);
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => settle(cancelledAt(limits.step));
    const onError = (error: NodeJS.ErrnoException): void =>
      settle(connectFailed(address, port, limits, error));
    const timer = setTimeout(() => {
      const seconds = Math.round(limits.timeoutMs / 1000);
      settle(
        new TransportError(
          'connect_timeout',
          limits.step,
          `${address}, port ${port}, did not answer within ${seconds} s. ` +
            (limits.advice ??
              'Check host and port; if they are right, a firewall on the way may drop the connection.'),
        ),
      );
    }, limits.timeoutMs);
    limits.signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => settle(null));
    socket.on('error', onError);
  });
}

function connectFailed(
  address: string,
  port: number,
  limits: DialLimits,
  error: NodeJS.ErrnoException,
): TransportError {
  const [what, advice] =
    error.code === 'ECONNREFUSED'
      ? [
          `${address} refused the connection to port ${port}.`,
          'Check the port; if it is right, a firewall refuses it or the server is not running.',
        ]
      : [
          `The connection to ${address}, port ${port}, failed (${error.code ?? 'no reason given'}).`,
          'Check the network and the firewall on the way.',
        ];
  const message = `${what} ${limits.advice ?? advice}`;
  return new TransportError('connect_failed', limits.step, message, { cause: error });
}
