/** One file of the server, and whether what came of it is the whole of it. */
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import { hasChanged, refuseChanged } from '../refuse-changed.js';
import { TransportError } from '../transport-error.js';
import type { CopyOptions, Entry, ReadOptions, ReadResult, Sink } from '../transport.js';
import { askForPortAhead } from './agree-on-data-port.js';
import { keepAskedAhead } from './asked-ahead.js';
import { lookAtNext, statFile, statFileOnce } from './file-commands.js';
import { serverPath } from './server-path.js';
import type { FtpsSession } from './ftps-session.js';
import { createLocalLines } from './line-ends.js';
import { askForHash, isHashReady } from './server-hash.js';
import { inTransferType } from './transfer-type.js';
import { beginTransfer, type Transfer } from './transfer.js';

/** A larger file takes so long that a round trip does not count. */
const MOST_HASHED_AHEAD_BYTES = 1024 * 1024;

/** As `read` of a transport. */
export async function readFile(
  session: FtpsSession,
  path: string,
  sink: Sink,
  options: ReadOptions,
): Promise<ReadResult> {
  const before = requireFile(path, await statFileOnce(session, path, 'transfer'));
  refuseChanged(path, options.expected, before);
  const isAhead = session.lastLook?.isAhead === true;
  const { bytes, startedAt } = await inTransferType(session, () =>
    receiveFile(session, before, sink, options),
  );
  return await session.timeline.time('verify', async (note) => {
    const look = statFile(session, path, 'verify');
    askForWhatFollows(session, before, options);
    const after = await look;
    judgeRead(before, after, isText(session) ? null : startedAt + bytes);
    const gone = after === null;
    const size = countOf(startedAt + bytes, 'byte');
    const firstly = isAhead ? 'said with the file before this one' : 'said before';
    const when = gone ? `${firstly}; the file is gone` : `${firstly} and says after`;
    note(isText(session) ? `${size}, which cannot be compared in ASCII` : `${size}, as the server ${when}`);
    return { bytes, startedAt, gone };
  });
}

/**
 * In the write of the look: the hash of this file, how the next one is, and a port for it. The next one comes last of
 * all that is to be asked about this one: where the server falls silent over it, that costs nothing here.
 */
function askForWhatFollows(
  session: FtpsSession,
  { path, sizeBytes }: MeasurableFile,
  { hashWith = null, nextPath = null }: ReadOptions,
): void {
  // Each look is a transfer then.
  if (!session.channel.mayPipeline || session.looksIntoListings) return;
  const remote = serverPath(session, path, 'verify');
  // The server reads it all again, for which nobody is to wait who finds that it has changed.
  const isHashed =
    hashWith !== null && isHashReady(session, hashWith) && sizeBytes <= MOST_HASHED_AHEAD_BYTES;
  const hash = isHashed
    ? { remote, algorithm: hashWith, hash: askForHash(session, remote, { algorithm: hashWith }) }
    : null;
  const isLastWord = hashWith === null || isHashed;
  const looks =
    nextPath !== null && isLastWord
      ? [{ path: nextPath, withTime: true, entry: lookAtNext(session, nextPath) }]
      : [];
  askForPortAhead(session);
  keepAskedAhead(session, { looks, hash });
}

/** Receives one file; both channels have said that it is complete when this resolves. */
async function receiveFile(
  session: FtpsSession,
  file: MeasurableFile,
  sink: Sink,
  { signal, startAt = 0 }: CopyOptions,
): Promise<{ bytes: number; startedAt: number }> {
  return await session.timeline.time('transfer', async (note) => {
    const command = `RETR ${serverPath(session, file.path, 'transfer')}`;
    const transfer = await beginTransfer(session, {
      command,
      receives: true,
      step: 'transfer',
      action: `read ${file.path}`,
      // It has just told its size, so it is there.
      bare550: 'permission_denied',
      signal,
      ...(startAt > 0 && { restart: { at: startAt, otherwise: command } }),
    });
    try {
      const startedAt = transfer.isRestarted ? startAt : 0;
      const receive = isText(session) ? receiveText : receiveBytes;
      const bytes = await receive(transfer, { file, startedAt, sink });
      await transfer.confirm();
      note(countOf(bytes, 'byte') + (startedAt > 0 ? ` from byte ${formatCount(startedAt)} on` : ''));
      return { bytes, startedAt };
    } finally {
      transfer.dispose();
    }
  });
}

