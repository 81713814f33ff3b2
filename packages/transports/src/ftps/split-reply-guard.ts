/**
 * Two defences around basic-ftp 6.2.3's reading of the control connection.
 *
 * It parses each chunk from the socket as if it ended at a line's end, so `213 100|0000` split across two
 * reads is a size of 100: chunks are held back here until their line is complete (RFC 959 section 4.2). And
 * it keeps one waiting command at most and drops replies that nobody waits for, after which every later answer
 * belongs to the command before it: every reply is handed on here instead, for whoever keeps count of them.
 *
 * Both reach into members that the library marks as protected, so its version is pinned exactly.
 */
import type { FTPContext } from 'basic-ftp';
import type { Reply } from './reply-to-failure.js';

/** A line longer than this is not a reply. */
const MAX_LINE_LENGTH = 65_536;
/** So many replies of one read are parsed one by one; what is more is no answer to what we sent. */
const MAX_PIECES = 200;

/** The members of basic-ftp's context that are reached into. */
interface ContextInternals {
  _onControlSocketData(chunk: string): void;
  _passToHandler(response: unknown): void;
}

/**
 * @param decodeLines whole lines as they came, as text; as they are where not given
 * @param onReply told of every complete reply, in order; the library has logged its lines, and no later ones, by then
 * @param onFault told once why the connection is over
 */
export function guardReplies(
  ftp: FTPContext,
  {
    decodeLines = (lines) => lines,
    onReply,
    onFault,
  }: {
    decodeLines?: (lines: string) => string;
    onReply: (reply: Reply) => void;
    onFault: (fault: unknown) => void;
  },
): void {
  const internals = ftp as unknown as ContextInternals;
  const parseLines = internals._onControlSocketData.bind(ftp);
  let held = '';
  let socket: unknown = ftp.socket;
  let isOver = false;

  internals._onControlSocketData = (chunk) => {
    // What was said before the handshake must not become part of what is said after it.
    if (socket !== ftp.socket) {
      held = '';
      socket = ftp.socket;
    }
    const end = chunk.lastIndexOf('\n');
    if (held.length + chunk.length > MAX_LINE_LENGTH && end < 0) {
      ftp.closeWithError(new ReplyTooLongError());
      return;
    }
    if (end < 0) {
      held += chunk;
      return;
    }
    const lines = decodeLines(held + chunk.slice(0, end + 1));
    held = chunk.slice(end + 1);
    isOver = false;
    for (const piece of piecesOf(lines)) {
      // A reply may have been the reason to give the connection up.
      if (!isOver) parseLines(piece);
    }
  };

  internals._passToHandler = (response) => {
    // Replies carry a number, refusals (the library's FTPError) too; faults of the socket carry a name.
    const { code, message } = response as Reply;
    if (typeof code === 'number') onReply({ code, message });
    else {
      isOver = true;
      onFault(response);
    }
  };
}

/** Whole lines, cut after each that may end a reply. */
function piecesOf(lines: string): string[] {
  if (lines.indexOf('\n') === lines.length - 1) return [lines];
  const pieces: string[] = [];
  let start = 0;
  for (const { index } of lines.matchAll(/^\d{3}(?: .*)?$/gm)) {
    const end = lines.indexOf('\n', index) + 1;
    pieces.push(lines.slice(start, end));
    start = end;
    if (pieces.length >= MAX_PIECES) break;
  }
  if (start < lines.length) pieces.push(lines.slice(start));
  return pieces;
}

/** The server sent a line or a reply without end. */
export class ReplyTooLongError extends Error {
  override readonly name = 'ReplyTooLongError';
}
