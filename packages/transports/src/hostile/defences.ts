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
const DATA = 'ftps/data-connection.ts';
const NETWORK = 'network-guard.ts';
const PORT = 'ftps/agree-on-data-port.ts';
const START_TLS = 'ftps/start-tls.ts';
const TLS_FAILURE = 'ftps/tls-failure.ts';
const TRUST = 'ftps/tls-trust.ts';
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
  'lost connection named': one(
    'A control connection that is lost is told as that, and may be tried again.',
    CHANNEL,
    'throw this.#explain(error, command.step);',
    'throw error;',
  ),
  'lost handshake named': one(
    'So is one that is lost in the handshake.',
    TLS_FAILURE,
    "if (code === 'ECONNRESET' || code === 'EPIPE') {",
    "if (code === '') {",
  ),
  'lost data handshake may pass': one(
    'A data connection that is lost in the handshake may be tried again.',
    TLS_FAILURE,
    "at.channel === 'control connection' ? 'tls_failed' : 'connection_lost'",
    "'tls_failed'",
  ),
  'handshake in time': one(
    'A handshake has to be done within the time-out.',
    START_TLS,
    '}, limits.timeoutMs);',
    '}, 2 ** 30);',
  ),
  'untaken noticed': one(
    'A data connection that takes nothing is given up on.',
    'ftps/send-chunks.ts',
    'if (writingSince !== null && performance.now() - writingSince >= idleTimeoutMs)',
    'if (writingSince === -1)',
  ),
  'lost answer looked for': one(
    'Where the answer to the rename is lost, a fresh session looks.',
    'finish-rename.ts',
    'if (!(await wasRenamed(request, moved, progress))) throw',
    'if (request !== null) throw',
  ),
  'lost confirmation looked for': one(
    'Where the answer to a whole upload is lost, a fresh session compares.',
    'copy-file.ts',
    'if (!isUnanswered(error, request, progress)) throw error;',
    'if (error !== null) throw error;',
  ),
  'goodbye may fail': one(
    'A goodbye that fails is no failure.',
    CHANNEL,
    'timeoutMs: 500 }).catch(() => undefined);',
    'timeoutMs: 500 });',
  ),
  'goodbye in time': one(
    'A goodbye is waited for half a second.',
    CHANNEL,
    'timeoutMs: 500 })',
    'timeoutMs: 60_000 })',
  ),
  'certificates judged': one(
    'A certificate is verified, on every connection.',
    TRUST,
    'rejectUnauthorized: true,',
    'rejectUnauthorized: Boolean(0),',
  ),
  'names compared': one(
    'It has to be for the host, or the stated name.',
    TRUST,
    'return checkServerIdentity(identity, certificate);',
    'return undefined;',
  ),
  'few names told': one(
    'Of the names in a wrong certificate only ten are looked at.',
    TLS_FAILURE,
    'candidates.slice(0, MAX_NAMES)',
    'candidates',
  ),
  'keys compared': {
    says: 'A pinned key has to be the one that is shown.',
    edits: [
      {
        file: TRUST,
        find: 'if (!pinsOf(trust.spkiSha256).has(key)) return { unknownKey: key };',
        replace: '',
      },
      { file: TRUST, find: 'if (!pins.has(key)) return new KeyNotPinnedError(key);', replace: '' },
      {
        file: TRUST,
        find: 'return [...pinsOf(trust.spkiSha256)].flatMap((pin) => pinnedCertificates.get(pin) ?? []).sort();',
        replace: 'return [...pinnedCertificates.values()].flat();',
      },
    ],
  },
  'options of its own': one(
    'Every connection has its own TLS options.',
    TRUST,
    'const identity = identityOf(endpoint);',
    'const identity = ((globalThis as { first?: string }).first ??= identityOf(endpoint));',
  ),
  'AUTH is a yes': one(
    'TLS has to be agreed to.',
    'ftps/secure-control.ts',
    'if (reply.code === 234 ||',
    'if (reply.code > 0 ||',
  ),
  'injected text refused': {
    says: 'A reply that nobody asked for before TLS ends the attempt.',
    edits: [
      { file: 'ftps/secure-control.ts', find: '    refuseInjectedText(session);', replace: '' },
      {
        file: CHANNEL,
        find: 'this.distrust(`the server sent a reply that nobody asked for: “${quoted}”`);',
        replace: '',
      },
    ],
  },
  'clear text forgotten': one(
    'What was said before TLS is forgotten.',
    GUARD,
    'if (socket !== ftp.socket) {',
    'if (socket === null) {',
  ),
  'PROT is a yes': one(
    'PBSZ and PROT have to be agreed to.',
    LOGIN,
    'if (reply.code === 200) continue;',
    'if (reply.code > 0) continue;',
  ),
  'what was agreed': one(
    'Data connections are as protected as was agreed, whatever the server does.',
    DATA,
    "return facts.dataProtection === 'clear' || facts.dataProtection === 'none';",
    'return facts.dataProtection !== null;',
  ),
  'ALPN compared': one(
    'Another protocol by ALPN is refused.',
    START_TLS,
    'settle(whyWrongAlpn(socket, limits))',
    'settle(null)',
  ),
  'TLS version kept': one(
    'TLS is no older than the endpoint says.',
    TRUST,
    '    minVersion,\n    maxVersion,',
    "    minVersion: 'TLSv1.2',\n    maxVersion,",
  ),
  '522 understood': one(
    '522 is about protection.',
    'ftps/reply-to-failure.ts',
    '    case 522:',
    '    case 9522:',
  ),
  'sessions resumed': one(
    'Data connections offer the TLS session of their control connection.',
    DATA,
    '...(isResumable && { session: session.tlsSession })',
    '',
  ),
  'final name untouched': one(
    'Nothing is written under the final name.',
    'move-file.ts',
    'function newProgress({ temporaryPath }: MoveRequest)',
    'function newProgress({ targetPath: temporaryPath }: MoveRequest)',
  ),
  'own host dialled': one(
    'The host in an answer to PASV is not dialled.',
    PORT,
    'return isListed ? named : { host, port: named.port };',
    'return named;',
  ),
  'ports parsed strictly': one(
    'An answer to EPSV has no host.',
    'ftps/passive.ts',
    '/\\(([!-/:-~])\\1\\1(\\d{1,5})\\1\\)/',
    '/\\(([!-/:-~]).*\\1(\\d{1,5})\\1\\)/',
  ),
  'ports in range': one(
    'A port is 1 to 65535.',
    'ftps/passive.ts',
    'return port >= 1 && port <= 65_535 ? port : null;',
    'return port;',
  ),
  'other way tried': one(
    'Where EPSV leads nowhere PASV is tried.',
    PORT,
    'if (second === undefined || !mayTry ||',
    'if (second !== undefined || !mayTry ||',
  ),
  'closed port named': one(
    'A port that cannot be reached is told with who has to act.',
    PORT,
    'throw new TransportError(error.kind, step, message, { cause: error });',
    'throw error;',
  ),
  'every dial guarded': {
    says: 'Every address is judged before it is dialled.',
    edits: [
      {
        file: NETWORK,
        find: 'if (!isDialable(address, port, limits.networkAllow)) {',
        replace: 'if (address === null) {',
      },
      {
        file: NETWORK,
        find: 'const permitted = found.filter((address) => isDialable(address, port, limits.networkAllow));',
        replace: 'const permitted = found;',
      },
    ],
  },
  '425 ends the session': one(
    'After a 425 the session is not used again.',
    PORT,
    'if (reply.code < 500) channel.distrust(',
    'if (reply.code < 0) channel.distrust(',
  ),
  'passive answer read in one go': one(
    'What reads the answer to PASV does not backtrack.',
    'ftps/passive.ts',
    '(?<!\\d)(\\d{1,3}(?:,\\d{1,3}){3})',
    '(\\d+(?:,\\d+)*,x)',
  ),
} satisfies Record<string, Defence>;

export type DefenceName = keyof typeof all;
export const DEFENCES: Readonly<Record<DefenceName, Defence>> = all;
