/**
 * Opening the data connection of one transfer: EPSV, else PASV, and always to the peer of the control
 * connection, whatever address the server names (RFC 2428 section 3; PASV's address is wrong behind NAT and
 * an attack otherwise).
 */
import type { Socket } from 'node:net';
import { dial } from '../network-guard.js';
import { TransportError } from '../transport-error.js';
import type { StepName } from '@waybill/contracts/session-facts.js';
import type { FtpsSession } from './ftps-session.js';
import { parseEpsvPort, parsePasvPort } from './passive.js';
import { quoteReply, replyToFailure } from './reply-to-failure.js';

/** Opens the TCP connection for the next transfer. TLS comes after the command was sent. */
export async function openDataConnection(
  session: FtpsSession,
  step: StepName,
  signal: AbortSignal,
): Promise<Socket> {
  if (session.passiveCommand !== null) return openWith(session, session.passiveCommand, step, signal);
  try {
    const socket = await openWith(session, 'EPSV', step, signal);
    session.passiveCommand = 'EPSV';
    return socket;
  } catch (error) {
    // IPv6 has no PASV. Some servers and firewalls know EPSV and still do not let it through.
    const mayTryPasv =
      error instanceof TransportError && isPassiveTrouble(error) && !session.address.includes(':');
    if (!mayTryPasv || !session.channel.usable || signal.aborted) throw error;
  }
  const socket = await openWith(session, 'PASV', step, signal);
  session.passiveCommand = 'PASV';
  return socket;
}

function isPassiveTrouble(error: TransportError): boolean {
  return ['protocol_error', 'server_error', 'connect_failed', 'connect_timeout', 'connection_lost'].includes(
    error.kind,
  );
}

async function openWith(
  session: FtpsSession,
  command: 'EPSV' | 'PASV',
  step: StepName,
  signal: AbortSignal,
): Promise<Socket> {
  const { channel, endpoint, context, address } = session;
  const reply = await channel.command(command, { step, timeoutMs: endpoint.idleTimeoutMs });
  if (reply.code >= 400) {
    if (reply.code < 500) channel.distrust(`the server could not open a data connection (${reply.code})`);
    throw replyToFailure(reply, {
      step,
      action: `open a data connection (${command})`,
      bare550: 'permission_denied',
    });
  }
  const port =
    command === 'EPSV'
      ? reply.code === 229
        ? parseEpsvPort(reply.message)
        : null
      : reply.code === 227
        ? parsePasvPort(reply.message)
        : null;
  if (port === null) {
    const message = `The server's answer to ${command} names no port that can be used: “${quoteReply(reply)}”.`;
    throw new TransportError('protocol_error', step, message);
  }
  try {
    return await dial(address, port, {
      networkAllow: context.networkAllow,
      timeoutMs: endpoint.connectTimeoutMs,
      signal,
      step,
    });
  } catch (error) {
    if (!(error instanceof TransportError) || error.kind === 'address_refused' || error.kind === 'cancelled')
      throw error;
    const message = `The data connection could not be opened: ${error.message} The partner's firewall has to let in the passive port range of the server.`;
    throw new TransportError(error.kind, step, message, { cause: error });
  }
}
