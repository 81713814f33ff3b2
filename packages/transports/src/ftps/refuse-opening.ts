/** The errors for a server that does not let a session begin. */
import { TransportError } from '../transport-error.js';
import { endWithReply, quoteReply, replyToFailure, type Reply } from './reply-to-failure.js';

/** A no for the time being (4xx) may pass; any other is for a person to see to. Neither lets a session go on. */
export function unprotected(
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

/** The server did not answer a step of the opening with what lets it go on. */
export function refusedOpening(
  reply: Reply,
  action: string,
  step: 'connect' | 'tls' | 'login',
): TransportError {
  if (reply.code >= 400) return replyToFailure(reply, { step, action, bare550: 'permission_denied' });
  return new TransportError(
    step === 'login' ? 'login_refused' : 'protocol_error',
    step,
    `The server did not agree to ${action}: “${quoteReply(reply)}”. Ask the partner what it expects.`,
  );
}
