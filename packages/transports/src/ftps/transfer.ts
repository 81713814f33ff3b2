/**
 * One transfer over a data connection. The central truth of FTP: a transfer is done when both the data
 * connection and the control connection say so, in whatever order, and even then the bytes have to be
 * counted, because the end of a TLS stream that was cut looks to Node like one that was closed.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { cancelledAt, TransportError } from '../transport-error.js';
import { openDataConnection } from './data-connection.js';
import type { FtpsSession } from './ftps-session.js';
import { receiveChunks, SilenceError, type Sink } from './receive-chunks.js';
import { replyToFailure, type RefusedCommand, type Reply } from './reply-to-failure.js';
import { createInterrupt, sendChunks } from './send-chunks.js';
import { readTlsFacts, startTls } from './start-tls.js';
import { identityOf, tlsOptionsFor } from './tls-trust.js';

export interface TransferCommand extends RefusedCommand {
  /** The whole command, as in `RETR /in/a.csv`. */
  command: string;
  /** Cancels it; that of the session does too. */
  signal?: AbortSignal;
}

export interface Transfer {
  /** Hands every byte to the sink until the server ends the data connection; returns their number. */
  receive(sink: Sink): Promise<number>;
  /** Sends every byte and ends the data connection; returns their number. */
  send(source: AsyncIterable<Uint8Array>): Promise<number>;
  /** Waits until the control connection says that the transfer is complete. */
  confirm(): Promise<void>;
  /** Frees the data connection. A transfer that was not confirmed costs the session. */
  dispose(): void;
}

/** A server that closed the data connection with an error often says why, a moment later. */
const REPLY_GRACE_MS = 1000;
/** A server may still be writing or checking what is in its buffers. */
const CONFIRM_AT_LEAST_MS = 120_000;