interface Receiving {
  file: MeasurableFile;
  startedAt: number;
  sink: Sink;
}

function receiveBytes(transfer: Transfer, { file, startedAt, sink }: Receiving): Promise<number> {
  return transfer.receive(withinSize(file, startedAt, sink));
}

/** @returns how many bytes the text has here */
async function receiveText(transfer: Transfer, { file, startedAt, sink }: Receiving): Promise<number> {
  const lines = createLocalLines();
  let position = startedAt;
  const handOn = async (text: Buffer): Promise<void> => {
    if (text.length === 0) return;
    const textAt = position;
    position += text.length;
    await sink(text, textAt);
  };
  // Every line end may be two bytes on the way.
  const limit = { ...file, sizeBytes: 2 * file.sizeBytes };
  const onTheWay = await transfer.receive(withinSize(limit, startedAt, (chunk) => handOn(lines.take(chunk))));
  await handOn(lines.rest());
  // A line end is never less on the way than at the server, so this much is known even of text. How many are less there
  // is not: a server may have lines of both kinds in one file, so what is cut off and no longer than that does not show.
  if (onTheWay < file.sizeBytes - startedAt) throw truncated(onTheWay, file);
  return position - startedAt;
}

function isText({ endpoint }: FtpsSession): boolean {
  return endpoint.settings.transferType === 'ascii';
}

/** A file that what arrives of it can be measured by. */
type MeasurableFile = Entry & { sizeBytes: number };

function requireFile(path: string, entry: Entry | null): MeasurableFile {
  if (entry === null) {
    const message = `There is no file ${path} on the server. Check the path.`;
    throw new TransportError('not_found', 'transfer', message);
  }
  const { sizeBytes } = entry;
  if (sizeBytes !== null) return { ...entry, sizeBytes };
  const message = `The server does not tell the size of ${path}, so it could not be shown that all of it arrived.`;
  throw new TransportError('protocol_error', 'transfer', message);
}

/** The sink, which takes nothing from the chunk on with which there is more than the file has: it may be endless. */
function withinSize(
  { path, sizeBytes }: MeasurableFile,
  startedAt: number,
  sink: Sink,
): (chunk: Buffer) => Promise<void> | void {
  let position = startedAt;
  return (chunk) => {
    const chunkAt = position;
    position += chunk.length;
    if (position <= sizeBytes) return sink(chunk, chunkAt);
    const asked =
      startedAt > 0
        ? ` It was to begin at byte ${formatCount(startedAt)}, and may have begun elsewhere.`
        : '';
    const message =
      `The server sends more than the ${countOf(sizeBytes, 'byte')} that it says ${path} has.${asked} ` +
      'The partner may still be writing it; if it repeats, ask.';
    throw new TransportError('size_mismatch', 'transfer', message);
  };
}

/**
 * Whether what was received is the whole file. A data connection that was cut ends like one that was closed
 * (Node does not tell a missing TLS close_notify), so only the count shows it. A file that is gone by now may have
 * been given once only (mailboxes do so): refusing what came of it would lose it.
 * @param bytes null where they cannot be compared with the size
 */
function judgeRead(before: MeasurableFile, after: Entry | null, bytes: number | null): void {
  if (after !== null && hasChanged(before, after)) {
    throw new TransportError(
      'source_changed',
      'verify',
      `${before.path} changed on the server while it was read. The partner may still be writing it.`,
    );
  }
  if (bytes === null || bytes === before.sizeBytes) return;
  throw truncated(bytes, before);
}

function truncated(bytes: number, { sizeBytes }: MeasurableFile): TransportError {
  const message =
    `The server called the transfer complete, but ${formatCount(bytes)} of ${countOf(sizeBytes, 'byte')} arrived. ` +
    'If it repeats, ask the partner to look at the log of the server.';
  return new TransportError('truncated', 'verify', message);
}
