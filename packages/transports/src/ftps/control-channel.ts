/**
 * The control connection: commands in order, one final answer for each, in time. basic-ftp keeps the socket; this
 * file knows which answer belongs to which command, and decides when a session can no longer be believed. Anything
 * ambiguous (a reply nobody asked for, a time-out, a lost connection) makes the channel unusable for good.
 *
 * Commands that are given together leave in one write (pipelining): that saves a round trip for each but the first.
 */
import type { Socket } from 'node:net';
import { Client, type FTPContext } from 'basic-ftp';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { cancelledAt, TransportError } from '../transport-error.js';
import {
  ClosedByUsError,
  controlFailure,
  endlessReplies,
  noSuchCode,
  silent,
  type CommandLimits,
} from './control-failure.js';
import type { Dialogue } from './dialogue.js';
import { quoteReply, type Reply } from './reply-to-failure.js';
import { guardReplies } from './split-reply-guard.js';
import { createTextCodec, type TextCodec } from './text-codec.js';

const NOT_IN_CHARACTER_SET =
  'The user name or password has characters that cannot be said in the character set of the endpoint.';

/** How long a server may take to answer what comes behind its NOOPs. */
const NOOP_SETTLED_MS = 10_000;

const GOODBYE_MS = 500;

/** So many replies in a row that end no command are no dialogue; some servers say 1xx now and then while they work. */
const MAX_IDLE_REPLIES = 1000;

/** A command whose final answer is still to come. */
interface Expected {
  /** Null for the greeting, which nothing is sent for. */
  text: string | null;
  step: StepName;
  /** Null where the caller keeps the time. */
  timeoutMs: number | null;
  onPreliminary: ((reply: Reply) => void) | undefined;
  resolve: (reply: Reply) => void;
  reject: (error: unknown) => void;
  /** Sent before the answer to another had come. */
  isPipelined: boolean;
  /** Whether a preliminary answer to it has come. */
  hasBegun: boolean;
}

export class ControlChannel {
  readonly client: Client;
  #unusableBecause: string | null = null;
  /** Why the connection itself is over. */
  #fault: unknown = null;
  /** In the order in which they are answered (RFC 959 section 5.4); the first ones have been sent. */
  #expected: Expected[] = [];
  /** How many of them have been sent. */
  #sent = 0;
  #isFlushing = false;
  #given = 0;
  /** NOOPs that were sent while a transfer ran and may still be answered. */
  #noops = 0;
  #hasSaidNoop = false;
  /** How many replies have ended no command since the last one that did. */
  #idleReplies = 0;
  /** Of the one that is to be answered next. */
  #timer: NodeJS.Timeout | undefined;
  #onAbort: () => void;
  /** Whether several commands may be on their way at once; set once it is known what the server is. */
  mayPipeline = false;
  /** Told when a command stays without an answer, or at login ends the connection, that was sent before the answer to another. */
  onPipelinedLost: () => void = () => undefined;
  /** Told when the connection is closed or lost: until then the server counts it. */
  onClosed: () => void = () => undefined;

  constructor(
    private readonly dialogue: Dialogue,
    private readonly signal: AbortSignal,
    private readonly codec: TextCodec = createTextCodec('utf-8'),
  ) {
    // Time is kept here: the library's own time-out only notices silence, not a reply that drips.
    this.client = new Client(0);
    this.ftp.encoding = codec.wireEncoding;
    this.#recordDialogue();
    guardReplies(this.ftp, {
      decodeLines: (lines) => codec.decodeLines(lines),
      onReply: (reply) => this.#take(reply),
      onFault: (fault) => this.#fail(fault),
    });
    this.#onAbort = () => this.closeBecause(cancelledAt('transfer'));
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get ftp(): FTPContext {
    return this.client.ftp;
  }

  /** Makes this socket the control connection: the first one, or its upgrade to TLS. */
  attach(socket: Socket): void {
    // The library says QUIT into the socket that it replaces, which was never connected.
    this.ftp.log = () => undefined;
    this.ftp.socket = socket;
    this.#fault = null;
    this.#recordDialogue();
  }

  #recordDialogue(): void {
    this.ftp.log = (line) => {
      if (line.startsWith('> ')) this.dialogue.add('us', line.slice(2));
      else if (line.startsWith('< ')) this.dialogue.add('server', line.slice(2));
    };
  }

  get usable(): boolean {
    return this.#unusableBecause === null && !this.ftp.closed;
  }

  /** How many commands it was given so far: as long as that stays, we have changed nothing at the server. */
  get commandsGiven(): number {
    return this.#given;
  }

  get unusableBecause(): string | null {
    return this.#unusableBecause;
  }

