/**
 * One data connection: taken up, secured, checked, used in one direction, ended. TLS starts only when the
 * command has come, as RFC 4217 section 7 has it; a ClientHello that came early waits in the kernel.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TLSSocket } from 'node:tls';
import { errorText } from './error-facts.js';
import type { Control } from './commands/command.js';
import { EndSentry } from './end-sentry.js';
import { Refusal } from './reply.js';
import type { DataPlan, Turn } from './script.js';
import { TlsDoor } from './tls-door.js';

/** Chunk of a file on its way. Large ones are what makes Node fast here. */
export const CHUNK_BYTES = 1024 * 1024;

/** How long a client may take to close its side once everything has been said. */
const LINGER_MS = 10_000;

export interface DataChannel {
  stream: TLSSocket | Socket;
  /** The TCP connection underneath. */
  raw: Socket;
}

/** The script has cut this connection on purpose. */
export class CutByScript extends Error {
  override readonly name = 'CutByScript';
}

/**
 * Runs the handshake on a fresh data connection.
 * @param guardEnd notice an end without close_notify (uploads; costs a copy, so downloads go without)
 * @throws Refusal 522 when the session of the control connection is not resumed, 425 when the handshake fails
 */
export async function secureDataChannel(
  control: Control,
  raw: Socket,
  options: { plan: DataPlan; guardEnd: boolean },
): Promise<DataChannel & { resumed: boolean }> {
  const { plan, guardEnd } = options;
  raw.setNoDelay(true);
  if (plan.tls === 'plain') {
    raw.resume();
    return { stream: raw, raw, resumed: false };
  }
  if (plan.tls === 'rst' || plan.tls === 'stall') {
    if (plan.tls === 'rst') raw.resetAndDestroy();
    else await new Promise((resolve) => raw.once('close', resolve).once('end', resolve).resume());
    throw new CutByScript();
  }
  const { handshakeTimeoutMs } = control.settings.limits;
  const door = plan.tls ? new TlsDoor(plan.tls, handshakeTimeoutMs) : control.door;
  const sentry = guardEnd ? new EndSentry(raw, plan.answersEnd) : null;
  let stream: TLSSocket;
  try {
    stream = await door.accept(sentry ?? raw, (socket) => sentry?.guard(socket));
  } catch (error) {
    raw.destroy();
    throw new Refusal(425, `TLS on the data connection failed: ${errorText(error)}`);
  }
  const resumed = stream.isSessionReused();
  if (!resumed && control.settings.requireSessionReuse && !plan.tls) {
    control.report('session_not_resumed', `${stream.getProtocol()}`);
    stream.destroy();
    throw new Refusal(522, 'The data connection must resume the TLS session of the control connection');
  }
  return { stream, raw, resumed };
}

/** What one transfer needs to know while its bytes pass. */
export interface TransferContext {
  plan: DataPlan;
  turn: Turn;
  /** Ends the transfer. */
  signal: AbortSignal;
}

/** Sends everything and ends the connection as TLS wants it. @returns bytes sent */
export async function sendContent(
  channel: DataChannel,
  content: AsyncIterable<Buffer>,
  context: TransferContext,
): Promise<number> {
  const passage = { channel, ...context, passedBytes: 0 };
  const planned = context.plan.replaceContent?.(content) ?? content;
  await pipeline(passOn(planned, passage), channel.stream, { signal: context.signal });
  letGo(channel);
  return passage.passedBytes;
}

/**
 * Writes everything that comes into an open file, from `startBytes` on.
 * @returns bytes received
 * @throws TruncatedUpload when the connection ended without close_notify
 */
export async function receiveContent(
  channel: DataChannel,
  target: { file: FileHandle; startBytes: number },
  context: TransferContext,
): Promise<number> {
  const passage = { channel, ...context, passedBytes: 0 };
  const sink = context.plan.discard
    ? new Writable({ write: (_chunk, _encoding, done) => done() })
    : target.file.createWriteStream({ start: target.startBytes, highWaterMark: CHUNK_BYTES });
  let fault: unknown;
  /** Ends like a whole one, so that what has come before the fault is written: a fault drops what waits for the disk. */
  const untilFault = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* passOn(channel.stream, passage);
    } catch (error) {
      fault = error;
    }
  };
  await pipeline(untilFault, sink, { signal: context.signal });
  if (fault !== undefined) throw fault;
  channel.stream.end();
  letGo(channel);
  return passage.passedBytes;
}

/** Reads what is left so that closing does not turn into a reset, and closes at last whatever the client does. */
function letGo({ stream, raw }: DataChannel): void {
  stream.resume();
  const timer = setTimeout(() => stream.destroy(), LINGER_MS).unref();
  raw.unref();
  raw.once('close', () => clearTimeout(timer));
}

interface Passage extends TransferContext {
  channel: DataChannel;
  passedBytes: number;
}

/** Counts what passes, and cuts it where the plan says so. */
async function* passOn(content: AsyncIterable<Buffer>, passage: Passage): AsyncGenerator<Buffer> {
  const { cut } = passage.plan;
  if (cut?.afterBytes === 0) return cutNow(passage);
  for await (const chunk of content) {
    const room = cut ? cut.afterBytes - passage.passedBytes : Number.POSITIVE_INFINITY;
    const part = chunk.length <= room ? chunk : chunk.subarray(0, room);
    passage.passedBytes += part.length;
    yield part;
    if (part.length === room) return cutNow(passage);
  }
}

/** Resolves for an end that looks clean. @throws CutByScript for every other one */
async function cutNow({ channel, plan, turn, signal }: Passage): Promise<void> {
  const how = plan.cut?.how;
  await flushed(channel.stream, signal);
  if (how === 'clean') return;
  if (how === 'fin') channel.raw.end();
  else if (how === 'rst') channel.raw.resetAndDestroy();
  else if (how === 'stall') await stallUntilOver(channel.raw, signal);
  else if (how) await how(turn);
  throw new CutByScript();
}

/** Resolves when every byte written so far has been handed to the system. */
async function flushed(stream: TLSSocket | Socket, signal: AbortSignal): Promise<void> {
  while (stream.writableLength > 0 && !stream.destroyed && !signal.aborted) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function stallUntilOver(raw: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    raw.once('close', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
