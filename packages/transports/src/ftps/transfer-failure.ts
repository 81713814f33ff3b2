/** What a transfer that went wrong is told as, of all that its two connections and the server said of it. */
import type { StepName } from '@waybill/contracts/session-facts.js';
import { cancelledAt, TransportError } from '../transport-error.js';
import { SilenceError } from './receive-chunks.js';
import { replyToFailure, type RefusedCommand, type Reply } from './reply-to-failure.js';

/** A server that closed the data connection with an error often says why, a moment later. */
const REPLY_GRACE_MS = 1000;
/** What the socket says of a data connection that we never had, or gave up on. */
const NEVER_OPENED: ReadonlySet<string> = new Set([
  'connect_failed',
  'connect_timeout',
  'proxy_failed',
  'stalled',
]);
/** What it says of one that the server gave up, because it refuses the command or what came of the handshake. */
const MAY_ECHO_A_NO: ReadonlySet<string> = new Set([
  ...NEVER_OPENED,
  'connection_lost',
  'tls_failed',
  'client_certificate_refused',
]);

interface BrokenOff {
  what: RefusedCommand;
  signal: AbortSignal;
  /** The final reply that is still to come; null where nothing was asked yet. */
  reply: Promise<Reply> | null;
}

/** The error to tell: cancelling wins, then the server's own words, then what the socket said. */
export async function brokenOff({ what, signal, reply }: BrokenOff, error: unknown): Promise<TransportError> {
  const { step } = what;
  if (signal.aborted) return cancelledAt(step);
  if (error instanceof TransportError && !MAY_ECHO_A_NO.has(error.kind)) return error;
  const said = reply === null ? null : await Promise.race([reply.catch(() => null), delay(REPLY_GRACE_MS)]);
  // That the connection was closed (426), or is not there (425), is no news where we gave up on it or never had it.
  const wasNotOpened = error instanceof TransportError && NEVER_OPENED.has(error.kind);
  const isOurDoing =
    (said?.code === 426 && error instanceof SilenceError) ||
    (wasNotOpened && (said?.code === 425 || said?.code === 426));
  if (said !== null && said.code >= 300 && !isOurDoing) return replyToFailure(said, what);
  if (error instanceof TransportError) return error;
  if (error instanceof SilenceError) return new TransportError('stalled', step, error.message);
  const message =
    'The data connection broke off in the middle of the transfer. If it repeats, ' +
    'ask the partner to look at the log of the server and at the firewall.';
  return new TransportError('connection_lost', step, message, { cause: error });
}

export function resetAtEnd(): TransportError {
  const message =
    'The server called the transfer complete, but the data connection was reset, and nothing can be compared. ' +
    'If it repeats, ask the partner what its log says.';
  return new TransportError('connection_lost', 'confirm', message);
}

export function early(step: StepName): TransportError {
  const message =
    'The server called the transfer complete before all was sent. Ask the partner what its log says.';
  return new TransportError('protocol_error', step, message);
}

export function unconfirmed(step: StepName, timeoutMs: number): TransportError {
  const seconds = Math.round(timeoutMs / 1000);
  const message =
    `All bytes went over, but the server did not confirm the transfer within ${seconds} s. ` +
    'If it repeats, ask the partner what its log says.';
  return new TransportError('stalled', step, message);
}

function delay(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}
