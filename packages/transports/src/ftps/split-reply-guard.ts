/**
 * Reading replies in the place of basic-ftp 6.2.3, which keeps the socket.
 *
 * It parses each chunk from the socket as if it ended at a line's end, so `213 100|0000` split across two reads is a
 * size of 100; it takes what has come of a reply apart again with every chunk, which a server can make cost minutes;
 * and it keeps one waiting command at most and drops replies that nobody waits for, after which every later answer
 * belongs to the command before it. Here a line is read once, when its end has come (RFC 959 section 4.2), and every
 * reply is handed on, for whoever keeps count of them.
 *
 * This reaches into members that the library marks as protected, so its version is pinned exactly.
 */
import type { FTPContext } from 'basic-ftp';
import type { Reply } from './reply-to-failure.js';

/** What is longer than this is no line, and no reply; whatever comes between two replies counts as a part of the later. */
const MAX_REPLY_LENGTH = 65_536;

/** The members of basic-ftp's context that are reached into. */
interface ContextInternals {
  _onControlSocketData(chunk: string): void;
  _passToHandler(fault: unknown): void;
}

/**
 * @param decodeLines whole lines as they came, as text; as they are where not given
 * @param onReply told of every complete reply, in order; its lines have been logged, and no later ones, by then
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
  let held = '';
  let readLine = lineReader(onReply);
  let socket: unknown = ftp.socket;
  let isOver = false;

  internals._onControlSocketData = (chunk) => {
    // What was said before the handshake must not become part of what is said after it.
    if (socket !== ftp.socket) {
      held = '';
      readLine = lineReader(onReply);
      socket = ftp.socket;
    }
    const end = chunk.lastIndexOf('\n');
    if (held.length + chunk.length > MAX_REPLY_LENGTH && end < 0) {
      ftp.closeWithError(new ReplyTooLongError());
      return;
    }
    if (end < 0) {
      held += chunk;
      return;
    }
    const lines = decodeLines(held + chunk.slice(0, end)).split('\n');
    held = chunk.slice(end + 1);
    isOver = false;
    for (const line of lines.map((row) => row.replace(/\r$/, ''))) {
      // A reply may have been the reason to give the connection up.
      if (isOver) return;
      ftp.log(`< ${line}`);
      if (!readLine(line)) ftp.closeWithError(new ReplyTooLongError());
    }
  };

  internals._passToHandler = (fault) => {
    isOver = true;
    onFault(fault);
  };
}

/**
 * Puts lines together to replies: the one that begins with `NNN-` goes on to the one that begins with `NNN` and a space, or
 * is no more than `NNN`, whatever stands between them. What is neither, and in no reply, is passed over.
 * @returns what takes each line, and says whether it can still become a reply
 */
function lineReader(onReply: (reply: Reply) => void): (line: string) => boolean {
  let lines: string[] = [];
  let length = 0;
  let open: string | null = null;

  return (line) => {
    length += line.length + 1;
    if (length > MAX_REPLY_LENGTH) return false;
    const [, code, mark] = /^(\d{3})( |-|$)/.exec(line) ?? [];
    const isEnd = mark !== undefined && mark !== '-' && (open ?? code) === code;
    if (open === null && mark === '-') open = code!;
    if ((open !== null || isEnd) && line.trim() !== '') lines.push(line);
    if (!isEnd) return true;
    const message = lines.join('\n');
    [lines, length, open] = [[], 0, null];
    onReply({ code: Number(code), message });
    return true;
  };
}

/** The server sent a line or a reply without end. */
export class ReplyTooLongError extends Error {
  override readonly name = 'ReplyTooLongError';
}
