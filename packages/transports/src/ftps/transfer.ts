/**
 * One transfer over a data connection. The central truth of FTP: a transfer is done when both the data
 * connection and the control connection say so, in whatever order, and even then the bytes have to be
 * counted, because the end of a TLS stream that was cut looks to Node like one that was closed.
 */
import type { Socket } from 'node:net';
import { isCompared } from '@waybill/contracts/deviations.js';
import { paced, paceOf } from '../bandwidth.js';
import { cancelledAt, TransportError } from '../transport-error.js';
import { isResumptionOff, prepareDataConnection, type DataConnection } from './data-connection.js';
import type { FtpsSession } from './ftps-session.js';
import { Intake } from './intake.js';
import { receiveChunks } from './receive-chunks.js';
import { replyToFailure, type RefusedCommand, type Reply } from './reply-to-failure.js';
import { agreeOnRestart } from './restart.js';
import { createInterrupt, sendChunks, withErrorsNoted, withinTime } from './send-chunks.js';
import { brokenOff, early, resetAtEnd, unconfirmed } from './transfer-failure.js';

export interface TransferCommand extends RefusedCommand {
  /** The whole command, as in `RETR /in/a.csv`. */
  command: string;
  /** Cancels it; that of the session does too. */
  signal?: AbortSignal;
  /** The server sends and Waybill takes. */
  receives?: boolean;
  /** Where in the file to begin (REST, RFC 3659 section 5). */
  restart?: Restart;
}

export interface Restart {
  at: number;
  /** The command that goes instead where the server does not begin there. */
  otherwise: string;
}

export interface Transfer {
  /** Whether the server agreed to begin where it was told to. */
  readonly isRestarted: boolean;
  /** Hands every byte to the sink until the server ends the data connection; returns their number. */
  receive(sink: (chunk: Buffer) => Promise<void> | void): Promise<number>;
  /** Sends every byte and ends the data connection; returns their number. */
  send(source: AsyncIterable<Uint8Array>): Promise<number>;
  /** Waits until the control connection says that the transfer is complete. */
  confirm(): Promise<void>;
  /** Frees the data connection. A transfer that was not confirmed costs the session. */
  dispose(): void;
}

/** A server may still be writing or checking what is in its buffers. */
const CONFIRM_AT_LEAST_MS = 120_000;

/** What is known of a transfer from its beginning on. */
interface Underway {
  session: FtpsSession;
  what: TransferCommand;
  /** Of the transfer and of its session. */
  signal: AbortSignal;
  /** Tripped by whatever makes going on pointless. */
  interrupt: ReturnType<typeof createInterrupt>;
  connection: DataConnection | null;
  /** Settles with the final reply, of whatever code; rejects when the control connection fails. */
  reply: Promise<Reply> | null;
  /** The final reply, where it is a no. */
  refusal: Reply | null;
  /** Resolves when the server says that it begins (1xx), which it may not. */
  beginning: PromiseWithResolvers<void>;
  hasBegun: boolean;
  /** The data connection was reset. Some servers do so after all has come; where something is compared, that tells. */
  isReset: boolean;
  /** Whether the session can be used for the next one. */
  isSettled: boolean;
  onAbort: () => void;
}

/** Both connections of a transfer, ready for its bytes. */
interface Connections {
  isRestarted: boolean;
  data: Socket;
  /** Where the data connection puts what it reads; null where it hands that on. */
  intake: Intake | null;
  reply: Promise<Reply>;
}

/** Opens the data connection, sends the command and brings up TLS on the data connection. */
export async function beginTransfer(session: FtpsSession, what: TransferCommand): Promise<Transfer> {
  const ofSession = session.context.signal;
  const signal = what.signal ?? ofSession;
  const underway: Underway = {
    session,
    what: {
      ...what,
      resumptionOff: isResumptionOff(session),
      inClear: session.facts.dataProtection === 'clear',
    },
    // Combining two costs more than a command, and mostly they are one.
    signal: signal === ofSession ? signal : AbortSignal.any([signal, ofSession]),
    interrupt: createInterrupt(),
    connection: null,
    reply: null,
    refusal: null,
    beginning: Promise.withResolvers(),
    hasBegun: false,
    isReset: false,
    isSettled: false,
    onAbort: () => breakOff(underway),
  };
  if (underway.signal.aborted) throw cancelledAt(what.step);
  underway.signal.addEventListener('abort', underway.onAbort, { once: true });
  try {
    const connections = await connect(underway);
    return {
      isRestarted: connections.isRestarted,
      receive: (sink) => receive(underway, connections, sink),
      send: (source) => send(underway, connections, source),
      confirm: () => confirm(underway, connections),
      dispose: () => dispose(underway),
    };
  } catch (error) {
    const failure = await brokenOff(underway, error);
    const { hasBegun, reply, refusal } = underway;
    // A plain "no" before anything began leaves the session as it was; everything else is ambiguous.
    const isPlainNo = reply === null || (refusal !== null && refusal.code >= 500);
    underway.isSettled = !hasBegun && session.channel.usable && isPlainNo;
    dispose(underway);
    throw failure;
  }
}

