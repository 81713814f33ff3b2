/**
 * The data connection of one transfer: agreed on before its command is sent, opened, and protected as the session is.
 * It leads to the host of the control connection, whatever address the server names (behind NAT that is wrong, and
 * from a hostile server somebody else's), unless the endpoint lists that address.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, TLSSocket, type ConnectionOptions } from 'node:tls';
import type { StepName } from '@waybill/contracts/session-facts.js';
import type { ConnectSocket } from '../network-guard.js';
import { cancelledAt, TransportError } from '../transport-error.js';
import { agreeOnDataPort } from './agree-on-data-port.js';
import type { FtpsSession } from './ftps-session.js';
import type { Intake } from './intake.js';
import { readTlsFacts, startTls, watchTls, type HandshakeLimits } from './start-tls.js';
import { identityOf, keyGroupOf, tlsOptionsFor } from './tls-trust.js';

export interface DataConnection {
  /** Opens and protects it; only after the command was sent, as some servers take a handshake before it for a fault. */
  secure(): Promise<SecureData>;
  /** Frees it, at whatever stage it is. */
  destroy(): void;
}

export interface SecureData {
  socket: Socket;
  /** Where it puts what it reads; null where it hands that on. */
  intake: Intake | null;
}

/**
 * Agrees with the server on a data connection.
 * @param what.intake what it may read into; null where nothing is to be read
 * @throws TransportError as `agreeOnDataPort`
 */
export async function prepareDataConnection(
  session: FtpsSession,
  { step, signal, intake }: { step: StepName; signal: AbortSignal; intake: Intake | null },
): Promise<DataConnection> {
  const raw = await agreeOnDataPort(session, step, signal);
  let socket: Socket | null = null;
  let isDestroyed = false;
  return {
    async secure() {
      const options = isClear(session) ? null : dataTlsOptions(session);
      const isRead = intake !== null && options !== null;
      socket = await raw.open(signal, isRead ? connectInto(intake, options) : undefined);
      if (isDestroyed) {
        socket.destroy();
        throw cancelledAt(step);
      }
      session.facts.dataMode = raw.mode;
      if (options === null) return { socket, intake: null };
      const limits = handshakeLimits(session, { step, signal });
      // Where it is opened straight to the server, the handshake begins by itself.
      const hasBegun = socket instanceof TLSSocket;
      const tls = hasBegun ? watchTls(socket as TLSSocket, limits) : startTls(socket, options, limits);
      await tls.secured;
      session.facts.data = readTlsFacts(tls.socket, session.facts.control);
      requireResumption(session, tls.socket, step);
      socket = tls.socket;
      return { socket, intake: hasBegun ? intake : null };
    },
    destroy() {
      isDestroyed = true;
      raw.close();
      socket?.destroy();
    },
  };
}

/** Whether its data connections have TLS, and resume no session because the endpoint says so. */
export function isResumptionOff(session: FtpsSession): boolean {
  return session.endpoint.settings.tlsResumption === 'off' && !isClear(session);
}

/** What was agreed, never what the server does. */
function isClear({ facts }: FtpsSession): boolean {
  return facts.dataProtection === 'clear' || facts.dataProtection === 'none';
}

function dataTlsOptions(session: FtpsSession): ConnectionOptions {
  const { endpoint } = session;
  session.dataTls ??= tlsOptionsFor(endpoint, keyGroupOf(session.channel.ftp.socket));
  const isResumable = endpoint.settings.tlsResumption !== 'off';
  // A copy, as Node writes into what it gets.
  return { ...session.dataTls, ...(isResumable && { session: session.tlsSession }) };
}

/**
 * TCP and TLS by one socket that reads into the intake: one that is laid over another cannot. Only where Node takes the
 * session to be resumed for one of the same server, which it tells by the name or else by what is dialled.
 */
function connectInto(intake: Intake, options: ConnectionOptions): ConnectSocket {
  return (tcp) =>
    options.servername !== '' || options.host === tcp.host
      ? connect({ ...options, ...tcp, onread: intake.onread } as ConnectionOptions)
      : connectTcp(tcp);
}

function handshakeLimits(
  session: FtpsSession,
  { step, signal }: { step: StepName; signal: AbortSignal },
): HandshakeLimits {
  const { endpoint } = session;
  return {
    timeoutMs: endpoint.settings.dataTimeoutMs,
    signal,
    step,
    channel: 'data connection',
    identity: identityOf(endpoint),
    onSession: (tlsSession) => {
      session.tlsSession = tlsSession;
    },
  };
}

/** Before a byte was taken or sent. */
function requireResumption({ endpoint }: FtpsSession, socket: TLSSocket, step: StepName): void {
  if (endpoint.settings.tlsResumption !== 'required' || socket.isSessionReused()) return;
  socket.destroy();
  const message =
    'The data connection did not resume the TLS session of the control connection, which the endpoint requires, so ' +
    'nothing was moved. Ask the partner to allow TLS session resumption, or set resumption to preferred.';
  throw new TransportError('protection_refused', step, message);
}
