/** How answers are read, and how bytes are counted. */
import { takeOut, type Defence } from './defence.js';

const CHANNEL = 'ftps/control-channel.ts';
const COMMANDS = 'ftps/file-commands.ts';
const GUARD = 'ftps/split-reply-guard.ts';
const LOGIN = 'ftps/log-in.ts';
const READ = 'ftps/read-file.ts';
const RECEIVE = 'ftps/receive-chunks.ts';
const TRANSFER = 'ftps/transfer.ts';
const TRANSFER_FAILURE = 'ftps/transfer-failure.ts';

export const sessionDefences = {
  'bytes counted': takeOut(
    'The bytes that came are compared with the size.',
    READ,
    'if (bytes === null || bytes === before.sizeBytes) return;',
    'return;',
  ),
  'no more than the size': takeOut(
    'What comes beyond the size is refused while it comes.',
    READ,
    'if (position <= sizeBytes) return sink(chunk, chunkAt);',
    'return sink(chunk, chunkAt);',
  ),
  'no size, no download': takeOut(
    'A file without a size is not asked for.',
    READ,
    'if (sizeBytes !== null) return { ...entry, sizeBytes };',
    'return { ...entry, sizeBytes: sizeBytes ?? 0 };',
  ),
  'looked at again': takeOut(
    'A file that was read is looked at again.',
    READ,
    'if (after !== null && hasChanged(before, after)) {',
    'if (after !== null && false) {',
  ),
  'time compared': takeOut(
    'Its time is compared too.',
    'refuse-changed.ts',
    'now.modifiedAt?.getTime() !== before.modifiedAt.getTime()',
    'false',
  ),
  'reset is no end': {
    says: 'A reset is told from an end.',
    edits: [
      { file: RECEIVE, find: ".on('error', this.#fail)", replace: ".on('error', () => undefined)" },
      { file: RECEIVE, find: 'if (!this.#hasEnded) this.#fail(', replace: 'this.#onEnd(); void (' },
    ],
  },
  'silence noticed': takeOut(
    'A data connection on which nothing moves is given up on.',
    RECEIVE,
    'const silence = this.#isPaused || this.#hold !== undefined ? null : this.#silenceAt(now);',
    'const silence = null as SilenceError | null;',
  ),
  'drip noticed': takeOut(
    'So is one on which next to nothing moves.',
    RECEIVE,
    'if (this.#bytes - this.#counted.from >= LEAST_BYTES)',
    '',
  ),
  'read to its end': takeOut(
    'A data connection is read to its own end.',
    TRANSFER,
    'return await receiveChunks(',
    'if (await underway.reply?.then((said) => said.code < 300)) return 0;\n    return await receiveChunks(',
  ),
  'both channels agree': takeOut(
    'The final reply has to be a yes.',
    TRANSFER,
    'if (final.code < 200 || final.code > 299) throw replyToFailure(final, what);',
    '',
  ),
  'lines whole': takeOut(
    'A line is read when its end has come.',
    GUARD,
    "const end = chunk.lastIndexOf('\\n');",
    'const end = chunk.length;',
  ),
  'line capped': takeOut(
    'A line has at most 64 KiB.',
    GUARD,
    'if (held.length + chunk.length > MAX_REPLY_LENGTH && end < 0) {',
    'if (held.length < 0) {',
  ),
  'reply capped': takeOut(
    'So has a reply, with whatever stands before it.',
    GUARD,
    'if (length > MAX_REPLY_LENGTH) return false;',
    '',
  ),
  'endless reply named': takeOut(
    'What has no end is named so, and not tried again.',
    'ftps/control-failure.ts',
    'if (error instanceof ReplyTooLongError) {',
    'if (error === undefined) {',
  ),
  'answer in time': takeOut(
    'The whole answer has to come within the time-out.',
    CHANNEL,
    '}, limits.timeoutMs);',
    '}, 2 ** 30);',
  ),
  'one reply each': takeOut(
    'After a reply that nobody asked for a session is not used again.',
    CHANNEL,
    'this.distrust(`the server sent a reply that nobody asked for: “${quoted}”`);',
    '',
  ),
  'idle replies capped': takeOut(
    'A thousand replies in a row that end no command end the session.',
    CHANNEL,
    'if (this.#idleReplies > MAX_IDLE_REPLIES)',
    'if (this.#idleReplies < 0)',
  ),
  'codes from 100 on': takeOut('A code is 100 or more.', CHANNEL, 'if (code < 100)', 'if (code < 0)'),
  'replies whole': takeOut(
    'A reply of several lines is one reply, whatever its lines say.',
    GUARD,
    '(open ?? code) === code;',
    'code !== null;',
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
  'secrets masked': takeOut(
    'The password is masked wherever it turns up.',
    'ftps/dialogue.ts',
    "secret === '' ? rest : rest.replaceAll(secret, MASK)",
    'rest + secret.slice(0, 0)',
  ),
  'text cleaned': takeOut(
    'What cannot be printed is written out.',
    'clean-text.ts',
    '.replace(EVERY_UNPRINTABLE, ',
    '.replace(/^$/, ',
  ),
  'reply understood by its code': takeOut(
    'A reply is judged by its code and by words that servers are known to use.',
    'ftps/reply-to-failure.ts',
    "if (DENIED.test(message)) return 'permission_denied';",
    '',
  ),
  'announcements passed over': takeOut(
    'Preliminary replies (1xx) are no answer.',
    CHANNEL,
    'return next.onPreliminary?.({ code, message });',
    '',
  ),
  'login is a yes': takeOut(
    'Only 2xx is a login.',
    LOGIN,
    'if (reply.code < 200 || reply.code > 299) throw refusedLogin(session, reply);',
    '',
  ),
  'password on request': takeOut(
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
  'denied is not absent': takeOut(
    'A 550 that denies does not say that there is nothing.',
    COMMANDS,
    "if (reply.code === 550 && kindOfReply(reply, what) !== 'permission_denied') return null;",
    'if (reply.code === 550) return null;',
  ),
  '421 ends the session': takeOut(
    'A 421 ends the session, whatever it answers.',
    CHANNEL,
    'if (code === 421) this.distrust(',
    'if (code === 0) this.distrust(',
  ),
  '530 ends the session': takeOut(
    'So does a 530.',
    CHANNEL,
    'if (code === 530) this.distrust(',
    'if (code === 0) this.distrust(',
  ),
  'only 250 is a fact': takeOut(
    'Facts are taken from a 250 only.',
    COMMANDS,
    'if (reply.code !== 250) return nullIfAbsent(session, reply, path, step);',
    '',
  ),
  'cancel ends the session': takeOut(
    'A cancel closes the control connection.',
    CHANNEL,
    "signal.addEventListener('abort', this.#onAbort, { once: true });",
    '',
  ),
  'time set by a yes': takeOut(
    'What is said to MFMT has to be about a time.',
    'ftps/set-modified-time.ts',
    'return IS_SET.has(reply.code);',
    'return reply.code < 300;',
  ),
  'lost transfer named': {
    says: 'Nor is one that is lost in a transfer told otherwise.',
    edits: [
      { file: CHANNEL, find: 'throw this.#explain(error, command.step);', replace: 'throw error;' },
      {
        file: TRANSFER_FAILURE,
        find: "return new TransportError('connection_lost', step, message, { cause: error });",
        replace: 'throw error;',
      },
    ],
  },
  'cancel ends transfers': {
    says: 'A cancel ends a transfer, whatever it waits for.',
    edits: [
      {
        file: CHANNEL,
        find: "signal.addEventListener('abort', this.#onAbort, { once: true });",
        replace: '',
      },
      {
        file: TRANSFER,
        find: "underway.signal.addEventListener('abort', underway.onAbort, { once: true });",
        replace: '',
      },
    ],
  },
  'lost connection named': takeOut(
    'A control connection that is lost is told as that, and may be tried again.',
    CHANNEL,
    'throw this.#explain(error, command.step);',
    'throw error;',
  ),
  'untaken noticed': takeOut(
    'A data connection that takes nothing is given up on.',
    'ftps/send-chunks.ts',
    'if (writingSince !== null && performance.now() - writingSince >= idleTimeoutMs)',
    'if (writingSince === -1)',
  ),
  'goodbye may fail': takeOut(
    'A goodbye that fails is no failure.',
    CHANNEL,
    'timeoutMs: GOODBYE_MS }).catch(() => undefined);',
    'timeoutMs: GOODBYE_MS });',
  ),
  'goodbye in time': takeOut(
    'A goodbye is waited for half a second.',
    CHANNEL,
    'GOODBYE_MS = 500;',
    'GOODBYE_MS = 60_000;',
  ),
} satisfies Record<string, Defence>;
