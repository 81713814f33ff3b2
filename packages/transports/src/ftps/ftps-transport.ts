/** The operations of an open FTPS session. Paths are checked here, replies are judged in the files beside. */
import { joinPath } from '@waybill/contracts/paths.js';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { splitPath } from '../safe-name.js';
import { TransportError } from '../transport-error.js';
import type { Entry, Listing, ReadResult, Transport, WriteResult } from '../transport.js';
import { recordOf, type FtpsSession } from './ftps-session.js';
import { parseFtpInstant, parseMlsd, parseMlst, parseSize } from './parse-mlsd.js';
import { parsePlainList } from './parse-plain-list.js';
import {
  quoteReply,
  refusalOf,
  replyToFailure,
  type RefusedCommand,
  type Reply,
} from './reply-to-failure.js';
import type { Sink } from './receive-chunks.js';
import { hashByServer } from './server-hash.js';
import { beginTransfer } from './transfer.js';

const MAX_LISTING_BYTES = 40 * 1024 * 1024;
/** A line of a few bytes becomes an entry of some hundred, so bytes alone are no cap on memory. */
const MAX_LISTING_LINES = 500_000;
const LINE_END = 0x0a;
const EMPTY_FOLDER = /no files? (?:were )?found|(?:directory|folder) is empty/i;

export function createFtpsTransport(session: FtpsSession): Transport {
  const { channel, timeline } = session;
  const never = new AbortController().signal;
  const base = session.endpoint.basePath ?? '/';

  /** The path as the server knows it, after the check that it is one. */
  const toServer = (path: string, step: StepName): string => {
    const split = splitPath(path);
    if ('why' in split) {
      throw new TransportError('name_refused', step, `The path cannot be used: ${split.why}.`);
    }
    return joinPath(base, ...split.segments);
  };

  /** Sends a command whose reply must have this first digit; an answer that is neither that nor a no ends the session. */
  const expect = async (firstDigit: number, command: string, what: RefusedCommand): Promise<void> => {
    const reply = await ask(command, what.step);
    if (Math.trunc(reply.code / 100) === firstDigit) return;
    if (reply.code === 421) channel.distrust('the server is closing the session (421)');
    if (reply.code >= 400) throw replyToFailure(reply, what);
    channel.distrust(`the server answered ${reply.code}`);
    const message = `The server did not answer whether it would ${what.action}: “${quoteReply(reply)}”. Ask the partner what its log says.`;
    throw new TransportError('protocol_error', what.step, message);
  };
  const ask = (command: string, step: StepName): Promise<Reply> =>
    channel.command(command, { step, timeoutMs: session.endpoint.idleTimeoutMs });

  const stat = async (path: string, step: StepName): Promise<Entry | null> => {
    const remote = toServer(path, step);
    const absent = (reply: Reply): null => {
      if (reply.code === 550 || (reply.code === 450 && /no such|not found/i.test(reply.message))) return null;
      if (reply.code < 500) channel.distrust(`the server answered ${reply.code}`);
      throw replyToFailure(reply, { step, action: `tell about ${path}`, bare550: 'not_found' });
    };
    if (session.features.has('MLST')) {
      const reply = await ask(`MLST ${remote}`, step);
      if (reply.code !== 250) return absent(reply);
      const entry = parseMlst(reply.message, path);
      if (entry !== null) return entry;
    }
    const sized = await ask(`SIZE ${remote}`, step);
    if (sized.code !== 213) return absent(sized);
    const dated = await ask(`MDTM ${remote}`, step);
    return {
      name: path.slice(path.lastIndexOf('/') + 1),
      path,
      kind: 'file',
      sizeBytes: parseSize(/^213 (\d+)(?=\s|$|,)/.exec(sized.message)?.[1] ?? ''),
      modifiedAt: parseFtpInstant(/^213 (\d{14}(?:\.\d+)?)\s*$/.exec(dated.message)?.[1] ?? ''),
    };
  };

  const transport: Transport = {
    get usable() {
      return channel.usable;
    },

    list: (folder) =>
      timeline.time('list', async (note) => {
        const listing = await listFolder(session, folder, toServer(folder, 'list'), never);
        note(
          `${listing.entries.length} entries` +
            (listing.refused.length > 0 ? `, ${listing.refused.length} names refused` : ''),
        );
        return listing;
      }),

    stat: (path) => stat(path, 'verify'),

    async read(path, sink, signal): Promise<ReadResult> {
      const remote = toServer(path, 'transfer');
      const before = requireFile(path, await stat(path, 'transfer'));
      const bytes = await receiveFile(session, remote, path, withinSize(before, sink), signal);
      return await timeline.time('verify', async (note) => {
        const after = await stat(path, 'verify');
        judgeRead(before, after, bytes);
        const gone = after === null;
        note(
          `${bytes} bytes, as the server ${gone ? 'said before; the file is gone' : 'says before and after'}`,
        );
        return { bytes, gone };
      });
    },

    async write(path, source, signal): Promise<WriteResult> {
      const remote = toServer(path, 'transfer');
      const transfer = await timeline.time('transfer', async (note) => {
        const opened = await beginTransfer(session, {
          command: `STOR ${remote}`,
          step: 'transfer',
          action: `write ${path}`,
          bare550: 'permission_denied',
          signal,
        });
        try {
          const bytes = await opened.send(source);
          note(`${bytes} bytes`);
          return { opened, bytes };
        } catch (error) {
          opened.dispose();
          throw error;
        }
      });
      await timeline.time('confirm', () => transfer.opened.confirm());
      return { bytes: transfer.bytes };
    },

    async hashByServer(path) {
      return await hashByServer(session, toServer(path, 'verify'));
    },

    async rename(from, to) {
      const what = {
        step: 'rename',
        action: `rename ${from} to ${to}`,
        bare550: 'permission_denied',
      } as const;
      const [remoteFrom, remoteTo] = [toServer(from, 'rename'), toServer(to, 'rename')];
      await expect(3, `RNFR ${remoteFrom}`, { ...what, bare550: 'not_found' });
      await expect(2, `RNTO ${remoteTo}`, what);
    },

    async remove(path) {
      const reply = await ask(`DELE ${toServer(path, 'cleanup')}`, 'cleanup');
      if (reply.code < 300) return;
      if (reply.code === 550 && (await stat(path, 'cleanup')) === null) return;
      if (reply.code < 500) channel.distrust(`the server answered ${reply.code}`);
      throw replyToFailure(reply, {
        step: 'cleanup',
        action: `remove ${path}`,
        bare550: 'permission_denied',
      });
    },

    record({ drain = false } = {}) {
      const record = recordOf(session);
      if (drain) {
        timeline.clear();
        session.dialogue.clear();
      }
      return record;
    },

    close: () => channel.close(),
  };
  return transport;
}

