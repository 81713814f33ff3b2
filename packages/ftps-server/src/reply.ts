/** Replies as RFC 959 section 4.2 writes them: a three-digit code, one line or several. */
import { errorCode } from './error-facts.js';

export interface Reply {
  code: number;
  /** Texts without code and line end. The first and the last carry the code, those between are indented. */
  lines: string[];
}

/** A reply of one or more lines. */
export function reply(code: number, ...lines: string[]): Reply {
  return { code, lines };
}

/** What a command throws when it cannot do what was asked: the reply says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The reply as it goes on the wire, with CRLF. Line ends within a text become spaces: one text, one line. */
export function formatReply({ code, lines }: Reply): string {
  // oxlint-disable-next-line no-control-regex -- this is where control characters are kept out
  const texts = lines.map((line) => line.replace(/[\r\n\0]/g, ' '));
  const last = texts.at(-1) ?? '';
  if (texts.length < 2) return `${code} ${last}\r\n`;
  const [first = '', ...rest] = texts.slice(0, -1);
  return [`${code}-${first}`, ...rest.map((line) => ` ${line}`), `${code} ${last}`, ''].join('\r\n');
}

const REFUSALS_BY_ERRNO = new Map<string, [code: number, text: string]>(
  Object.entries({
    ENOENT: [550, 'No such file or folder'],
    ENOTDIR: [550, 'Not a folder'],
    EISDIR: [550, 'Is a folder'],
    ELOOP: [550, 'Links are not followed'],
    EACCES: [550, 'Permission denied'],
    EPERM: [550, 'Permission denied'],
    EROFS: [550, 'Permission denied'],
    EEXIST: [550, 'Already exists'],
    ENOTEMPTY: [550, 'Folder is not empty'],
    EXDEV: [550, 'Not possible across file systems'],
    ENAMETOOLONG: [553, 'Name too long'],
    ENOSPC: [552, 'No space left'],
    EDQUOT: [552, 'No space left'],
  }),
);

/** The reply for an error of a command, or null where it is none that a client should be told about. */
export function replyForError(error: unknown): Reply | null {
  if (error instanceof Refusal) return reply(error.code, error.message);
  const code = errorCode(error);
  const known = REFUSALS_BY_ERRNO.get(code);
  return known ? reply(...known) : null;
}
