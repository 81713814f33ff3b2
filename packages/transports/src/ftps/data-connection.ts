/**
 * The data connection of one transfer: agreed on before its command is sent, opened, and protected as the session is.
 * It leads to the host of the control connection, whatever address the server names (behind NAT that is wrong, and
 * from a hostile server somebody else's), unless the endpoint lists that address.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { cancelledAt, TransportError } from '../transport-error.js';
import { agreeOnDataPort } from './agree-on-data-port.js';
import type { FtpsSession } from './ftps-session.js';
import { readTlsFacts, startTls } from './start-tls.js';
import { identityOf, keyGroupOf, tlsOptionsFor } from './tls-trust.js';

export interface DataConnection {
  /** Opens and protects it; only after the command was sent, as some servers take a handshake before it for a fault. */
  secure(): Promise<Socket>;
  /** Frees it, at whatever stage it is. */
  destroy(): void;
}

/**
 * Agrees with the server on a data connection.
 * @throws TransportError as `agreeOnDataPort`
 */
export async function prepareDataConnection(
  session: FtpsSession,
  step: StepName,
  signal: AbortSignal,
): Promise<DataConnection> {
  const raw = await agreeOnDataPort(session, step, signal);
  let socket: Socket | null = null;
  let isDestroyed = false;
  return {
    async secure() {
      socket = await raw.open(signal);
      if (isDestroyed) {
        socket.destroy();
        throw cancelledAt(step);
      }
      session.facts.dataMode = raw.mode;
      if (isClear(session)) return socket;
      const tls = startDataTls(session, socket, { step, signal });
      await tls.secured;
      session.facts.data = readTlsFacts(tls.socket, session.facts.control);
      requireResumption(session, tls.socket, step);
      socket = tls.socket;
      return socket;
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

function startDataTls(
  session: FtpsSession,
  raw: Socket,
  { step, signal }: { step: StepName; signal: AbortSignal },
): ReturnType<typeof startTls> {
  const { endpoint } = session;
  session.dataTls ??= tlsOptionsFor(endpoint, keyGroupOf(session.channel.ftp.socket));
  const isResumable = endpoint.settings.tlsResumption !== 'off';
  return startTls(
    raw,
    // A copy, as Node writes into what it gets.
    { ...session.dataTls, ...(isResumable && { session: session.tlsSession }) },
    {
      timeoutMs: endpoint.settings.dataTimeoutMs,
      signal,
      step,
      channel: 'data connection',
      identity: identityOf(endpoint),
      onSession: (tlsSession) => {
        session.tlsSession = tlsSession;
      },
    },
  );
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
