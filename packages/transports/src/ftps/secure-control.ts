/** The control connection from its first byte to where secrets may be sent: connected, greeted, under verified TLS. */
import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { cleanText } from '../clean-text.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { plainAddress } from '../network-guard.js';
import { reachServer, showTarget } from '../reach-server.js';
import { TransportError } from '../transport-error.js';
import type { FtpsSession } from './ftps-session.js';
import { refusedOpening, unprotected } from './refuse-opening.js';
import { quoteReply } from './reply-to-failure.js';
import { readTlsFacts, startTls } from './start-tls.js';
import { KeyNotPinnedError, tlsFailure } from './tls-failure.js';
import { admitPinned, identityOf, pinnedAnchors, tlsOptionsFor } from './tls-trust.js';

/** What of the opening differs between the protocols: when the greeting comes, and whether TLS is asked for. */
const OPENING: Record<FtpsEndpoint['protocol'], { greetsInClear: boolean; asksForTls: boolean }> = {
  ftps_explicit: { greetsInClear: true, asksForTls: true },
  ftps_implicit: { greetsInClear: false, asksForTls: false },
  // IBM z/OS Communications Server with SECUREIMPLICITZOS TRUE: the handshake follows the greeting at once.
  ftps_implicit_zos: { greetsInClear: true, asksForTls: false },
  ftp: { greetsInClear: true, asksForTls: false },
};

/** How long a server that greets nobody has for its part of a handshake. */
const PROBE_MS = 3000;
/** What a handshake fails with when the server has shown a certificate. */
const SHOWED_TLS: ReadonlySet<string> = new Set([
  'certificate_untrusted',
  'certificate_expired',
  'certificate_wrong_host',
  'client_certificate_refused',
]);

/**
 * Connects and brings up TLS on the control connection, in the order of the endpoint's protocol.
 * @param mayLearn whether a certificate with a pinned key that was not known yet is kept, to be verified with
 * @returns whether the session may go on; if not, a certificate was learned and another try will do
 */
export async function secureControl(
  session: FtpsSession,
  { mayLearn }: { mayLearn: boolean },
): Promise<boolean> {
  const { endpoint, timeline, facts } = session;
  const { greetsInClear, asksForTls } = OPENING[endpoint.protocol];
  const raw = await timeline.time('connect', async (note) => {
    const socket = await dialFirst(session);
    facts.address = showTarget({ host: session.host, port: endpoint.port });
    note(facts.proxy ? `${facts.address} through the proxy ${facts.proxy.address}` : facts.address);
    if (greetsInClear) {
      attach(session, socket);
      await greet(session, 'connect').catch(async (error: unknown) => {
        throw (await waitsForTls(session, error)) ? isImplicit(error) : error;
      });
    }
    return socket;
  });
  if (endpoint.protocol === 'ftp') return true;
  return await timeline.time('tls', async (note) => {
    if (asksForTls) await requestTls(session);
    refuseInjectedText(session);
    const socket = await handshake(session, raw, mayLearn);
    if (socket === null) {
      note('the certificate with the pinned key was learned; connecting again to verify with it');
      return false;
    }
    attach(session, socket);
    facts.control = readTlsFacts(socket, null);
    note(`${facts.control.protocol}, ${facts.control.cipher}`);
    if (!greetsInClear) await greet(session, 'tls');
    return true;
  });
}

async function dialFirst(session: FtpsSession): Promise<Socket> {
  const { endpoint, context, way } = session;
  let failure: unknown;
  for (const host of way.hosts) {
    try {
      const socket = await reach(session, host, endpoint.connectTimeoutMs);
      session.host = plainAddress(host);
      session.localAddress = plainAddress(socket.localAddress ?? '');
      return socket;
    } catch (error) {
      // The first address is the one that the resolver prefers, so its failure is the one to tell.
      failure ??= error;
      if (context.signal.aborted) break;
    }
  }
  throw failure;
}

function reach({ endpoint, context, way }: FtpsSession, host: string, timeoutMs: number): Promise<Socket> {
  return reachServer(
    way,
    { host, port: endpoint.port },
    {
      networkAllow: context.networkAllow,
      timeoutMs,
      signal: context.signal,
      step: 'connect',
      keepAliveSeconds: endpoint.settings.tcpKeepAliveSeconds,
    },
  );
}

