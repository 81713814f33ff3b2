/**
 * How connections get to the server: straight, or through the proxy of the endpoint; control and data connections
 * alike, and each through the network guard. With a proxy its own address is checked, and so is the server's: Waybill
 * looks the name up and hands the proxy the address that passed. Where only the proxy can look names up it gets the
 * name, but never one that stands for a private address by itself.
 */
import { isIP, type Socket } from 'node:net';
import type { FtpsEndpoint } from './endpoint.js';
import {
  dial,
  isDialable,
  plainAddress,
  refusedAddress,
  resolveHost,
  type ConnectSocket,
  type DialLimits,
  type LookUpName,
  type NetworkAllow,
} from './network-guard.js';
import { askHttpConnect } from './proxy/ask-http-connect.js';
import { askSocks5 } from './proxy/ask-socks5.js';
import { ProxyRefusedError, type ProxyRoute, type ProxyTarget } from './proxy/proxy-route.js';
import { cancelledAt, TransportError } from './transport-error.js';

export interface Way {
  /** The server's addresses in the order in which they are to be tried; its name where the proxy looks it up. */
  hosts: string[];
  proxy: ProxyRoute | null;
}

export interface WayContext {
  networkAllow: NetworkAllow[];
  signal: AbortSignal;
  lookUpName?: LookUpName;
}

/**
 * Looks up the server and its proxy, each once.
 * @throws TransportError `name_not_resolved`, `address_refused`, `cancelled`
 */
export async function findWay(endpoint: FtpsEndpoint, context: WayContext): Promise<Way> {
  const { settings, connectTimeoutMs: timeoutMs, host, port } = endpoint;
  const limits = { ...context, timeoutMs, step: 'resolve' as const };
  const { proxy } = settings;
  if (proxy === null)
    return { hosts: await resolveHost(host, port, { ...limits, family: settings.ipFamily }), proxy: null };
  if (settings.dataMode === 'active') throw activeThroughProxy();
  const route: ProxyRoute = {
    kind: proxy.kind,
    shownAs: `${proxy.host}:${proxy.port}`,
    addresses: await resolveHost(proxy.host, proxy.port, limits),
    port: proxy.port,
    login: endpoint.proxyLogin ?? null,
  };
  if (!proxy.resolvesNames || isIP(host) !== 0)
    return { hosts: await resolveHost(host, port, { ...limits, family: settings.ipFamily }), proxy: route };
  refuseDisguisedAddress(host, port, limits);
  return { hosts: [host], proxy: route };
}

/**
 * Opens a TCP connection to one host of the way.
 * @param connectSocket not used for one to a proxy
 * @throws TransportError `address_refused`, `connect_failed`, `connect_timeout`, `proxy_failed`, `login_refused` (by
 *   the proxy), `cancelled`
 */
export async function reachServer(
  way: Way,
  target: ProxyTarget,
  limits: DialLimits,
  connectSocket?: ConnectSocket,
): Promise<Socket> {
  const { proxy } = way;
  if (proxy === null) return await dial(target.host, target.port, limits, connectSocket);
  if (isIP(target.host) !== 0 && !isDialable(target.host, target.port, limits.networkAllow))
    throw refusedAddress(target.host, target.port, limits);
  const socket = await dialProxy(proxy, limits);
  try {
    await withinTime(socket, limits, () =>
      proxy.kind === 'http_connect'
        ? askHttpConnect(socket, proxy, plain(target))
        : askSocks5(socket, proxy, plain(target)),
    );
    return socket;
  } catch (error) {
    socket.destroy();
    throw proxyFailure(error, { proxy, target, limits });
  }
}

/** For people and for the record: "203.0.113.7:21", "[2001:db8::7]:21". */
export function showTarget({ host, port }: ProxyTarget): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function activeThroughProxy(): TransportError {
  const message =
    'Active mode does not work through a proxy, as nobody can connect to us through it. Choose another data mode, or ' +
    'take out the proxy of the endpoint.';
  return new TransportError('proxy_failed', 'resolve', message);
}

function plain({ host, port }: ProxyTarget): ProxyTarget {
  return { host: plainAddress(host), port };
}

async function dialProxy(proxy: ProxyRoute, limits: DialLimits): Promise<Socket> {
  let failure: unknown;
  for (const address of proxy.addresses) {
    try {
      return await dial(address, proxy.port, limits);
    } catch (error) {
      failure ??= error;
      if (limits.signal.aborted) break;
    }
  }
  if (!(failure instanceof TransportError) || ['cancelled', 'address_refused'].includes(failure.kind))
    throw failure;
  const message = `The proxy ${proxy.shownAs} could not be reached: ${failure.message}`;
  throw new TransportError('proxy_failed', limits.step, message, { cause: failure });
}

/** A silent proxy, and a cancel, end the connection; whoever reads from it learns of that. */
async function withinTime(socket: Socket, limits: DialLimits, work: () => Promise<void>): Promise<void> {
  const onAbort = (): void => void socket.destroy();
  let isTooLate = false;
  const timer = setTimeout(() => {
    isTooLate = true;
    socket.destroy();
  }, limits.timeoutMs);
  limits.signal.addEventListener('abort', onAbort, { once: true });
  try {
    await work();
  } catch (error) {
    const seconds = Math.round(limits.timeoutMs / 1000);
    throw isTooLate ? new ProxyRefusedError(`gave no answer within ${seconds} s.`, 'silent') : error;
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener('abort', onAbort);
  }
}

function proxyFailure(
  error: unknown,
  { proxy, target, limits }: { proxy: ProxyRoute; target: ProxyTarget; limits: DialLimits },
): TransportError {
  if (limits.signal.aborted) return cancelledAt(limits.step);
  const words =
    error instanceof ProxyRefusedError
      ? error.message
      : 'closed the connection. Ask whoever runs the proxy what its log says.';
  const message = `To open a connection to ${showTarget(target)} the proxy ${proxy.shownAs} was asked, and it ${words}`;
  // A wrong password is not repeated: that may lock an account of ours at the proxy.
  const kind = error instanceof ProxyRefusedError && error.who === 'login' ? 'login_refused' : 'proxy_failed';
  return new TransportError(kind, limits.step, message, { cause: error });
}

/**
 * Names that stand for this machine, or are an address in another spelling (WHATWG URL section 3.5): "127.1". What is
 * no name at all is refused too: it would become part of what the proxy is asked.
 */
function refuseDisguisedAddress(host: string, port: number, limits: DialLimits): void {
  const isName = /^[\w.-]+$/.test(host) && URL.canParse(`http://${host}`);
  const asAddress = isName ? new URL(`http://${host}`).hostname : '';
  const isLocal = /(^|\.)localhost\.?$/i.test(host);
  const isPrivate = isIP(asAddress) !== 0 && !isDialable(asAddress, port, limits.networkAllow);
  if (isLocal || isPrivate || !isName) throw refusedAddress(host, port, limits);
}
