/** One folder of the server: MLSD where it has it, else LIST; capped, and an empty one told from none. */
import { TransportError } from '../transport-error.js';
import type { Listing } from '../transport.js';
import { serverPath } from './server-path.js';
import type { FtpsSession } from './ftps-session.js';
import { parseMlsd } from './parse-mlsd.js';
import { parsePlainList } from './parse-plain-list.js';
import { NOT_KNOWN, quoteReply, refusalOf, replyToFailure } from './reply-to-failure.js';
import { beginTransfer } from './transfer.js';

const MAX_LISTING_BYTES = 40 * 1024 * 1024;
/** A line of a few bytes becomes an entry of some hundred, so bytes alone are no cap on memory. */
const MAX_LISTING_LINES = 500_000;
/** A listing has to be there after so many idle times: one that never ends must not hold a run for ever. */
const MAX_IDLE_TIMES = 30;
const LINE_END = 0x0a;
const EMPTY_FOLDER = /no files? (?:were )?found|(?:directory|folder) is empty/i;

/** As `list` of a transport. */
export async function listFolder(session: FtpsSession, folder: string): Promise<Listing> {
  const remote = serverPath(session, folder, 'list');
  const { listing } = session.endpoint.settings;
  const machineReadable = listing === 'auto' ? session.features.has('MLST') : listing === 'mlsd';
  const chunks: Buffer[] = [];
  let bytes = 0;
  let lines = 0;
  const timeMs = MAX_IDLE_TIMES * session.endpoint.idleTimeoutMs;
  const startedAt = performance.now();
  try {
    const transfer = await beginTransfer(session, {
      command: `${machineReadable ? 'MLSD' : 'LIST'} ${remote}`,
      receives: true,
      step: 'list',
      action: `list ${folder}`,
      bare550: 'not_found',
    });
    try {
      await transfer.receive((chunk) => {
        bytes += chunk.length;
        lines += countLineEnds(chunk);
        if (bytes > MAX_LISTING_BYTES || lines > MAX_LISTING_LINES) throw listingTooLarge(folder);
        if (performance.now() - startedAt > timeMs) throw listingTooSlow(folder, timeMs);
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
    if (listing === 'mlsd' && NOT_KNOWN.has(refusalOf(error)?.code ?? 0)) throw noMlsd(error);
    throw error;
  }
  // vsftpd lists a folder that does not exist as an empty one (150, nothing, 226): that must not be believed.
  if (bytes === 0 && !machineReadable) await enterFolder(session, folder, remote);
  if (bytes > 0 && chunks.at(-1)?.at(-1) !== LINE_END) throw listingCut(folder);
  const text = session.codec.decodeListing(Buffer.concat(chunks));
  return machineReadable ? parseMlsd(text, folder) : parsePlainList(text, folder);
}

/** Fails where the folder does not exist. Where we are does not matter otherwise: every path is absolute. */
async function enterFolder(session: FtpsSession, folder: string, remote: string): Promise<void> {
  const { channel, endpoint } = session;
  const reply = await channel.command(`CWD ${remote}`, { step: 'list', timeoutMs: endpoint.idleTimeoutMs });
  if (reply.code === 250 || reply.code === 200) return;
  // Of the others with a 2 none is about a folder: it ends the listing a second time, and the answer is still to come.
  if (reply.code < 500) channel.distrust(`the server answered ${reply.code} to CWD`);
  if (reply.code >= 400)
    throw replyToFailure(reply, { step: 'list', action: `list ${folder}`, bare550: 'not_found' });
  const message = `The server did not answer whether there is a folder ${folder}: “${quoteReply(reply)}”. Ask the partner what its log says.`;
  throw new TransportError('protocol_error', 'list', message);
}

function countLineEnds(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) count += 1;
  return count;
}

/** A connection that was cut ends like one that was closed; what stands last would be a part of a name. */
function listingCut(folder: string): TransportError {
  const message = `The listing of ${folder} ended in the middle of a line, so it is not whole. If it repeats, ask the partner.`;
  return new TransportError('truncated', 'list', message);
}

function noMlsd(refusal: unknown): TransportError {
  const message =
    'The endpoint is set to list folders with MLSD, which the server does not have. Set its listing to auto or LIST.';
  return new TransportError('setting_refused', 'list', message, { cause: refusal });
}

function listingTooLarge(folder: string): TransportError {
  const message = `The listing of ${folder} has more than ${MAX_LISTING_LINES} lines or 40 MiB. Ask the partner to clear the folder, or use a subfolder.`;
  return new TransportError('listing_too_large', 'list', message);
}

function listingTooSlow(folder: string, timeMs: number): TransportError {
  const seconds = Math.round(timeMs / 1000);
  const message = `The listing of ${folder} did not come to its end within ${seconds} s. Ask the partner to clear the folder, or use a subfolder.`;
  return new TransportError('stalled', 'list', message);
}