/** Whether a server that greets nobody answers TLS at once, as one for FTPS implicit does. It is told nothing else. */
async function waitsForTls(session: FtpsSession, silence: unknown): Promise<boolean> {
  const { endpoint, context, host } = session;
  if (!(silence instanceof TransportError) || silence.kind !== 'stalled') return false;
  const timeoutMs = Math.min(endpoint.connectTimeoutMs, PROBE_MS);
  try {
    const tls = startTls(await reach(session, host, timeoutMs), tlsOptionsFor(endpoint), {
      timeoutMs,
      signal: context.signal,
      step: 'connect',
      channel: 'control connection',
      identity: identityOf(endpoint),
      onSession: () => undefined,
    });
    await tls.secured;
    tls.socket.destroy();
    return true;
  } catch (error) {
    return error instanceof TransportError && SHOWED_TLS.has(error.kind);
  }
}

function isImplicit(cause: unknown): TransportError {
  const message =
    'The server gave no greeting and waits for TLS: its port is one for FTPS implicit. Check protocol and port of the endpoint.';
  return new TransportError('setting_refused', 'connect', message, { cause });
}

/** basic-ftp sets its own keep-alive when it takes a socket over. */
function attach({ channel, endpoint }: FtpsSession, socket: Socket): void {
  const { tcpKeepAliveSeconds: seconds } = endpoint.settings;
  channel.attach(socket);
  socket.setKeepAlive(seconds > 0, seconds * 1000);
}

async function greet({ channel, endpoint, facts }: FtpsSession, step: 'connect' | 'tls'): Promise<void> {
  const reply = await channel.command(null, { step, timeoutMs: endpoint.connectTimeoutMs });
  facts.greeting = cleanText(quoteReply(reply), 500);
  if (reply.code !== 220) throw refusedOpening(reply, 'open a session', step);
}

/** AUTH TLS (RFC 4217 section 4); AUTH SSL, which some older servers know instead, only where the endpoint says so. */
async function requestTls({ channel, endpoint }: FtpsSession): Promise<void> {
  const command = `AUTH ${endpoint.settings.authCommand}`;
  const reply = await channel.command(command, { step: 'tls', timeoutMs: endpoint.connectTimeoutMs });
  // 334 is what servers of AUTH SSL's time say (draft-murray-auth-ftp-ssl).
  if (reply.code === 234 || (reply.code === 334 && endpoint.settings.authCommand === 'SSL')) return;
  const advice =
    'Nothing is sent in the clear; ask the partner to allow explicit FTPS, or try implicit FTPS.';
  throw unprotected(reply, { step: 'tls', action: `start TLS (${command})`, advice });
}

/** Text that comes before the handshake was put there by somebody in between, to be taken for an answer under TLS. */
function refuseInjectedText({ channel }: FtpsSession): void {
  if (channel.usable || channel.unusableBecause === null) return;
  throw new TransportError('protocol_error', 'tls', `TLS was not started: ${channel.unusableBecause}`);
}

/** @returns null where nothing came of it but a certificate with a pinned key */
async function handshake(session: FtpsSession, raw: Socket, mayLearn: boolean): Promise<TLSSocket | null> {
  const { endpoint, context } = session;
  const { trust } = endpoint;
  const anchors = trust.mode === 'pinned_keys' ? pinnedAnchors(trust) : [];
  let shown: X509Certificate | undefined;
  const tls = startTls(raw, tlsOptionsFor(endpoint), {
    timeoutMs: endpoint.connectTimeoutMs,
    signal: context.signal,
    step: 'tls',
    channel: 'control connection',
    identity: identityOf(endpoint),
    onSession: (tlsSession) => {
      session.tlsSession = tlsSession;
    },
    onCertificate: (certificate) => {
      shown = certificate;
    },
  });
  try {
    await tls.secured;
    return tls.socket;
  } catch (error) {
    session.channel.distrust('TLS was not established');
    if (trust.mode !== 'pinned_keys' || shown === undefined) throw error;
    if (!(error instanceof TransportError) || error.kind !== 'certificate_untrusted') throw error;
    const verdict = admitPinned(trust, shown, anchors);
    if (verdict === 'connect_again' && mayLearn) return null;
    if (verdict === 'known' || verdict === 'connect_again') throw error;
    throw tlsFailure(new KeyNotPinnedError(verdict.unknownKey), {
      step: 'tls',
      channel: 'control connection',
      identity: identityOf(endpoint),
    });
  }
}
