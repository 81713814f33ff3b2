/** Opening an FTPS session: resolve, connect, TLS, login, protect, each a step that can be seen. */
import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectionFacts } from '@waybill/contracts/session-facts.js';
import { cleanText } from '../clean-text.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { dial, plainAddress, resolveHost } from '../network-guard.js';
import { createTimeline } from '../timeline.js';
import { asTransportError, TransportError } from '../transport-error.js';
import type { Transport } from '../transport.js';
import { ControlChannel } from './control-channel.js';
import { createDialogue } from './dialogue.js';
import { recordOf, type FtpsSession, type OpenContext } from './ftps-session.js';
import { createFtpsTransport } from './ftps-transport.js';
import { endWithReply, quoteReply, replyToFailure, type Reply } from './reply-to-failure.js';
import { readTlsFacts, startTls } from './start-tls.js';
import { KeyNotPinnedError, tlsFailure } from './tls-failure.js';
import { admitPinned, identityOf, pinnedAnchors, tlsOptionsFor } from './tls-trust.js';

/** Each connection to one name may come to another server, with another certificate for the pinned key. */
const MAX_LEARNED = 4;

/**
 * Opens a session. TLS 1.2 or 1.3, certificate and name verified, data connections protected (PROT P), or no
 * session at all: nothing is ever sent in the clear but the greeting and AUTH TLS (RFC 4217).
 * @throws TransportError with `record`: the steps and the dialogue up to the failure
 */
export async function openFtps(endpoint: FtpsEndpoint, context: OpenContext): Promise<Transport> {
  const timeline = createTimeline(context.side, context.onStep);
  const dialogue = createDialogue([endpoint.password.reveal()]);
  const facts: ConnectionFacts = {
    side: context.side,
    protocol: endpoint.protocol,
    address: null,
    serverName: identityOf(endpoint),
    greeting: null,
    control: null,
    data: null,
  };
  const newSession = (): FtpsSession => ({
    endpoint,
    context,
    channel: new ControlChannel(dialogue, context.signal),
    timeline,
    dialogue,
    facts,
    address: '',
    features: new Map(),
    tlsSession: undefined,
    passiveCommand: null,
    hashSelected: null,
  });
  let session: FtpsSession | null = null;
  try {
    const addresses = await timeline.time('resolve', async (note) => {
      const found = await resolveHost(endpoint.host, endpoint.port, {
        networkAllow: context.networkAllow,
        timeoutMs: endpoint.connectTimeoutMs,
        signal: context.signal,
        step: 'resolve',
      });
      note(found.join(', '));
      return found;
    });
    session = newSession();
    let learned = 0;
    while (!(await secureControl(session, addresses, { mayLearn: learned < MAX_LEARNED }))) {
      learned += 1;
      await session.channel.close();
      session = newSession();
    }
    await login(session);
    await protect(session);
    return createFtpsTransport(session);
  } catch (error) {
    const failure = asTransportError(error, 'connect');
    await session?.channel.close();
    failure.record = recordOf({ facts, timeline, dialogue });
    throw failure;
  }
}

/**
 * Connects and brings up TLS on the control connection, in the order of the endpoint's protocol.
 * @param mayLearn whether a certificate with a pinned key that was not known yet is kept, to be verified with
 * @returns whether TLS is up; if not, a certificate was learned and another try will do
 */
async function secureControl(
  session: FtpsSession,
  addresses: string[],
  { mayLearn }: { mayLearn: boolean },
): Promise<boolean> {
  const { endpoint, timeline, channel, facts } = session;
  const explicit = endpoint.protocol === 'ftps_explicit';
  const raw = await timeline.time('connect', async (note) => {
    const socket = await dialFirst(session, addresses);
    session.address = plainAddress(socket.remoteAddress ?? '');
    const shown = session.address.includes(':') ? `[${session.address}]` : session.address;
    facts.address = `${shown}:${endpoint.port}`;
    note(facts.address);
    if (explicit) {
      channel.attach(socket);
      await greet(session);
    }
    return socket;
  });
  return await timeline.time('tls', async (note) => {
    if (explicit) await requestTls(session);
    const socket = await handshake(session, raw, mayLearn);
    if (socket === null) {
      note('the certificate with the pinned key was learned; connecting again to verify with it');
      return false;
    }
    channel.attach(socket);
    socket.setKeepAlive(true, 30_000);
    facts.control = readTlsFacts(socket, null);
    note(`${facts.control.protocol}, ${facts.control.cipher}`);
    if (!explicit) await greet(session);
    return true;
  });
}

