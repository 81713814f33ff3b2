/**
 * The control connection: one command at a time, one answer each, in time. basic-ftp sends and parses; this
 * file decides when a session can no longer be believed. Anything ambiguous (a reply nobody asked for, a
 * time-out, a lost connection) makes the channel unusable for good.
 */
import type { Socket } from 'node:net';
import { Client, type FTPContext } from 'basic-ftp';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { cancelledAt, TransportError } from '../transport-error.js';
import type { Dialogue } from './dialogue.js';
import { quoteReply, type Reply } from './reply-to-failure.js';
import { guardReplies, ReplyTooLongError } from './split-reply-guard.js';

/** Why the channel closed, when we closed it ourselves. */
class ClosedByUsError extends Error {
  override readonly name = 'ClosedByUsError';
  constructor(readonly failure: TransportError) {
    super(failure.message);
  }
}

export interface CommandLimits {
  step: StepName;
  /** How long until the whole answer must be there. */
  timeoutMs: number;
}

export class ControlChannel {
  readonly client: Client;
  #unusableBecause: string | null = null;
  #onAbort: () => void;

  constructor(
    private readonly dialogue: Dialogue,
    private readonly signal: AbortSignal,
  ) {
    // Time is kept here: the library's own time-out only notices silence, not a reply that drips.
    this.client = new Client(0);
    this.#recordDialogue();
    guardReplies(this.ftp, (reply) => {
      this.distrust(
        `the server sent a reply that nobody asked for: “${quoteReply({ code: 0, message: dialogue.redact(reply) })}”`,
      );
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
    this.#recordDialogue();
  }

  #recordDialogue(): void {
    this.ftp.log = (line) => {
      if (line.startsWith('> ')) this.dialogue.add('us', line.slice(2).replace(/^PASS ###$/, 'PASS ****'));
      else if (line.startsWith('< ')) this.dialogue.add('server', line.slice(2));
    };
  }

  get usable(): boolean {
    return this.#unusableBecause === null && !this.ftp.closed;
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
  async command(
    text: string | null,
    limits: CommandLimits,
    onPreliminary?: (reply: Reply) => void,
  ): Promise<Reply> {
    this.#check(text, limits.step);
    const timer = setTimeout(() => this.closeBecause(silent(text, limits)), limits.timeoutMs);
    try {
      return await this.#exchange(text, onPreliminary);
    } catch (error) {
      throw this.#explain(error, limits.step);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a command whose time is kept by the caller, for the time that bytes flow. */
  async commandUntimed(text: string, step: StepName, onPreliminary: (reply: Reply) => void): Promise<Reply> {
    this.#check(text, step);
    try {
      return await this.#exchange(text, onPreliminary);
    } catch (error) {
      throw this.#explain(error, step);
    }
  }

  #exchange(text: string | null, onPreliminary?: (reply: Reply) => void): Promise<Reply> {
    return this.ftp.handle(text ?? undefined, (response, task) => {
      // Replies carry a number, refusals (the library's FTPError) too; faults of the socket carry a name.
      const { code, message } = response as Reply;
      if (typeof code !== 'number') task.reject(response as Error);
      else if (code < 200) onPreliminary?.({ code, message });
      else {
        // A server that has logged us out refuses everything: that says nothing about the file.
        if (code === 530) this.distrust('the server says that nobody is logged in (530)');
        task.resolve({ code, message, shown: this.dialogue.redact(message) });
      }
    }) as Promise<Reply>;
  }

  #check(text: string | null, step: StepName): void {
    if (this.signal.aborted) throw cancelledAt(step);
    if (this.#unusableBecause !== null) {
      const message = `The session is not used any more: ${this.#unusableBecause}`;
      throw new TransportError('connection_lost', step, message);
    }
    // Whatever ends a line would be taken for a second command (RFC 959 section 5.3).
    if (text !== null && /[\r\n\0]/.test(text)) {
      throw new TransportError('name_refused', step, 'A command with a line end in it was not sent.');
    }
  }

  /** A failure of the connection itself; a server's refusal never comes here. */
  #explain(error: unknown, step: StepName): TransportError {
    this.distrust('the control connection failed');
    if (this.signal.aborted) return cancelledAt(step);
    if (error instanceof ClosedByUsError) return withStep(error.failure, step);
    if (error instanceof ReplyTooLongError || /exceeded maximum allowed size/.test(String(error))) {
      const message = 'The server sent a reply without end. Ask the partner what answers on this port.';
      return new TransportError('protocol_error', step, message, { cause: error });
    }
    return new TransportError(
      'connection_lost',
      step,
      'The server closed the control connection. If it repeats, ask the partner what its log says.',
      { cause: error },
    );
  }

  /** Says QUIT, waits at most half a second for the answer, and frees everything. Never throws. */
  async close(): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    if (this.usable) {
      await this.command('QUIT', { step: 'cleanup', timeoutMs: 500 }).catch(() => undefined);
    }
    this.distrust('it was closed');
    // The library says QUIT once more into the closing socket; that is no part of the dialogue.
    this.ftp.log = () => undefined;
    this.client.close();
  }
}

function withStep(failure: TransportError, step: StepName): TransportError {
  if (failure.step === step) return failure;
  return new TransportError(failure.kind, step, failure.message, { cause: failure });
}

function silent(text: string | null, limits: CommandLimits): TransportError {
  const seconds = Math.round(limits.timeoutMs / 1000);
  const verb = text === null ? 'a greeting' : `an answer to ${text.split(' ')[0]}`;
  const hint =
    text === null
      ? 'A server that waits for TLS first is one for FTPS implicit: check protocol and port of the endpoint.'
      : 'If it repeats, ask the partner.';
  return new TransportError(
    'stalled',
    limits.step,
    `The server did not give ${verb} within ${seconds} s. ${hint}`,
  );
}
