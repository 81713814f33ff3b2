/** What an open FTPS session knows: its channels, what the server can do, and the evidence so far. */
import type { ConnectionOptions } from 'node:tls';
import type { ConnectionFacts, Side } from '@waybill/contracts/session-facts.js';
import type { FtpsEndpoint } from '../endpoint.js';
import type { HashAlgorithm } from '../hash-algorithms.js';
import type { LookUpName, NetworkAllow } from '../network-guard.js';
import type { Way } from '../reach-server.js';
import type { Timeline } from '../timeline.js';
import type { Entry, SessionRecord } from '../transport.js';
import type { ControlChannel } from './control-channel.js';
import type { Dialogue } from './dialogue.js';
import type { TextCodec } from './text-codec.js';
import type { Reply } from './reply-to-failure.js';

export interface OpenContext {
  networkAllow: NetworkAllow[];
  /** The name service; that of the operating system where not given. */
  lookUpName?: LookUpName;
  /** Ends the session at once, whatever it is doing, for as long as it lives. */
  signal: AbortSignal;
  side: Side;
  /** How long to wait for one of the connections that the endpoint allows at once; 0 not at all. */
  slotWaitMs?: number;
  onStep?: (step: SessionRecord['timeline'][number]) => void;
}

/** A look at a file that was asked for together with other commands. */
export interface LookAhead {
  path: string;
  /** Whether it was asked for the time as well, where that is a command of its own. */
  withTime: boolean;
  entry: Promise<Entry | null>;
}

export interface HashAhead {
  /** The path as the server knows it. */
  remote: string;
  algorithm: HashAlgorithm;
  hash: Promise<string | null>;
}

export interface AnswersAhead {
  looks: LookAhead[];
  hash: HashAhead | null;
}

export interface LastLook {
  path: string;
  entry: Entry | null;
  /** In the time of `performance.now()`. */
  lookedAt: number;
  commandsGiven: number;
  /** Asked for with the file before, and so in the dialogue of that. */
  isAhead: boolean;
}

export interface AskedAhead extends AnswersAhead {
  /** How many commands had been given by then. */
  commandsGiven: number;
  askedAt: number;
}

export interface FtpsSession {
  endpoint: FtpsEndpoint;
  context: OpenContext;
  channel: ControlChannel;
  codec: TextCodec;
  timeline: Timeline;
  dialogue: Dialogue;
  facts: ConnectionFacts;
  /** When it is to be replaced, in the time of `performance.now()`. */
  expiresAt: number;
  way: Way;
  /** The host of the control connection as it was dialled, which is where data connections lead to. */
  host: string;
  /** Our end of the control connection, where active mode listens. */
  localAddress: string;
  /** From FEAT: the feature in upper case, and what stands behind it. */
  features: Map<string, string>;
  /**
   * The newest TLS session of this control connection, for its data connections. Never shared with another
   * control connection: servers refuse that, and they are right.
   */
  tlsSession: Buffer | undefined;
  /** What every data connection is made with; put together by the first one. */
  dataTls?: ConnectionOptions;
  /** Whether NOOP is answered so that it can be told from the end of a transfer; false where nobody wants to know. */
  mayNoop: boolean;
  /** Which command opens data connections; found out by the first one. */
  dataCommand: 'EPSV' | 'PASV' | 'EPRT' | 'PORT' | null;
  /** The answer to EPSV or PASV for the next transfer, asked for together with other commands. */
  portAhead?: { command: 'EPSV' | 'PASV'; reply: Promise<Reply>; askedAt: number } | undefined;
  /** See `keepAskedAhead`. */
  askedAhead?: AskedAhead | undefined;
  /** The newest look, and how many commands had been given by then. */
  lastLook?: LastLook | undefined;
  /** Whether the server has no SIZE, so that only its listings tell of a file. */
  looksIntoListings: boolean;
  /** The algorithm that HASH is set to; null until asked. */
  hashSelected: HashAlgorithm | null;
  /** Whether REST was agreed to and the transfer that it was for has not begun. */
  restartIsPending: boolean;
  /** Whether a data connection was used: the server began a transfer or a listing, or bytes of one came. */
  hasMoved?: boolean;
}

/** A snapshot of the evidence. What was only agreed to go in the clear did not. */
export function recordOf(
  session: Pick<FtpsSession, 'facts' | 'timeline' | 'dialogue' | 'hasMoved'>,
): SessionRecord {
  const { facts, hasMoved = false } = session;
  const isOnlyAgreed = facts.dataProtection === 'clear' && !hasMoved;
  return {
    connection: { ...facts, ...(isOnlyAgreed && { dataProtection: null }) },
    timeline: session.timeline.steps(),
    dialogue: session.dialogue.lines(),
  };
}