/** Receives one file; both channels have said that it is complete when this resolves. */
async function receiveFile(
  session: FtpsSession,
  remote: string,
  path: string,
  sink: Sink,
  signal: AbortSignal,
): Promise<number> {
  return await session.timeline.time('transfer', async (note) => {
    const transfer = await beginTransfer(session, {
      command: `RETR ${remote}`,
      step: 'transfer',
      action: `read ${path}`,
      // It has just told its size, so it is there.
      bare550: 'permission_denied',
      signal,
    });
    try {
      const bytes = await transfer.receive(sink);
      await transfer.confirm();
      note(`${bytes} bytes`);
      return bytes;
    } finally {
      transfer.dispose();
    }
  });
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
function withinSize({ path, sizeBytes }: MeasurableFile, sink: Sink): Sink {
  let bytes = 0;
  return (chunk) => {
    bytes += chunk.length;
    if (bytes <= sizeBytes) return sink(chunk);
    const message =
      `The server sends more than the ${sizeBytes} bytes that it says ${path} has. ` +
      'Try again when the file is complete; if it repeats, ask the partner.';
    throw new TransportError('size_mismatch', 'transfer', message);
  };
}

/**
 * Whether what was received is the whole file. A data connection that was cut ends like one that was closed
 * (Node does not tell a missing TLS close_notify), so only the count shows it. A file that is gone by now may have
 * been given once only (mailboxes do so): refusing what came of it would lose it.
 */
function judgeRead(before: MeasurableFile, after: Entry | null, bytes: number): void {
  const changed =
    after !== null &&
    (after.sizeBytes !== before.sizeBytes ||
      (before.modifiedAt !== null && after.modifiedAt?.getTime() !== before.modifiedAt.getTime()));
  if (changed) {
    throw new TransportError(
      'source_changed',
      'verify',
      `${before.path} changed on the server while it was read. Try again when the partner has finished writing it.`,
    );
  }
  if (bytes === before.sizeBytes) return;
  const message = `The server called the transfer complete, but ${bytes} of ${before.sizeBytes} bytes arrived. Try again.`;
  throw new TransportError('truncated', 'verify', message);
}

async function listFolder(
  session: FtpsSession,
  folder: string,
  remote: string,
  signal: AbortSignal,
): Promise<Listing> {
  const machineReadable = session.features.has('MLST');
  const chunks: Buffer[] = [];
  let bytes = 0;
  let lines = 0;
  try {
    const transfer = await beginTransfer(session, {
      command: `${machineReadable ? 'MLSD' : 'LIST'} ${remote}`,
      step: 'list',
      action: `list ${folder}`,
      bare550: 'not_found',
      signal,
    });
    try {
      await transfer.receive((chunk) => {
        bytes += chunk.length;
        lines += countLineEnds(chunk);
        if (bytes > MAX_LISTING_BYTES || lines > MAX_LISTING_LINES) throw listingTooLarge(folder);
        chunks.push(Buffer.from(chunk));
      });
      await transfer.confirm();
    } finally {
      transfer.dispose();
    }
  } catch (error) {
    // Some servers call it an error when a folder is empty.
    const words = refusalOf(error)?.message ?? '';
    if (bytes === 0 && EMPTY_FOLDER.test(words) && session.channel.usable) {
      return { entries: [], refused: [] };
    }
    throw error;
  }
  // vsftpd lists a folder that does not exist as an empty one (150, nothing, 226): that must not be believed.
  if (bytes === 0 && !machineReadable) await enterFolder(session, folder, remote);
  const text = Buffer.concat(chunks).toString('utf8');
  return machineReadable ? parseMlsd(text, folder) : parsePlainList(text, folder);
}

/** Fails where the folder does not exist. Where we are does not matter otherwise: every path is absolute. */
async function enterFolder(session: FtpsSession, folder: string, remote: string): Promise<void> {
  const timeoutMs = session.endpoint.idleTimeoutMs;
  const reply = await session.channel.command(`CWD ${remote}`, { step: 'list', timeoutMs });
  if (reply.code >= 300) {
    throw replyToFailure(reply, { step: 'list', action: `list ${folder}`, bare550: 'not_found' });
  }
}

function countLineEnds(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) count += 1;
  return count;
}

function listingTooLarge(folder: string): TransportError {
  const message = `The listing of ${folder} has more than ${MAX_LISTING_LINES} lines or 40 MiB. Ask the partner to clear the folder, or use a subfolder.`;
  return new TransportError('listing_too_large', 'list', message);
}
