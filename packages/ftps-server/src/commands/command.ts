/** What a command is, and what it may use of the control connection on which it came. */
import type { Reply } from '../reply.js';
import type { RootFolder } from '../root-folder.js';
import type { Turn } from '../script.js';
import type { ServerEvent, ServerSettings } from '../server-options.js';
import type { Session } from '../session.js';
import type { TlsDoor } from '../tls-door.js';

export interface Control {
  readonly session: Session;
  readonly settings: ServerSettings;
  readonly root: RootFolder;
  /** TLS of this control connection; its data connections must resume it. */
  readonly door: TlsDoor;
  /** Sends a reply through the script. */
  reply(reply: Reply): Promise<void>;
  /** Throws away what came in the clear and does the handshake. Rejects when the handshake fails. */
  startTls(): Promise<void>;
  /** Closes the connection when the reply to the current command has gone out. */
  closeAfterReply(): void;
  /** What a script may do in the course of the current command. */
  turn(): Turn;
  report(kind: ServerEvent['kind'], detail: string): void;
}

export interface Command {
  /** What must have happened before: nothing, TLS, or a login (which needs TLS). */
  needs: 'nothing' | 'tls' | 'login';
  /** @returns the final reply, or null where it has been sent. @throws Refusal, or an error of the file system */
  run(control: Control, argument: string): Reply | null | Promise<Reply | null>;
}

export type CommandGroup = Record<string, Command>;