async function connect(underway: Underway): Promise<Connections> {
  const { session, what, signal, interrupt } = underway;
  const intake = what.receives ? new Intake() : null;
  const connection = await prepareDataConnection(session, { step: what.step, signal, intake });
  underway.connection = connection;
  const isRestarted = await agreeOnRestart(session, what.restart?.at, what.step);
  const command = isRestarted || what.restart === undefined ? what.command : what.restart.otherwise;
  // The command goes first: pyftpdlib takes a handshake that comes before it for a broken connection.
  const reply = session.channel.commandUntimed(command, what.step, () => {
    underway.hasBegun = true;
    session.hasMoved = true;
    session.restartIsPending = false;
    underway.beginning.resolve();
  });
  underway.reply = reply;
  const answered = reply.then(
    (final) => {
      if (final.code < 300) {
        session.hasMoved = true;
        return;
      }
      underway.refusal = final;
      interrupt.trip(replyToFailure(final, what));
    },
    (error: unknown) => interrupt.trip(error),
  );
  const secured = connection.secure();
  // Where the answer comes first, nobody waits for this any more.
  secured.catch(() => undefined);
  const { socket: data, intake: readInto } = await Promise.race([
    secured,
    answered.then(() => {
      if (interrupt.error !== undefined) throw interrupt.error;
      return secured;
    }),
  ]);
  if (interrupt.error !== undefined) throw interrupt.error;
  keepAwake(session, reply);
  return { data, intake: readInto, reply, isRestarted };
}

/** NOOP on the control connection, as often as the endpoint says, until the server says how the transfer went. */
function keepAwake({ channel, endpoint, mayNoop }: FtpsSession, reply: Promise<Reply>): void {
  if (!mayNoop) return;
  const timer = setInterval(() => channel.sendNoop(), endpoint.settings.noopSeconds * 1000);
  const stop = (): void => clearInterval(timer);
  reply.then(stop, stop);
}

function breakOff({ session, what, interrupt, connection }: Underway): void {
  interrupt.trip(cancelledAt(what.step));
  connection?.destroy();
  session.channel.closeBecause(cancelledAt(what.step));
}

function dispose({ session, signal, onAbort, connection, isSettled }: Underway): void {
  signal.removeEventListener('abort', onAbort);
  connection?.destroy();
  if (!isSettled) session.channel.distrust('a transfer on it was not completed');
}

async function receive(
  underway: Underway,
  { data, intake, reply }: Connections,
  sink: Parameters<Transfer['receive']>[0],
): Promise<number> {
  const { session, signal } = underway;
  let sinkFailure: { error: unknown } | null = null;
  const guarded = async (chunk: Buffer): Promise<void> => {
    session.hasMoved = true;
    try {
      await sink(chunk);
    } catch (error) {
      sinkFailure = { error };
      throw error;
    }
  };
  // In the clear nothing was waited for, and vsftpd leaves the data connection of a refused command open.
  void reply.then(
    ({ code }) => {
      if (code >= 300 && !underway.hasBegun) data.destroy();
    },
    () => undefined, // ends the transfer by itself
  );
  try {
    return await receiveChunks(data, guarded, {
      idleTimeoutMs: session.endpoint.settings.stallTimeoutMs,
      pace: paceOf('down', session.endpoint),
      intake,
    });
  } catch (error) {
    if (sinkFailure !== null && !signal.aborted) throw (sinkFailure as { error: unknown }).error;
    throw await brokenOff(underway, error);
  }
}

async function send(
  underway: Underway,
  { data, reply }: Connections,
  source: AsyncIterable<Uint8Array>,
): Promise<number> {
  const { session, what, signal, interrupt, beginning } = underway;
  const { idleTimeoutMs, settings } = session.endpoint;
  let sourceFailure: { error: unknown } | null = null;
  let isAllSent = false;
  const guarded = withErrorsNoted(source, (error) => {
    sourceFailure = { error };
  });
  try {
    data
      .on('error', (error) => {
        underway.isReset = true;
        interrupt.trip(error);
      })
      .on('close', () => interrupt.trip(new Error('closed')));
    // Reading keeps TLS 1.3 going: the server's session tickets have to be taken in.
    data.resume();
    void reply.then(
      // Mostly it comes when all was sent, and then nobody asks any more.
      () => {
        if (!isAllSent) interrupt.trip(early(what.step));
      },
      () => undefined, // tripped already, when the transfer began
    );
    await withinTime(beginning.promise, idleTimeoutMs, interrupt);
    // Ending a TLS stream in the tick in which the handshake ended loses the stream's own start.
    await new Promise((resolve) => setImmediate(resolve));
    const pace = paceOf('up', session.endpoint);
    const chunks = pace === null ? guarded : paced(guarded, pace, signal);
    const bytes = await sendChunks(data, chunks, settings.stallTimeoutMs, interrupt);
    if (interrupt.error !== undefined) throw interrupt.error;
    isAllSent = true;
    data.end();
    return bytes;
  } catch (error) {
    data.destroy();
    if (sourceFailure !== null && !signal.aborted) throw (sourceFailure as { error: unknown }).error;
    throw await brokenOff(underway, error);
  }
}

async function confirm(underway: Underway, { reply }: Connections): Promise<void> {
  const { session, what, signal } = underway;
  const timeoutMs = Math.max(CONFIRM_AT_LEAST_MS, 2 * session.endpoint.idleTimeoutMs);
  const giveUp = (): void => session.channel.closeBecause(unconfirmed(what.step, timeoutMs));
  const timer = setTimeout(giveUp, timeoutMs);
  try {
    const final = await reply;
    if (final.code < 200 || final.code > 299) throw replyToFailure(final, what);
    if (underway.isReset && !isCompared(session.endpoint.settings)) throw resetAtEnd();
    underway.isSettled = true;
  } catch (error) {
    const step = what.step === 'transfer' ? 'confirm' : what.step;
    if (signal.aborted) throw cancelledAt(step);
    throw error instanceof TransportError
      ? new TransportError(error.kind, step, error.message, { cause: error })
      : error;
  } finally {
    clearTimeout(timer);
    dispose(underway);
  }
}