async function dialFirst(session: FtpsSession, addresses: string[]): Promise<Socket> {
  const { endpoint, context } = session;
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await dial(address, endpoint.port, {
        networkAllow: context.networkAllow,
        timeoutMs: endpoint.connectTimeoutMs,
        signal: context.signal,
        step: 'connect',
      });
    } catch (error) {
      // The first address is the one that the resolver prefers, so its failure is the one to tell.
      failure ??= error;
      if (context.signal.aborted) break;
    }
  }
  throw failure;
}

async function greet(session: FtpsSession): Promise<void> {
  const step = session.endpoint.protocol === 'ftps_explicit' ? 'connect' : 'tls';
  const reply = await session.channel.command(null, { step, timeoutMs: session.endpoint.connectTimeoutMs });
  session.facts.greeting = cleanText(quoteReply(reply), 500);
  if (reply.code !== 220) throw refused(reply, 'open a session', step);
}

async function requestTls(session: FtpsSession): Promise<void> {
  const { channel, endpoint } = session;
  const reply = await channel.command('AUTH TLS', { step: 'tls', timeoutMs: endpoint.connectTimeoutMs });
  if (reply.code !== 234) {
    const advice =
      'Nothing is sent in the clear; ask the partner to allow explicit FTPS, or try implicit FTPS.';
    throw unprotected(reply, { step: 'tls', action: 'start TLS (AUTH TLS)', advice });
  }
  if (!channel.usable) {
    // Text after 234 was put there by somebody in between, to be taken for an answer given under TLS.
    throw new TransportError('protocol_error', 'tls', `TLS was not started: ${channel.unusableBecause}`);
  }
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

async function login(session: FtpsSession): Promise<void> {
  const { channel, endpoint, timeline } = session;
  const limits = { step: 'login', timeoutMs: endpoint.idleTimeoutMs } as const;
  await timeline.time('login', async (note) => {
    note(`as ${endpoint.username}`);
    let reply = await channel.command(`USER ${endpoint.username}`, limits);
    if (reply.code === 331) reply = await channel.command(`PASS ${endpoint.password.reveal()}`, limits);
    if (reply.code < 200 || reply.code > 299) throw refused(reply, 'log in', 'login');
    session.features = await readFeatures(session);
    if (session.features.has('UTF8')) await channel.command('OPTS UTF8 ON', limits);
    const type = await channel.command('TYPE I', limits);
    if (type.code !== 200) throw refused(type, 'switch to binary transfers (TYPE I)', 'login');
  });
}

/** FEAT (RFC 2389 section 3.2). A server without it is taken to have none of the features. */
async function readFeatures(session: FtpsSession): Promise<Map<string, string>> {
  const features = new Map<string, string>();
  const reply = await session.channel.command('FEAT', {
    step: 'login',
    timeoutMs: session.endpoint.idleTimeoutMs,
  });
  if (reply.code !== 211) return features;
  for (const line of reply.message.split('\n').slice(1, -1)) {
    const [name = '', ...rest] = line.trim().split(' ');
    if (name !== '') features.set(name.toUpperCase(), rest.join(' '));
  }
  return features;
}

/** PBSZ 0 and PROT P (RFC 4217 section 9); without both, no file is moved. */
async function protect(session: FtpsSession): Promise<void> {
  const { channel, endpoint, timeline } = session;
  const limits = { step: 'protect', timeoutMs: endpoint.idleTimeoutMs } as const;
  await timeline.time('protect', async (note) => {
    for (const command of ['PBSZ 0', 'PROT P']) {
      const reply = await channel.command(command, limits);
      if (reply.code === 200) continue;
      const action = `protect the data connections (${command})`;
      const advice = 'No file was sent or asked for; ask the partner to allow PROT P.';
      throw unprotected(reply, { step: 'protect', action, advice });
    }
    note('PBSZ 0, PROT P');
  });
}

/** A no for the time being (4xx) may pass; any other is for a person to see to. Neither lets a session go on. */
function unprotected(
  reply: Reply,
  { step, action, advice }: { step: 'tls' | 'protect'; action: string; advice: string },
): TransportError {
  const mayPass = reply.code >= 400 && reply.code < 500;
  return new TransportError(
    mayPass ? 'server_busy' : 'protection_refused',
    step,
    `The server refused to ${action}: ${endWithReply(reply)} ` +
      (mayPass ? 'The server asks to try again later.' : advice),
  );
}

function refused(reply: Reply, action: string, step: 'connect' | 'tls' | 'login'): TransportError {
  if (reply.code >= 400) return replyToFailure(reply, { step, action, bare550: 'permission_denied' });
  return new TransportError(
    step === 'login' ? 'login_refused' : 'protocol_error',
    step,
    `The server did not agree to ${action}: “${quoteReply(reply)}”. Ask the partner what it expects.`,
  );
}
