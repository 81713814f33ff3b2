/** One file to the server. */
import { countOf } from '@waybill/contracts/count-of.js';
import { TransportError } from '../transport-error.js';
import type { WriteResult } from '../transport.js';
import { serverPath } from './file-commands.js';
import type { FtpsSession } from './ftps-session.js';
import { endWithReply, refusalOf, replyToFailure } from './reply-to-failure.js';
import { beginTransfer } from './transfer.js';

/** As `write` of a transport: resolves when both channels have said that the file is complete. */
export async function writeFile(
  session: FtpsSession,
  path: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<WriteResult> {
  const { timeline } = session;
  const remote = serverPath(session, path, 'transfer');
  // What is written has a name of our own making, so a no is one to the folder.
  const folder = remote.slice(0, remote.lastIndexOf('/')) || '/';
  const { transfer, bytes } = await timeline.time('transfer', async (note) => {
    const transfer = await beginTransfer(session, {
      command: `STOR ${remote}`,
      step: 'transfer',
      action: `write into the folder ${folder}`,
      bare550: 'permission_denied',
      signal,
    }).catch(async (error: unknown) => {
      throw (await missingFolder(session, folder, error)) ?? error;
    });
    try {
      const bytes = await transfer.send(source);
      note(countOf(bytes, 'byte'));
      return { transfer, bytes };
    } catch (error) {
      transfer.dispose();
      throw error;
    }
  });
  await timeline.time('confirm', () => transfer.confirm());
  return { bytes };
}

/** The failure to tell where the folder cannot be entered; null where that is not why the server said no. */
async function missingFolder(
  { channel, endpoint }: FtpsSession,
  folder: string,
  refusal: unknown,
): Promise<TransportError | null> {
  const mayBeFolder =
    refusal instanceof TransportError && ['not_found', 'permission_denied'].includes(refusal.kind);
  if (!mayBeFolder || refusalOf(refusal) === null || !channel.usable) return null;
  const step = 'transfer';
  const reply = await channel
    .command(`CWD ${folder}`, { step, timeoutMs: endpoint.idleTimeoutMs })
    // What the server said to the file is told.
    .catch(() => null);
  // pyftpdlib 1.5 says 226 once more when the data connection of a refused command is closed: from then on each answer
  // would be taken for that of the next command.
  if (reply === null || reply.code === 250) return null;
  if (reply.code < 500) {
    channel.distrust(`the server answered ${reply.code} to CWD`);
    return null;
  }
  const failure = replyToFailure(reply, { step, action: `open the folder ${folder}`, bare550: 'not_found' });
  if (failure.kind !== 'not_found') return failure;
  const message =
    `The server has no folder ${folder}, or does not show it to this account: ${endWithReply(reply)} ` +
    'Ask the partner to make it, or correct the target path of the route.';
  return new TransportError('not_found', step, message, { cause: failure.cause });
}