/** Opens the data connection, sends the command and brings up TLS on the data connection. */
export async function beginTransfer(session: FtpsSession, what: TransferCommand): Promise<Transfer> {
  const { channel, endpoint, context } = session;
  const { step } = what;
  const signal = AbortSignal.any([what.signal, context.signal].filter((one) => one !== undefined));
  if (signal.aborted) throw cancelledAt(step);

  let raw: Socket | null = null;
  let data: TLSSocket | null = null;
  let started = false;
  let confirmed = false;
  let refusedWith: Reply | null = null;
  const interrupt = createInterrupt();
  let onStarted: () => void = () => undefined;
  const start = new Promise<void>((resolve) => (onStarted = resolve));

  const onAbort = (): void => {
    interrupt.trip(cancelledAt(step));
    data?.destroy();
    raw?.destroy();
    channel.closeBecause(cancelledAt(step));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const dispose = (): void => {
    signal.removeEventListener('abort', onAbort);
    data?.destroy();
    raw?.destroy();
    if (!confirmed) channel.distrust('a transfer on it was not completed');
  };

  /** Settles with the final reply, of whatever code; rejects when the control connection fails. */
  let reply: Promise<Reply> | null = null;

  /** The error to tell: cancelling wins, then the server's own words, then what the socket said. */
  const explain = async (error: unknown): Promise<TransportError> => {
    if (signal.aborted) return cancelledAt(step);
    if (error instanceof TransportError && error.kind !== 'connection_lost') return error;
    const said = reply === null ? null : await Promise.race([reply.catch(() => null), delay(REPLY_GRACE_MS)]);
    if (said !== null && said.code >= 300) return replyToFailure(said, what);
    if (error instanceof TransportError) return error;
    if (error instanceof SilenceError) {
      const seconds = Math.round(endpoint.idleTimeoutMs / 1000);
      const message = `The server moved no data for ${seconds} s. Try again; if it repeats, ask the partner.`;
      return new TransportError('stalled', step, message);
    }
    const message =
      'The data connection broke off in the middle of the transfer. Try again; if it repeats, ' +
      'ask the partner to look at the log of the server and at the firewall.';
    return new TransportError('connection_lost', step, message, { cause: error });
  };

  try {
    raw = await openDataConnection(session, step, signal);
    // The command goes first: pyftpdlib takes a handshake that comes before it for a broken connection.
    reply = channel.commandUntimed(what.command, step, () => {
      started = true;
      onStarted();
    });
    const refusal = reply.then(
      (final) => {
        if (final.code >= 300) {
          refusedWith = final;
          interrupt.trip(replyToFailure(final, what));
        }
        return final;
      },
      (error: unknown) => {
        interrupt.trip(error);
      },
    );
    const tls = startTls(
      raw,
      { ...tlsOptionsFor(endpoint), session: session.tlsSession },
      {
        timeoutMs: endpoint.connectTimeoutMs,
        signal,
        step,
        channel: 'data connection',
        identity: identityOf(endpoint),
        onSession: (tlsSession) => {
          session.tlsSession = tlsSession;
        },
      },
    );
    data = tls.socket;
    await Promise.race([
      tls.secured,
      refusal.then(() => (interrupt.error === undefined ? tls.secured : undefined)),
    ]);
    if (interrupt.error !== undefined) throw interrupt.error;
    session.facts.data = readTlsFacts(data, session.facts.control);
  } catch (error) {
    const failure = await explain(error);
    const refusal = refusedWith as Reply | null;
    // A plain "no" before anything began leaves the session as it was; everything else is ambiguous.
    confirmed = !started && channel.usable && (reply === null || (refusal !== null && refusal.code >= 500));
    dispose();
    throw failure;
  }

  const socket = data;
  const finalReply = reply;
  return {
    dispose,
    async receive(sink) {
      let sinkFailure: { error: unknown } | null = null;
      try {
        const guarded: Sink = async (chunk) => {
          try {
            await sink(chunk);
          } catch (error) {
            sinkFailure = { error };
            throw error;
          }
        };
        return await receiveChunks(socket, guarded, endpoint.idleTimeoutMs);
      } catch (error) {
        if (sinkFailure !== null && !signal.aborted) throw (sinkFailure as { error: unknown }).error;
        throw await explain(error);
      }
    },

    async send(source) {
      let sourceFailure: { error: unknown } | null = null;
      const guarded = withErrorsNoted(source, (error) => {
        sourceFailure = { error };
      });
      try {
        const onBroken = (error?: Error): void => interrupt.trip(error ?? new Error('closed'));
        socket.on('error', onBroken).on('close', onBroken);
        // Reading keeps TLS 1.3 going: the server's session tickets have to be taken in.
        socket.resume();
        void finalReply.then(
          () => interrupt.trip(early(step)),
          () => undefined, // tripped already, when the transfer began
        );
        await withinTime(start, endpoint.idleTimeoutMs, interrupt);
        // Ending a TLS stream in the tick in which the handshake ended loses the stream's own start.
        await new Promise((resolve) => setImmediate(resolve));
        const bytes = await sendChunks(socket, guarded, endpoint.idleTimeoutMs, interrupt);
        if (interrupt.error !== undefined) throw interrupt.error;
        socket.end();
        return bytes;
      } catch (error) {
        socket.destroy();
        if (sourceFailure !== null && !signal.aborted) throw (sourceFailure as { error: unknown }).error;
        throw await explain(error);
      }
    },

    async confirm() {
      const timeoutMs = Math.max(CONFIRM_AT_LEAST_MS, 2 * endpoint.idleTimeoutMs);
      const timer = setTimeout(() => channel.closeBecause(unconfirmed(step, timeoutMs)), timeoutMs);
      try {
        const final = await finalReply;
        if (final.code < 200 || final.code > 299) throw replyToFailure(final, what);
        confirmed = true;
      } catch (error) {
        const confirmStep = step === 'transfer' ? 'confirm' : step;
        if (signal.aborted) throw cancelledAt(confirmStep);
        throw error instanceof TransportError
          ? new TransportError(error.kind, confirmStep, error.message, { cause: error })
          : error;
      } finally {
        clearTimeout(timer);
        dispose();
      }
    },
  };
}

/** The same chunks; an error of the source is noted, to be told from one of the connection. */
function withErrorsNoted(
  source: AsyncIterable<Uint8Array>,
  note: (error: unknown) => void,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      return {
        next: () =>
          inner.next().catch((error: unknown) => {
            note(error);
            throw error;
          }),
        return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}

function early(step: StepName): TransportError {
  const message =
    'The server called the transfer complete before all was sent. Ask the partner what its log says.';
  return new TransportError('protocol_error', step, message);
}

function unconfirmed(step: StepName, timeoutMs: number): TransportError {
  const seconds = Math.round(timeoutMs / 1000);
  const message = `All bytes went over, but the server did not confirm the transfer within ${seconds} s.`;
  return new TransportError('stalled', step, message);
}

function delay(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}

/** Waits for a promise, but not past the time or the interrupt. */
function withinTime(
  promise: Promise<void>,
  timeoutMs: number,
  interrupt: ReturnType<typeof createInterrupt>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SilenceError()), timeoutMs);
    const stop = (): void => {
      clearTimeout(timer);
      interrupt.onTrip = null;
      reject(interrupt.error as Error);
    };
    if (interrupt.error !== undefined) return stop();
    interrupt.onTrip = stop;
    promise.then(() => {
      clearTimeout(timer);
      interrupt.onTrip = null;
      resolve();
    }, reject);
  });
}
