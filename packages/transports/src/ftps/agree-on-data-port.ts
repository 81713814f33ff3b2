/** Which side opens the next data connection, and where: EPSV, PASV, EPRT or PORT (RFC 959, RFC 2428). */
import { isIPv4, isIPv6, type Socket } from 'node:net';
import type { ConnectionFacts, StepName } from '@waybill/contracts/session-facts.js';
import { isDialable, plainAddress, refusedAddress, type ConnectSocket } from '../network-guard.js';
import { reachServer } from '../reach-server.js';
import { TransportError } from '../transport-error.js';
import { listenActively } from './active-listener.js';
import type { FtpsSession } from './ftps-session.js';
import { parseEpsvPort, parsePasvTarget } from './passive.js';
import { endWithReply, quoteReply, refusalOf, replyToFailure, type Reply } from './reply-to-failure.js';

/** A data connection that was agreed on. */
export interface OpenRaw {
  mode: NonNullable<ConnectionFacts['dataMode']>;
  /**
   * Its TCP connection; in active mode the server opens it once it has the command.
   * @param connectSocket makes the socket, where this opens one straight to the server
   */
  open(signal: AbortSignal, connectSocket?: ConnectSocket): Promise<Socket>;
  close(): void;
}

type DataCommand = NonNullable<FtpsSession['dataCommand']>;

/** A port that was opened ahead is used for so long: some servers give it up after half a minute. */
const AHEAD_MS = 5000;

/** Failures of one command that say nothing about the other one. */
const MAY_TRY_OTHER: ReadonlySet<string> = new Set([
  'protocol_error',
  'setting_refused',
  'server_error',
  'connect_failed',
  'connect_timeout',
  'connection_lost',
  'proxy_failed',
]);

/**
 * Agrees with the server, with the command that worked the last time; the first time each is tried that may work.
 * A passive connection is opened at once, because only that shows whether a firewall lets it through.
 */
export async function agreeOnDataPort(
  session: FtpsSession,
  step: StepName,
  signal: AbortSignal,
): Promise<OpenRaw> {
  const [first, second] = session.dataCommand === null ? commandsFor(session) : [session.dataCommand];
  try {
    return await agreeWith(session, first!, step, signal);
  } catch (error) {
    const mayTry = error instanceof TransportError && MAY_TRY_OTHER.has(error.kind);
    if (second === undefined || !mayTry || !session.channel.usable || signal.aborted) throw error;
  }
  return await agreeWith(session, second, step, signal);
}

/** IPv6 has neither PASV nor PORT. Some servers and firewalls know EPSV and EPRT and still do not let them through. */
function commandsFor({ endpoint, host }: FtpsSession): DataCommand[] {
  const { dataMode, passiveHosts } = endpoint.settings;
  const isV6 = isIPv6(host);
  switch (dataMode) {
    case 'active':
      return isV6 ? ['EPRT'] : ['EPRT', 'PORT'];
    case 'epsv':
      return ['EPSV'];
    case 'pasv':
      return isV6 ? ['EPSV'] : ['PASV'];
    case 'auto':
      if (isV6) return ['EPSV'];
      // Only the answer to PASV names a host.
      return passiveHosts.length > 0 ? ['PASV', 'EPSV'] : ['EPSV', 'PASV'];
  }
}

async function agreeWith(
  session: FtpsSession,
  command: DataCommand,
  step: StepName,
  signal: AbortSignal,
): Promise<OpenRaw> {
  const isActive = command === 'EPRT' || command === 'PORT';
  const agreed = await (isActive
    ? offerPort(session, command, step)
    : openPassively(session, command, step, signal));
  session.dataCommand = command;
  return agreed;
}

async function openPassively(
  session: FtpsSession,
  command: 'EPSV' | 'PASV',
  step: StepName,
  signal: AbortSignal,
): Promise<OpenRaw> {
  const { endpoint, context, way } = session;
  const hasWorked = session.dataCommand === command;
  const reply = await ask(session, command, command, step);
  const target = targetOf(session, command, reply);
  if (target === null) {
    // It was understood before, so this may be the answer to another command.
    if (hasWorked) session.channel.distrust(`the server answered ${reply.code} to ${command}`);
    const message = `The server's answer to ${command} names no port that can be used: “${quoteReply(reply)}”.`;
    throw new TransportError('protocol_error', step, message);
  }
  const mode = command === 'EPSV' ? 'epsv' : 'pasv';
  const connect = async (connectSocket?: ConnectSocket): Promise<Socket> => {
    try {
      const limits = {
        networkAllow: context.networkAllow,
        timeoutMs: endpoint.settings.dataTimeoutMs,
        keepAliveSeconds: endpoint.settings.tcpKeepAliveSeconds,
        signal,
        step,
        ...(way.proxy === null && { advice: LET_IN }),
      };
      return await reachServer(way, target, limits, connectSocket);
    } catch (error) {
      throw notOpened(error);
    }
  };
  // It led there before: the command need not wait for the connection.
  if (hasWorked) return { mode, open: (_, connectSocket) => connect(connectSocket), close: () => undefined };
  const socket = await connect();
  return { mode, open: async () => socket, close: () => void socket.destroy() };
}

/** The control connection stands, so that host, port and server are right. */
const LET_IN =
  'That is the port that the server named for it: the firewall of the partner has to let in the passive port range of ' +
  'the server, and ours has to let us out to it.';

function notOpened(error: unknown): unknown {
  if (!(error instanceof TransportError) || error.kind === 'cancelled') return error;
  const who =
    error.kind === 'address_refused'
      ? ' Allow the whole passive port range of the server.'
      : error.kind === 'proxy_failed'
        ? ' The proxy has to let connections to the passive port range of the server through.'
        : '';
  const message = `The data connection could not be opened: ${error.message}${who}`;
  return new TransportError(error.kind, error.step, message, { cause: error });
}

