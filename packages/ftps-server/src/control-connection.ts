/**
 * One control connection: bytes in, lines, commands one after the other, replies out. Every command and every
 * reply passes the script.
 */
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { errorText } from './error-facts.js';
import { COMMANDS } from './command-table.js';
import type { Control } from './commands/command.js';
import { LineReader, LineTooLong, parseCommand } from './line-reader.js';
import { formatReply, reply, replyForError, type Reply } from './reply.js';
import type { RootFolder } from './root-folder.js';
import type { Answer, DropStyle, Turn } from './script.js';
import type { ServerEvent, ServerSettings } from './server-options.js';
import type { Session } from './session.js';
import { TlsDoor } from './tls-door.js';

/** Lines that may wait while a command runs; with more the client is not read until they are done. */
const MAX_WAITING_LINES = 64;

export class ControlConnection implements Control {
  readonly door: TlsDoor;
  #stream: Socket | TLSSocket;
  readonly #reader = new LineReader();
  #lines: (string | null)[] = [];
  #working = false;
  #closing = false;
  #current = { verb: '', argument: '' };
  #idleTimer: NodeJS.Timeout | null = null;
  readonly #raw: Socket;

  constructor(
    raw: Socket,
    readonly session: Session,
    readonly root: RootFolder,
    readonly settings: ServerSettings,
  ) {
    this.#raw = raw;
    this.#stream = raw;
    this.door = new TlsDoor(settings.tls, settings.limits.handshakeTimeoutMs);
    raw.setNoDelay(true);
    raw.on('error', () => {});
    raw.once('close', () => this.#tearDown());
    this.#restartIdleTimer();
  }

  /** Greets the client and starts to listen to it; for an implicit server TLS comes first. Never rejects. */
  async start(): Promise<void> {
    this.#working = true;
    try {
      if (this.settings.mode === 'implicit') {
        await this.startTls();
        this.session.protection = 'P';
      } else {
        this.#attach();
      }
      await this.#runCommand('CONNECT', '', () => reply(220, 'Waybill practice partner, FTP over TLS'));
      if (this.settings.mode === 'implicit_zos') {
        await this.startTls();
        this.session.protection = 'P';
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = false;
    }
    void this.#work();
  }

  close(): void {
    this.#stream.destroy();
    this.#raw.destroy();
  }

  report(kind: ServerEvent['kind'], detail: string): void {
    this.settings.onEvent({ sessionId: this.session.id, kind, detail });
  }

  closeAfterReply(): void {
    this.#closing = true;
  }

  async startTls(): Promise<void> {
    // What came in the clear could have been put there by anyone; it must not survive into the protected part.
    this.#stream.removeAllListeners('data');
    this.#stream.pause();
    const dropped = this.#reader.clear() + this.#lines.length;
    this.#lines = [];
    if (dropped > 0)
      this.report('clear_bytes_discarded', 'Commands sent before the TLS handshake were discarded');
    const stream = await this.door.accept(this.#raw);
    stream.once('close', () => this.#tearDown());
    this.#stream = stream;
    this.session.secure = true;
    this.session.tlsProtocol = stream.getProtocol();
    this.report('secured', `${this.session.tlsProtocol} ${stream.getCipher().standardName}`);
    this.#attach();
  }

  async reply(answer: Reply): Promise<void> {
    const bytes = Buffer.from(formatReply(answer));
    const offered = { code: answer.code, bytes };
    const scripted = await this.settings.script.onReply?.(this.session, this.#current.verb, offered);
    await this.#obey(scripted, this.#makeTurn({ reply: offered, runDefault: () => this.#send(bytes) }));
  }

  turn(): Turn {
    return this.#makeTurn({ reply: null, runDefault: async () => {} });
  }

  #makeTurn(part: Pick<Turn, 'reply' | 'runDefault'>): Turn {
    return {
      session: this.session,
      ...this.#current,
      ...part,
      send: (bytes) => this.#send(bytes),
      wait: (durationMs) => wait(durationMs, undefined, { ref: false }),
      isOpen: () => !this.#stream.destroyed && !this.#stream.writableEnded,
      drop: (style) => this.#drop(style),
    };
  }

  async #obey(answer: Answer, turn: Turn): Promise<void> {
    if (answer === undefined || answer === 'default') await turn.runDefault();
    else if (typeof answer === 'function') await answer(turn);
    else if (Buffer.isBuffer(answer)) await this.#send(answer);
    else for (const line of [answer].flat()) await this.#send(`${line}\r\n`);
  }

  #attach(): void {
    this.#stream.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  #take(chunk: Buffer): void {
    try {
      this.#lines.push(...this.#reader.push(chunk));
    } catch (error) {
      this.#fail(error);
      return;
    }
    const aborted =
      this.session.transfer && this.#lines.some((line) => line !== null && /^ABOR\b/i.test(line));
    if (aborted) this.session.transfer?.abort();
    if (this.#lines.length > MAX_WAITING_LINES) this.#stream.pause();
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (this.#lines.length > 0 && !this.#stream.destroyed) {
        await this.#answerLine(this.#lines.shift() ?? null);
        if (this.#closing) return this.#drop('clean');
        this.#restartIdleTimer();
      }
      this.#stream.resume();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = false;
    }
  }

  async #answerLine(line: string | null): Promise<void> {
    if (line === null) return this.#runCommand('', '', () => reply(501, 'Commands must be UTF-8'));
    const { verb, argument } = parseCommand(line);
    this.session.remember(verb, argument);
    const command = COMMANDS.get(verb);
    await this.#runCommand(verb, argument, () => {
      if (!command) return reply(502, 'Command not known here');
      if (argument.includes('\0')) return reply(501, 'NUL is not allowed');
      if (command.needs !== 'nothing' && !this.session.secure) return reply(530, 'Use AUTH TLS first');
      if (command.needs === 'login' && !this.session.loggedIn) return reply(530, 'Log in first');
      return command.run(this, argument);
    });
  }

