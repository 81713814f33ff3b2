/** What the failures of the control connection itself are for people; a server's refusal is none of them. */
import type { StepName } from '@waybill/contracts/session-facts.js';
import { TransportError } from '../transport-error.js';
import { quoteReply, type Reply } from './reply-to-failure.js';
import { ReplyTooLongError } from './split-reply-guard.js';

export interface CommandLimits {
  step: StepName;
  /** How long until the whole answer must be there, from when nothing is to be answered before it. */
  timeoutMs: number;
}

/** Why the channel closed, when we closed it ourselves. */
export class ClosedByUsError extends Error {
  override readonly name = 'ClosedByUsError';
  constructor(readonly failure: TransportError) {
    super(failure.message);
  }
}

/** The error for what a socket, the library or we ended the connection with. */
export function controlFailure(error: unknown, step: StepName): TransportError {
  if (error instanceof TransportError) return error;
  if (error instanceof ClosedByUsError) return withStep(error.failure, step);
  if (error instanceof ReplyTooLongError) {
    const message = 'The server sent a reply without end. Ask the partner what answers on this port.';
    return new TransportError('protocol_error', step, message, { cause: error });
  }
  return new TransportError(
    'connection_lost',
    step,
    'The server closed the control connection. If it repeats, ask the partner what its log says.',
    { cause: error },
  );
}

function withStep(failure: TransportError, step: StepName): TransportError {
  if (failure.step === step) return failure;
  return new TransportError(failure.kind, step, failure.message, { cause: failure });
}

/** The error for replies of which none is the last. */
export function endlessReplies(count: number, step: StepName): TransportError {
  const message = `The server sent more than ${count} replies in a row that end no command. Ask the partner what answers on this port.`;
  return new TransportError('protocol_error', step, message);
}

/** The error for a reply that is neither a yes nor a no, nor about something that is still to come. */
export function noSuchCode(reply: Reply, step: StepName): TransportError {
  const message = `The server sent a reply with a code that there is not: “${quoteReply(reply)}”. Ask the partner what answers on this port.`;
  return new TransportError('protocol_error', step, message);
}

/** The error for an answer that did not come in time. */
export function silent(text: string | null, limits: CommandLimits): TransportError {
  const seconds = Math.round(limits.timeoutMs / 1000);
  const verb = text === null ? 'a greeting' : `an answer to ${text.split(' ')[0]}`;
  const hint =
    text === null
      ? 'Check host, port and protocol of the endpoint; if they are right, ask the partner.'
      : 'If it repeats, ask the partner.';
  return new TransportError(
    'stalled',
    limits.step,
    `The server did not give ${verb} within ${seconds} s. ${hint}`,
  );
}