function targetOf(
  { endpoint, host }: FtpsSession,
  command: 'EPSV' | 'PASV',
  reply: Reply,
): { host: string; port: number } | null {
  if (command === 'EPSV') {
    const port = reply.code === 229 ? parseEpsvPort(reply.message) : null;
    return port === null ? null : { host, port };
  }
  const named = reply.code === 227 ? parsePasvTarget(reply.message) : null;
  if (named === null) return null;
  const isListed = endpoint.settings.passiveHosts.some((listed) => plainAddress(listed) === named.host);
  return isListed ? named : { host, port: named.port };
}

/** Listens, and tells the server where. */
async function offerPort(session: FtpsSession, command: 'EPRT' | 'PORT', step: StepName): Promise<OpenRaw> {
  const { endpoint, host, localAddress } = session;
  const { activeAddress, activePortFrom, activePortTo, dataTimeoutMs, tcpKeepAliveSeconds } =
    endpoint.settings;
  const announced = plainAddress(activeAddress ?? localAddress);
  requireAnnounceable(session, announced, step);
  const from = activePortFrom ?? activePortTo;
  const listener = await listenActively({
    localAddress,
    serverAddress: host,
    ports: from === null ? null : { from, to: activePortTo ?? from },
    keepAliveSeconds: tcpKeepAliveSeconds,
    step,
  });
  try {
    const { port } = listener;
    requirePermitted(session, { announced, port, step });
    const argument =
      command === 'PORT'
        ? [...announced.split('.'), port >> 8, port & 255].join(',')
        : `|${isIPv4(announced) ? 1 : 2}|${announced}|${port}|`;
    await ask(session, `${command} ${argument}`, command, step).catch((error: unknown) => {
      throw notTaken(error, announced);
    });
    return {
      mode: 'active',
      open: (signal) => listener.accept(dataTimeoutMs, signal),
      close: () => listener.close(),
    };
  } catch (error) {
    listener.close();
    throw error;
  }
}

/** PORT knows IPv4 only, and a server that was reached over one family connects back over it (RFC 2428 section 2). */
function requireAnnounceable({ host }: FtpsSession, announced: string, step: StepName): void {
  if (isIPv4(announced) === isIPv4(host)) return;
  const [ours, theirs] = isIPv4(host) ? ['IPv6', 'IPv4'] : ['IPv4', 'IPv6'];
  const message =
    `The endpoint announces ${announced}, an ${ours} address, over a control connection by ${theirs}. ` +
    `Set our address (activeAddress) to an ${theirs} one, or let the endpoint use ${ours} only.`;
  throw new TransportError('setting_refused', step, message);
}

/** Nobody is sent where Waybill itself may not go: the server would connect there for us. */
function requirePermitted(
  { context, localAddress }: FtpsSession,
  { announced, port, step }: { announced: string; port: number; step: StepName },
): void {
  if (announced === plainAddress(localAddress)) return;
  if (!isDialable(announced, port, context.networkAllow)) throw refusedAddress(announced, port, { step });
}

/** Servers without active mode, and those that connect to no address but the one that they see, such as vsftpd. */
function notTaken(error: unknown, announced: string): unknown {
  const reply = refusalOf(error);
  if (reply === null || !(error instanceof TransportError) || error.kind !== 'protocol_error') return error;
  const message =
    `The server does not take active mode: ${endWithReply(reply)} Check that ${announced} is our address as the ` +
    'server sees it, or let the endpoint open data connections itself (passive mode).';
  return new TransportError('setting_refused', error.step, message, { cause: reply });
}

async function ask(session: FtpsSession, command: string, verb: DataCommand, step: StepName): Promise<Reply> {
  const { channel, endpoint } = session;
  const reply = await (takePortAhead(session, verb) ??
    channel.command(command, { step, timeoutMs: endpoint.idleTimeoutMs }));
  if (reply.code < 400) return reply;
  if (reply.code < 500) channel.distrust(`the server could not open a data connection (${reply.code})`);
  // What 522 says to EPRT is that it does not know the address family (RFC 2428 section 2).
  const meant = verb === 'EPRT' && reply.code === 522 ? { ...reply, code: 504 } : reply;
  const action = `open a data connection (${verb})`;
  throw replyToFailure(meant, { step, action, bare550: 'permission_denied' });
}

/**
 * Asks for the port of the next transfer already, in the write of commands that were just given: a round trip less.
 * Where no transfer follows, the server has opened a port for nothing, until the session ends.
 */
export function askForPortAhead(session: FtpsSession): void {
  const { dataCommand, channel, endpoint } = session;
  if (!channel.mayPipeline || (dataCommand !== 'EPSV' && dataCommand !== 'PASV')) return;
  if (isPortAheadGood(session, dataCommand)) return;
  // Each look is a transfer then, which has asked for its own.
  if (session.looksIntoListings) return;
  const reply = channel.command(dataCommand, { step: 'transfer', timeoutMs: endpoint.idleTimeoutMs });
  // Told when it is needed.
  reply.catch(() => undefined);
  session.portAhead = { command: dataCommand, reply, askedAt: performance.now() };
}

function takePortAhead(session: FtpsSession, verb: DataCommand): Promise<Reply> | undefined {
  const { portAhead } = session;
  const isGood = isPortAheadGood(session, verb);
  session.portAhead = undefined;
  return isGood ? portAhead?.reply : undefined;
}

function isPortAheadGood({ portAhead }: FtpsSession, verb: DataCommand): boolean {
  return portAhead?.command === verb && performance.now() - portAhead.askedAt < AHEAD_MS;
}
