/**
 * The script of a server: functions that change what it answers. Without one the server is honest. Ready-made
 * pieces are in behaviours.ts; they compose because each is just a function.
 */
import type { SessionView } from './session.js';
import type { TlsSettings } from './tls-door.js';

/** How a connection goes away: FIN without TLS close_notify, RST, or as TLS wants it. */
export type DropStyle = 'fin' | 'rst' | 'clean';

/** One moment at which a script may act: before a command is run, or before a reply is sent. */
export interface Turn {
  readonly session: SessionView;
  readonly verb: string;
  readonly argument: string;
  /** The reply that is about to be sent; null before a command is run. */
  readonly reply: { code: number; bytes: Buffer } | null;
  /** What would happen without a script: the command is run and answered, or the reply is sent. */
  runDefault(): Promise<void>;
  /** Sends exactly these bytes on the control connection; resolves when they are on their way. */
  send(bytes: Buffer | string): Promise<void>;
  wait(durationMs: number): Promise<void>;
  /** Whether the client is still there, as far as is known. */
  isOpen(): boolean;
  /** Ends the control connection now. */
  drop(style: DropStyle): void;
}

export type Behaviour = (turn: Turn) => void | Promise<void>;

/**
 * `undefined` or 'default': as without a script. A string or strings: these lines are sent instead (none for
 * an empty list). A Buffer: these bytes are sent instead. A function: whatever it does.
 */
export type Answer = string | string[] | Buffer | Behaviour | undefined;

/** What happens to one data connection. Everything that is left out is honest. */
export interface DataPlan {
  /** Wait before the data connection is taken up. */
  delayMs?: number;
  /**
   * 'plain': no TLS, whatever was agreed. 'rst', 'stall': this in place of the handshake. Settings: another
   * certificate, not resumed and not refused.
   */
  tls?: 'plain' | 'rst' | 'stall' | TlsSettings;
  /** After so many bytes of content: drop the data connection, stall, or do something else. */
  cut?: { afterBytes: number; how: DropStyle | 'stall' | Behaviour };
  /** What is sent in place of the content of a download or a listing. */
  replaceContent?: (content: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;
  /** Upload: take every byte, keep none, say that all is well. */
  discard?: boolean;
  /** Upload, when false: the client's close_notify is not answered, and the server waits for it to close. */
  answersEnd?: boolean;
  /** Line that is sent at the end, whatever really happened: "226 Done". */
  finalReply?: string;
}

export interface Script {
  /** Before every command; the greeting of a new connection is asked about as verb CONNECT. */
  onCommand?(session: SessionView, verb: string, argument: string): Answer | Promise<Answer>;
  /** Before every reply. `verb` is the command that it answers. */
  onReply?(
    session: SessionView,
    verb: string,
    reply: { code: number; bytes: Buffer },
  ): Answer | Promise<Answer>;
  /** Before a data connection is used. `path` as the client sees it. */
  onDataOpen?(
    session: SessionView,
    verb: string,
    path: string,
  ): DataPlan | undefined | Promise<DataPlan | undefined>;
  /** The lines of LIST, NLST and MLSD, without line ends; or the bytes that go out in their place. */
  transformListing?(
    session: SessionView,
    verb: string,
    lines: string[],
  ): string[] | Buffer | AsyncIterable<Buffer>;
}
