/** One file to the server. */
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import { asTransportError, CannotResumeError, TransportError } from '../transport-error.js';
import type { CopyOptions, WriteResult } from '../transport.js';
import { statSize } from './file-commands.js';
import { serverPath } from './server-path.js';
import type { FtpsSession } from './ftps-session.js';
import { toNetworkLines } from './line-ends.js';
import { endWithReply, refusalOf, replyToFailure } from './reply-to-failure.js';
import { offeredAlgorithm } from './server-hash.js';
import { inTransferType } from './transfer-type.js';
import { beginTransfer, type Restart, type Transfer } from './transfer.js';

/** As `write` of a transport: resolves when both channels have said that the file is complete. */
export async function writeFile(
  session: FtpsSession,
  path: string,
  source: AsyncIterable<Uint8Array>,
  { signal, startAt = 0 }: CopyOptions,
): Promise<WriteResult> {
  return inTransferType(session, async () => {
    if (session.endpoint.settings.transferType === 'binary')
      return sendFile(session, path, source, { signal, startAt });
    const { lines, taken } = toNetworkLines(source);
    await sendFile(session, path, lines, { signal, startAt });
    return { bytes: taken() };
  });
}

async function sendFile(
  session: FtpsSession,
  path: string,
  source: AsyncIterable<Uint8Array>,
  { signal, startAt }: Required<CopyOptions>,
): Promise<WriteResult> {
  const { timeline } = session;
  const remote = serverPath(session, path, 'transfer');
  // What is written has a name of our own making, so a no is one to the folder.
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  const asked = noteWhenAsked(source);
  const { transfer, bytes } = await timeline.time('transfer', async (note) => {
    if (startAt > 0) await requireSize(session, path, startAt);
    let transfer: Transfer | null = null;
    try {
      transfer = await beginTransfer(session, {
        ...commandsFor(session, remote, startAt),
        step: 'transfer',
        action: `write into the folder ${folder}`,
        bare550: 'permission_denied',
        signal,
      });
      const bytes = await transfer.send(asked.source);
      note(countOf(bytes, 'byte') + (startAt > 0 ? ` from byte ${formatCount(startAt)} on` : ''));
      return { transfer, bytes };
    } catch (error) {
      transfer?.dispose();
      if (startAt > 0 && !asked.wasAsked() && refusalOf(error) !== null) throw notResumable(error);
      if (transfer !== null) throw error;
      throw (await missingFolder(session, folder, error)) ?? error;
    }
  });
  await timeline.time('confirm', async (note) => {
    await transfer.confirm();
    note('the server calls it complete');
  });
  return { bytes };
}

/**
 * In the middle of a file: REST and STOR where the server offers that and a hole is sure to be found at the end, else
 * APPE. Some servers empty a file at STOR although they agreed to REST; what they leave has the right length, and a hole
 * before it.
 */
function commandsFor(
  session: FtpsSession,
  remote: string,
  startAt: number,
): { command: string; restart?: Restart } {
  if (startAt === 0) return { command: `STOR ${remote}` };
  const append = `APPE ${remote}`;
  const mayRestart = /\bSTREAM\b/i.test(session.features.get('REST') ?? '') && findsHoles(session);
  if (!mayRestart) return { command: append };
  return { command: `STOR ${remote}`, restart: { at: startAt, otherwise: append } };
}

/** Whether the endpoint's settings insist on comparing all of it; else a server that gives no hash is taken at the size. */
function findsHoles({ endpoint, features }: FtpsSession): boolean {
  const { verification } = endpoint.settings;
  return (
    verification === 'read_back' || (verification === 'server_hash' && offeredAlgorithm(features) !== null)
  );
}

async function requireSize(session: FtpsSession, path: string, startAt: number): Promise<void> {
  const entry = await statSize(session, path, 'transfer');
  if (entry?.sizeBytes === startAt) return;
  const size = entry === null ? 'is not there' : `has ${countOf(entry.sizeBytes, 'byte')}`;
  const message = `${path} ${size} at the server, and could only go on after ${formatCount(startAt)}.`;
  throw new CannotResumeError('size_mismatch', 'transfer', message);
}

function notResumable(refusal: unknown): CannotResumeError {
  const { kind, step, message } = asTransportError(refusal, 'transfer');
  return new CannotResumeError(kind, step, message, { cause: refusal });
}

function noteWhenAsked(source: AsyncIterable<Uint8Array>) {
  let asked = false;
  return {
    wasAsked: () => asked,
    source: {
      [Symbol.asyncIterator]() {
        asked = true;
        return source[Symbol.asyncIterator]();
      },
    },
  };
}

/** The failure to tell where the folder cannot be entered; null where that is not why the server said no. */
async function missingFolder(
  session: FtpsSession,
  folder: string,
  refusal: unknown,
): Promise<TransportError | null> {
  const { channel, endpoint } = session;
  const mayBeFolder =
    refusal instanceof TransportError && ['not_found', 'permission_denied'].includes(refusal.kind);
  if (!mayBeFolder || refusalOf(refusal) === null || !channel.usable) return null;
  const step = 'transfer';
  const reply = await channel
    .command(`CWD ${serverPath(session, folder, step)}`, { step, timeoutMs: endpoint.idleTimeoutMs })
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
  const { basePath = '/', settings } = endpoint;
  const isForTemporaries =
    settings.temporaryName === 'folder' && settings.temporaryFolder?.replace(/\/+$/, '') === folder;
  const below = basePath === '/' ? '' : ` below the endpoint's base folder ${basePath}`;
  const message =
    `The server has no folder ${folder}${below}, or does not show it to this account: ${endWithReply(reply)} ` +
    `Ask the partner to make it, or correct the ${isForTemporaries ? 'folder for temporary names at the endpoint' : 'target path of the route'}.`;
  return new TransportError('not_found', step, message, { cause: failure.cause });
}
