/**
 * Two defences around basic-ftp 6.2.3's reading of the control connection.
 *
 * It parses each chunk from the socket as if it ended at a line's end, so `213 100|0000` split across two
 * reads is a size of 100: chunks are held back here until their line is complete (RFC 959 section 4.2). And
 * it drops replies that nobody waits for, after which every later answer belongs to the command before it:
 * such a reply is reported, and the session is not used again.
 *
 * Both reach into members that the library marks as protected, so its version is pinned exactly.
 */
import type { FTPContext } from 'basic-ftp';

/** A line longer than this is not a reply. */
const MAX_LINE_LENGTH = 65_536;

/** The members of basic-ftp's context that are reached into. */
interface ContextInternals {
  _task: unknown;
  _onControlSocketData(chunk: string): void;
  _passToHandler(response: unknown): void;
}

/** @param onUnsolicited told of a reply that came while no command was waiting for one */
export function guardReplies(ftp: FTPContext, onUnsolicited: (reply: string) => void): void {
  const internals = ftp as unknown as ContextInternals;
  const parseLines = internals._onControlSocketData.bind(ftp);
  const passToHandler = internals._passToHandler.bind(ftp);
  let held = '';
  let socket: unknown = ftp.socket;

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
    const lines = held + chunk.slice(0, end + 1);
    held = chunk.slice(end + 1);
    parseLines(lines);
  };

  internals._passToHandler = (response) => {
    if (internals._task === undefined && isReply(response)) onUnsolicited(response.message);
    passToHandler(response);
  };
}

/** The server sent a line or a reply without end. */
export class ReplyTooLongError extends Error {
  override readonly name = 'ReplyTooLongError';
}

function isReply(response: unknown): response is { code: number; message: string } {
  return typeof (response as { code?: unknown }).code === 'number';
}