  /** From here on the session is not used for anything new; what runs may end. The first reason is kept. */
  distrust(why: string): void {
    this.#unusableBecause ??= why;
  }

  /** Closes at once; whatever waits for a reply fails with this error. */
  closeBecause(failure: TransportError): void {
    this.distrust(failure.message);
    this.ftp.closeWithError(new ClosedByUsError(failure));
  }

  /**
   * Sends a command and waits for its final reply, whatever the code; preliminary ones (1xx) go to
   * `onPreliminary`. With `null` nothing is sent and the next reply is awaited: the greeting.
   * @throws TransportError `stalled`, `connection_lost`, `protocol_error`, `cancelled`, `name_refused`
   */
  command(
    text: string | null,
    limits: CommandLimits,
    onPreliminary?: (reply: Reply) => void,
  ): Promise<Reply> {
    return this.#exchange({ text, ...limits, onPreliminary });
  }

  /** Sends a command whose time is kept by the caller, for the time that bytes flow. */
  commandUntimed(text: string, step: StepName, onPreliminary: (reply: Reply) => void): Promise<Reply> {
    return this.#exchange({ text, step, timeoutMs: null, onPreliminary });
  }

  /**
   * Sends NOOP while the transfer that waits for its end is the only command, so that a firewall does not forget the
   * connection. Some servers answer at once (ProFTPD, pyftpdlib), some after the transfer (vsftpd), some never, or with
   * 500 (Pure-FTPd, down and up): its answer is told from the end of a transfer, which has another code (RFC 959
   * section 5.4). Only for servers that were seen to answer NOOP with 200, and PWD with 257.
   */
  sendNoop(): void {
    const [running, ...others] = this.#expected;
    const isAlone = running?.timeoutMs === null && this.#sent === 1 && others.length === 0;
    if (!isAlone || !this.usable) return;
    this.#noops += 1;
    this.#hasSaidNoop = true;
    this.#write(['NOOP']);
  }