  async #runCommand(
    verb: string,
    argument: string,
    run: () => Reply | null | Promise<Reply | null>,
  ): Promise<void> {
    this.#current = { verb, argument };
    const scripted = await this.settings.script.onCommand?.(this.session, verb, argument);
    const runDefault = async () => {
      const answer = await this.#runSafely(run);
      if (answer) await this.reply(answer);
    };
    await this.#obey(scripted, this.#makeTurn({ reply: null, runDefault }));
  }

  async #runSafely(run: () => Reply | null | Promise<Reply | null>): Promise<Reply | null> {
    try {
      return await run();
    } catch (error) {
      const answer = replyForError(error);
      if (answer) return answer;
      this.report('internal_error', errorText(error));
      return reply(451, 'Something went wrong here');
    }
  }

  /** Resolves once the bytes are taken, so that a client that does not read is not written to without end. */
  #send(bytes: Buffer | string): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve) => {
      if (stream.destroyed || stream.writableEnded) return resolve();
      stream.once('close', resolve);
      stream.write(bytes, () => {
        stream.off('close', resolve);
        resolve();
      });
    });
  }

  #drop(style: DropStyle): void {
    this.#closing = true;
    if (style === 'rst') this.#raw.resetAndDestroy();
    else if (style === 'clean') this.#stream.end();
    else this.#raw.end();
    // The other side may never close: it has had its word.
    if (style !== 'rst') setTimeout(() => this.close(), 2000).unref();
  }

  #fail(error: unknown): void {
    const tooLong = error instanceof LineTooLong;
    this.report(tooLong ? 'refused' : 'internal_error', errorText(error));
    const text = tooLong ? '500 Command line too long' : '421 Closing the connection';
    void this.#send(`${text}\r\n`).then(() => this.#drop('clean'));
  }

  #restartIdleTimer(): void {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      if (this.session.transfer) return this.#restartIdleTimer();
      void this.#send('421 Idle for too long\r\n').then(() => this.#drop('clean'));
    }, this.settings.limits.idleTimeoutMs);
    this.#idleTimer.unref();
  }

  #tearDown(): void {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.session.transfer?.abort();
    this.session.passive?.close();
    this.#raw.destroy();
  }
}
