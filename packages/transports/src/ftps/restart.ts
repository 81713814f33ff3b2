/** Where in a file the next transfer begins (REST, RFC 3659 section 5). Nothing may come between the two commands. */
import type { StepName } from '@waybill/contracts/session-facts.js';
import { TransportError } from '../transport-error.js';
import type { FtpsSession } from './ftps-session.js';
import { replyToFailure } from './reply-to-failure.js';

/** REST, where it is asked for: whether the next transfer will begin at that byte. @throws TransportError */
export async function agreeOnRestart(
  session: FtpsSession,
  at: number | undefined,
  step: StepName,
): Promise<boolean> {
  const isRestarted = at !== undefined && (await restart(session, at, step));
  // A server may keep it for the next command where it refused the one that it was for.
  if (!isRestarted && session.restartIsPending) await forgetRestart(session, step);
  session.restartIsPending = isRestarted;
  return isRestarted;
}

async function restart({ channel, endpoint }: FtpsSession, at: number, step: StepName): Promise<boolean> {
  const reply = await channel.command(`REST ${at}`, { step, timeoutMs: endpoint.idleTimeoutMs });
  if (reply.code === 350) return true;
  if (reply.code >= 500) return false;
  channel.distrust(`the server answered ${reply.code} to REST`);
  throw replyToFailure(reply, { step, action: `begin at byte ${at}`, bare550: 'permission_denied' });
}

async function forgetRestart(session: FtpsSession, step: StepName): Promise<void> {
  if (await restart(session, 0, step)) return;
  session.channel.distrust('it may begin the next transfer in the middle of the file');
  const message = 'The server would not go back to the beginning of files (REST 0). A new session is needed.';
  throw new TransportError('protocol_error', step, message);
}