  /** Once NOOP was said, 200 never ends a transfer; and what calls a command unknown never ends one that has begun. */
  #isAboutNoop(code: number, { timeoutMs, hasBegun }: Expected): boolean {
    if (code === 200) return this.#noops > 0 || (this.#hasSaidNoop && timeoutMs === null);
    return code >= 500 && code <= 504 && this.#noops > 0 && hasBegun;
  }

  /**
   * Asks for something whose answer cannot be that of a NOOP. When it comes, the NOOPs that went before it have been
   * answered, or never will be: servers answer in order.
   */
  #settleNoops(): void {
    const settled = (): void => {
      this.#noops = 0;
    };
    this.#expected.unshift({
      text: 'PWD',
      step: 'transfer',
      timeoutMs: NOOP_SETTLED_MS,
      onPreliminary: undefined,
      resolve: settled,
      reject: settled,
      isPipelined: false,
      hasBegun: true,
    });
    this.#sent += 1;
    this.#write(['PWD']);
  }

  async #exchange(command: Pick<Expected, 'text' | 'step' | 'timeoutMs' | 'onPreliminary'>): Promise<Reply> {
    this.#check(command.text, command.step);
    try {
      if (this.#fault !== null) throw this.#fault as Error;
      return await new Promise((resolve, reject) => {
        this.#expected.push({ ...command, resolve, reject, isPipelined: false, hasBegun: false });
        this.#given += 1;
        if (this.#expected.length === 1) this.#watchNext();
        // A greeting may be there already.
        if (command.text === null) this.#flush();
        else this.#flushSoon();
      });
    } catch (error) {
      throw this.#explain(error, command.step);
    }
  }

  /** What is asked for in the same turn leaves in the same write. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    // After all that follows from the answers that have just come: a tick would come before their continuations.
    queueMicrotask(() => {
      process.nextTick(() => {
        this.#isFlushing = false;
        this.#flush();
      });
    });
  }

  #flush(): void {
    if (this.#unusableBecause !== null) return this.#refuseUnsent();
    // What is sent behind a NOOP waits for the transfer, and for what comes of the NOOP.
    if (this.#noops > 0 && this.#sent > 0) return;
    const end = this.mayPipeline ? this.#expected.length : Math.min(1, this.#expected.length);
    const lines: string[] = [];
    for (; this.#sent < end; this.#sent += 1) {
      const command = this.#expected[this.#sent]!;
      const { text } = command;
      command.isPipelined = this.#sent > 0;
      if (text !== null) lines.push(text);
    }
    this.#write(lines);
  }

  #write(lines: string[]): void {
    if (lines.length === 0) return;
    for (const line of lines) this.dialogue.add('us', line);
    const bytes = lines.map((line) => `${this.codec.encode(line)}\r\n`).join('');
    this.ftp.socket.write(bytes, this.ftp.encoding);
  }

  #refuseUnsent(): void {
    for (const { step, reject } of this.#expected.splice(this.#sent)) reject(this.#notUsed(step));
  }

  #watchNext(): void {
    clearTimeout(this.#timer);
    const next = this.#expected[0];
    if (next === undefined || next.timeoutMs === null) return;
    const limits = { step: next.step, timeoutMs: next.timeoutMs };
    this.#timer = setTimeout(() => {
      if (next.isPipelined) this.onPipelinedLost();
      this.closeBecause(silent(next.text, limits));
    }, limits.timeoutMs);
  }

  /** One reply is for the command that has waited longest; a final one ends its wait. */
  #take({ code, message }: Reply): void {
    const next = this.#expected[0];
    if (next === undefined || this.#sent === 0) {
      const quoted = quoteReply({ code: 0, message: this.dialogue.redact(message) });
      this.distrust(`the server sent a reply that nobody asked for: “${quoted}”`);
      return this.#countIdle();
    }
    if (code < 100)
      return this.closeBecause(noSuchCode({ code, message: this.dialogue.redact(message) }, next.step));
    if (code < 200) {
      this.#countIdle();
      next.hasBegun = true;
      return next.onPreliminary?.({ code, message });
    }
    if (this.#isAboutNoop(code, next)) {
      this.#noops -= 1;
      if (this.#noops >= 0) return;
      this.distrust('the server answered NOOP more often than it was said');
      return this.#countIdle();
    }
    this.#idleReplies = 0;
    this.#expected.shift();
    this.#sent -= 1;
    if (this.#noops > 0 && next.timeoutMs === null && this.usable) this.#settleNoops();
    this.#watchNext();
    // A server that has logged us out refuses everything: that says nothing about the file.
    if (code === 421) this.distrust('the server is closing the session (421)');
    if (code === 530) this.distrust('the server says that nobody is logged in (530)');
    next.resolve({ code, message, shown: this.dialogue.redact(message) });
    if (this.#sent < this.#expected.length) this.#flushSoon();
  }

  #countIdle(): void {
    this.#idleReplies += 1;
    if (this.#idleReplies > MAX_IDLE_REPLIES)
      this.closeBecause(endlessReplies(MAX_IDLE_REPLIES, this.#expected[0]?.step ?? 'transfer'));
  }

  #fail(fault: unknown): void {
    this.#fault ??= fault;
    this.onClosed();
    clearTimeout(this.#timer);
    this.#sent = 0;
    this.#noops = 0;
    // Later a lost connection mostly has other reasons.
    if (
      this.#expected.some(({ isPipelined, step }) => isPipelined && (step === 'login' || step === 'protect'))
    )
      this.onPipelinedLost();
    for (const { reject } of this.#expected.splice(0)) reject(fault);
  }

  #check(text: string | null, step: StepName): void {
    if (this.signal.aborted) throw cancelledAt(step);
    if (this.#unusableBecause !== null) throw this.#notUsed(step);
    // Whatever ends a line would be taken for a second command (RFC 959 section 5.3).
    const encoded = text === null ? '' : this.codec.encode(text);
    if (encoded === null) throw new TransportError('name_refused', step, NOT_IN_CHARACTER_SET);
    if (/[\r\n\0]/.test(encoded))
      throw new TransportError('name_refused', step, 'A command with a line end in it was not sent.');
  }

  #notUsed(step: StepName): TransportError {
    const why = this.#unusableBecause ?? '';
    const advice = why.endsWith('.') ? '' : '. If it repeats, ask the partner.';
    return new TransportError('connection_lost', step, `The session is not used any more: ${why}${advice}`);
  }

  /** A failure of the connection itself; a server's refusal never comes here. */
  #explain(error: unknown, step: StepName): TransportError {
    this.distrust('the control connection failed');
    if (this.signal.aborted) return cancelledAt(step);
    return controlFailure(error, step);
  }

  /** Whatever is still to be answered before it: what is asked ahead nobody may need. */
  async #sayGoodbye(): Promise<void> {
    const answered = this.command('QUIT', { step: 'cleanup', timeoutMs: GOODBYE_MS }).catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, GOODBYE_MS)));
    await Promise.race([answered, late]);
    clearTimeout(timer);
  }

  /** Says QUIT, waits at most half a second for the answer, and frees everything. Never throws. */
  async close(): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    if (this.usable) await this.#sayGoodbye();
    this.distrust('it was closed');
    // The library says QUIT once more into the closing socket; that is no part of the dialogue.
    this.ftp.log = () => undefined;
    this.client.close();
  }
}
