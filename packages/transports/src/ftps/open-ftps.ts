/** Opening an FTPS session: resolve, connect, TLS, login, protect, each a step that can be seen. */
import { isIP } from 'node:net';
import type { ConnectionFacts } from '@waybill/contracts/session-facts.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { takeSlot } from '../connection-slots.js';
import { proxySecrets } from '../proxy/proxy-route.js';
import { findWay, type Way } from '../reach-server.js';
import { createTimeline } from '../timeline.js';
import { asTransportError } from '../transport-error.js';
import type { Transport } from '../transport.js';
import { checkPermitted } from './check-permitted.js';
import { checkClientCertificate } from './client-certificate.js';
import { ControlChannel } from './control-channel.js';
import { createDialogue } from './dialogue.js';
import { recordOf, type FtpsSession, type OpenContext } from './ftps-session.js';
import { createFtpsTransport } from './ftps-transport.js';
import { logIn, sendCommandsAfterLogin } from './log-in.js';
import { allowPipelining } from './pipelining.js';
import { secureControl } from './secure-control.js';
import { afterHandshake } from './tls-failure.js';
import { createTextCodec } from './text-codec.js';
import { identityOf } from './tls-trust.js';

/** Each connection to one name may come to another server, with another certificate for the pinned key. */
const MAX_LEARNED = 4;
/** A connection that is used at all becomes free within minutes, or holds the line up for longer than anybody waits. */
const SLOT_WAIT_MS = 120_000;

/**
 * Opens a session. TLS 1.2 or 1.3, certificate and name verified, data connections protected (PROT P), or no
 * session at all: nothing of ours goes in the clear but AUTH TLS, and QUIT where that comes to nothing (RFC 4217). What
 * deviates from that is refused unless `endpoint.permitted` says that an exception is in force.
 * @throws TransportError with `record`: the steps and the dialogue up to the failure
 */
export async function openFtps(endpoint: FtpsEndpoint, context: OpenContext): Promise<Transport> {
  const evidence = newEvidence(endpoint, context);
  const { timeline, facts } = evidence;
  let session: FtpsSession | null = null;
  let freeSlot: () => void = () => undefined;
  try {
    checkPermitted(endpoint);
    facts.clientCertificateSha256 = checkClientCertificate(endpoint);
    freeSlot = await takeConnection(endpoint, context);
    const way = await timeline.time('resolve', async (note) => {
      const found = await findWay(endpoint, context);
      note(found.hosts.every((host) => isIP(host) !== 0) ? found.hosts.join(', ') : 'left to the proxy');
      return found;
    });
    session = newSession(endpoint, context, { ...evidence, way });
    let learned = 0;
    while (!(await secureControl(session, { mayLearn: learned < MAX_LEARNED }))) {
      learned += 1;
      await session.channel.close();
      session = newSession(endpoint, context, { ...evidence, way });
    }
    allowPipelining(session);
    await logIn(session);
    await sendCommandsAfterLogin(session);
    session.channel.onClosed = freeSlot;
    if (session.channel.ftp.closed) freeSlot();
    return createFtpsTransport(session);
  } catch (error) {
    const failure = afterHandshake(asTransportError(error, 'connect'), identityOf(endpoint));
    await session?.channel.close();
    freeSlot();
    failure.record = recordOf(evidence);
    throw failure;
  }
}

type Evidence = Pick<FtpsSession, 'timeline' | 'dialogue' | 'facts'>;

/** What is kept of all the connections that one session takes. */
function newEvidence(endpoint: FtpsEndpoint, context: OpenContext): Evidence {
  return {
    timeline: createTimeline(context.side, context.onStep),
    // A proxy can speak in the place of the server until TLS is up.
    dialogue: createDialogue([endpoint.password.reveal(), ...proxySecrets(endpoint.proxyLogin ?? null)]),
    facts: newFacts(endpoint, context),
  };
}

function newSession(
  endpoint: FtpsEndpoint,
  context: OpenContext,
  known: Evidence & { way: Way },
): FtpsSession {
  const codec = createTextCodec(endpoint.settings.encoding);
  return {
    ...known,
    endpoint,
    context,
    channel: new ControlChannel(known.dialogue, context.signal, codec),
    codec,
    host: '',
    localAddress: '',
    expiresAt: performance.now() + endpoint.settings.maxSessionAgeSeconds * 1000,
    features: new Map(),
    tlsSession: undefined,
    mayNoop: false,
    dataCommand: null,
    hashSelected: null,
    restartIsPending: false,
    looksIntoListings: false,
  };
}

/** One of the connections that the endpoint allows at once; an endpoint that nobody knows is on its own. */
async function takeConnection(endpoint: FtpsEndpoint, context: OpenContext): Promise<() => void> {
  if (endpoint.id === undefined) return () => undefined;
  return await takeSlot({
    endpointId: endpoint.id,
    limit: endpoint.settings.maxConnections,
    waitMs: context.slotWaitMs ?? SLOT_WAIT_MS,
    signal: context.signal,
  });
}

function newFacts(endpoint: FtpsEndpoint, { side }: OpenContext): ConnectionFacts {
  const { proxy, encoding } = endpoint.settings;
  return {
    side,
    protocol: endpoint.protocol,
    address: null,
    serverName: endpoint.protocol === 'ftp' ? null : identityOf(endpoint),
    greeting: null,
    control: null,
    data: null,
    dataProtection: null,
    dataMode: null,
    proxy: proxy && { kind: proxy.kind, address: `${proxy.host}:${proxy.port}` },
    clientCertificateSha256: null,
    encoding: encoding === 'utf-8' ? null : encoding,
  };
}
