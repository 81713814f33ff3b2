/**
 * What each case relies on, as the smallest change of the source that takes it out. `prove-defences.ts` makes each
 * change and demands that the cases fail.
 */
export interface Edit {
  /** Below `packages/transports/src`. */
  file: string;
  /** Stands there exactly once. */
  find: string;
  replace: string;
}

export interface Defence {
  /** What is done, as a sentence. */
  says: string;
  edits: Edit[];
}

const one = (says: string, file: string, find: string, replace: string): Defence => ({
  says,
  edits: [{ file, find, replace }],
});

const CHANNEL = 'ftps/control-channel.ts';
const COMMANDS = 'ftps/file-commands.ts';
const GUARD = 'ftps/split-reply-guard.ts';
const LOGIN = 'ftps/log-in.ts';
const READ = 'ftps/read-file.ts';
const RECEIVE = 'ftps/receive-chunks.ts';
const TRANSFER = 'ftps/transfer.ts';

const all = {
  'bytes counted': one(
    'The bytes that came are compared with the size.',
    READ,
    'if (bytes === null || bytes === before.sizeBytes) return;',
    'return;',
  ),
  'no more than the size': one(
    'What comes beyond the size is refused while it comes.',
    READ,
    'if (position <= sizeBytes) return sink(chunk, chunkAt);',
    'return sink(chunk, chunkAt);',
  ),
  'no size, no download': one(
    'A file without a size is not asked for.',
    READ,
    'if (sizeBytes !== null) return { ...entry, sizeBytes };',
    'return { ...entry, sizeBytes: sizeBytes ?? 0 };',
  ),
  'looked at again': one(
    'A file that was read is looked at again.',
    READ,
    'if (changed) {',
    'if (changed && false) {',
  ),
  'time compared': one(
    'Its time is compared too.',
    READ,
    'after.modifiedAt?.getTime() !== before.modifiedAt.getTime()',
    'false',
  ),
  'reset is no end': {
    says: 'A reset is told from an end.',
    edits: [
      { file: RECEIVE, find: ".on('error', this.#fail)", replace: ".on('error', () => undefined)" },
      { file: RECEIVE, find: 'if (!this.#hasEnded) this.#fail(', replace: 'this.#onEnd(); void (' },
    ],
  },
  'silence noticed': one(
    'A data connection on which nothing moves is given up on.',
    RECEIVE,
    'const silence = this.#isPaused || this.#hold !== undefined ? null : this.#silenceAt(now);',
    'const silence = null as SilenceError | null;',
  ),
  'drip noticed': one(
    'So is one on which next to nothing moves.',
    RECEIVE,
    'if (this.#bytes - this.#counted.from >= LEAST_BYTES)',
    '',
  ),
  'both channels agree': one(
    'The final reply has to be a yes.',
    TRANSFER,
    'if (final.code < 200 || final.code > 299) throw replyToFailure(final, what);',
    '',
  ),
  'lines whole': one(
    'A line is read when its end has come.',
    GUARD,
    'const end = chunk.lastIndexOf(',
    'if (chunk !== null) return parseLines(chunk);\n    const end = chunk.lastIndexOf(',
  ),
  'line capped': one(
    'A line has at most 64 KiB.',
    GUARD,
    'if (held.length + chunk.length > MAX_LINE_LENGTH && end < 0) {',
    'if (held.length < 0) {',
  ),
  'endless reply named': one(
    'What has no end is named so, and not tried again.',
    'ftps/control-failure.ts',
    '/exceeded maximum allowed size/.test(String(error))',
    'false',
  ),
  'answer in time': one(
    'The whole answer has to come within the time-out.',
    CHANNEL,
    '}, limits.timeoutMs);',
    '}, 2 ** 30);',
  ),
  'one reply each': one(
    'After a reply that nobody asked for a session is not used again.',
    CHANNEL,
    'this.distrust(`the server sent a reply that nobody asked for: “${quoted}”`);',
    '',
  ),
  'replies whole': one(
    'A reply of several lines is one reply, whatever its lines say.',
    GUARD,
    'if (!isOver) parseLines(piece);',
    "for (const line of piece.split(/(?<=\\n)/)) { (internals as unknown as { _partialResponse: string })._partialResponse = ''; parseLines(line); }",
  ),
  'broken transfer costs the session': {
    says: 'Nor is it after a transfer that was not completed.',
    edits: [
      {
        file: TRANSFER,
        find: "if (!isSettled) session.channel.distrust('a transfer on it was not completed');",
        replace: '',
      },
      {
        file: CHANNEL,
        find: 'this.distrust(`the server sent a reply that nobody asked for: “${quoted}”`);',
        replace: '',
      },
    ],
  },
  'secrets masked': one(
    'The password is masked wherever it turns up.',
    'ftps/dialogue.ts',
    "secret === '' ? rest : rest.replaceAll(secret, MASK)",
    'rest + secret.slice(0, 0)',
  ),
  'text cleaned': one(
    'What cannot be printed is written out.',
    'clean-text.ts',
    '.replace(EVERY_UNPRINTABLE, ',
    '.replace(/^$/, ',
  ),
  'reply understood by its code': one(
    'A reply is judged by its code and by words that servers are known to use.',
    'ftps/reply-to-failure.ts',
    "if (DENIED.test(message)) return 'permission_denied';",
    '',
  ),
  'announcements passed over': one(
    'Preliminary replies (1xx) are no answer.',
    CHANNEL,
    'return next.onPreliminary?.({ code, message });',
    '',
  ),
  'login is a yes': one(
    'Only 2xx is a login.',
    LOGIN,
    "if (reply.code < 200 || reply.code > 299) throw refusedOpening(reply, 'log in', 'login');",
    '',
  ),
  'password on request': one(
    'The password is said to 331 only.',
    LOGIN,
    'if (reply.code === 331) reply =',
    'reply =',
  ),
  'sizes are digits': {
    says: 'A size is at most 16 digits, and no more than a double can count.',
    edits: [
      {
        file: COMMANDS,
        find: "parseSize(/^213 (\\d+)(?=\\s|$|,)/.exec(sized.message)?.[1] ?? '')",
        replace: 'parseInt(sized.message.slice(4))',
      },
    ],
  },
  'denied is not absent': one(
    'A 550 that denies does not say that there is nothing.',
    COMMANDS,
    "if (reply.code === 550 && kindOfReply(reply, what) !== 'permission_denied') return null;",
    'if (reply.code === 550) return null;',
  ),
  '421 ends the session': one(
    'A 4xx to a command ends the session.',
    COMMANDS,
    'if (reply.code < 500) session.channel.distrust(`the server answered ${reply.code}`);',
    '',
  ),
  '530 ends the session': one(
    'So does a 530.',
    CHANNEL,
    'if (code === 530) this.distrust(',
    'if (code === 0) this.distrust(',
  ),
  'only 250 is a fact': one(
    'Facts are taken from a 250 only.',
    COMMANDS,
    'if (reply.code !== 250) return nullIfAbsent(session, reply, path, step);',
    '',
  ),
  'cancel ends the session': one(
    'A cancel closes the control connection.',
    CHANNEL,
    "signal.addEventListener('abort', this.#onAbort, { once: true });",
    '',
  ),
} satisfies Record<string, Defence>;

export type DefenceName = keyof typeof all;
export const DEFENCES: Readonly<Record<DefenceName, Defence>> = all;
