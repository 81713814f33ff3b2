/**
 * ASCII only while one file is moved: sizes, hashes and restarts are of bytes (RFC 959 section 3.1.1.1), and some
 * servers refuse them in any other type. What is text on the way is told in `line-ends.ts`.
 */
import type { FtpsSession } from './ftps-session.js';
import { replyToFailure } from './reply-to-failure.js';

/** Runs the work in the type that the endpoint's settings ask for. */
export async function inTransferType<T>(session: FtpsSession, work: () => Promise<T>): Promise<T> {
  if (session.endpoint.settings.transferType === 'binary') return work();
  await setType(session, 'A');
  try {
    const result = await work();
    await setType(session, 'I');
    return result;
  } catch (error) {
    session.channel.distrust('a transfer in ASCII was not completed');
    throw error;
  }
}

async function setType({ channel, endpoint }: FtpsSession, type: 'A' | 'I'): Promise<void> {
  const step = 'transfer';
  const reply = await channel.command(`TYPE ${type}`, { step, timeoutMs: endpoint.idleTimeoutMs });
  if (reply.code === 200) return;
  channel.distrust(`the server did not switch to TYPE ${type}`);
  const action = type === 'A' ? 'switch to ASCII transfers (TYPE A)' : 'switch back to binary (TYPE I)';
  throw replyToFailure(reply, { step, action, bare550: 'permission_denied' });
}
