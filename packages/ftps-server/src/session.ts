/** The state of one client's session: what it may do, where it is, and what it said. No I/O. */
import type { PassiveListener } from './passive-listener.js';

/** A data connection as it really was, for tests and logs. */
export interface DataFacts {
  verb: string;
  path: string;
  /** As Node names it ("TLSv1.3"); null for a connection without TLS. */
  protocol: string | null;
  resumed: boolean;
}

/** What others may see of a session. */
export interface SessionView {
  readonly id: number;
  readonly remoteAddress: string;
  readonly userName: string | null;
  readonly loggedIn: boolean;
  readonly secure: boolean;
  /** As Node names it; null before TLS. */
  readonly tlsProtocol: string | null;
  /** The last command lines, oldest first; passwords never get this far. */
  readonly received: readonly string[];
  readonly dataConnections: readonly DataFacts[];
}

/** How much a session remembers for those who look. */
const MAX_REMEMBERED = 1000;

export class Session implements SessionView {
  userName: string | null = null;
  loggedIn = false;
  loginFailures = 0;
  secure = false;
  tlsProtocol: string | null = null;
  bufferSizeAgreed = false;
  protection: 'C' | 'P' = 'C';
  folder = '/';
  representation: 'A' | 'I' = 'A';
  restartAt = 0;
  renameFrom: string | null = null;
  passive: PassiveListener | null = null;
  /** After EPSV ALL nothing but EPSV may set up a data connection (RFC 2428 section 4). */
  epsvOnly = false;
  /** Ends the transfer that is running; null when none is. */
  transfer: AbortController | null = null;
  readonly received: string[] = [];
  readonly dataConnections: DataFacts[] = [];

  constructor(
    readonly id: number,
    readonly localAddress: string,
    readonly remoteAddress: string,
  ) {}

  remember(verb: string, argument: string): void {
    const shown = verb === 'PASS' ? '***' : argument;
    keepLast(this.received, shown === '' ? verb : `${verb} ${shown}`);
  }

  rememberData(facts: DataFacts): void {
    keepLast(this.dataConnections, facts);
  }
}

function keepLast<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > MAX_REMEMBERED) list.shift();
}
