/**
 * The course of every transfer command: is it allowed, take up the data connection, 150, handshake, bytes,
 * final reply. A transfer is done when both sides say so; whatever else happens is a 4xx or 5xx.
 */
import type { Control } from './commands/command.js';
import { CutByScript, secureDataChannel, type DataChannel, type TransferContext } from './data-channel.js';
import { TruncatedUpload } from './end-sentry.js';
import { errorText } from './error-facts.js';
import { Refusal, reply, replyForError, type Reply } from './reply.js';
import type { DataPlan } from './script.js';

export interface TransferRequest {
  verb: string;
  /** As the client sees it. */
  path: string;
  direction: 'download' | 'upload';
  /** Moves the bytes. @returns how many */
  move: (channel: DataChannel, context: TransferContext) => Promise<number>;
}

/** @returns the final reply, or null where the script has sent its own */
export async function runTransfer(control: Control, request: TransferRequest): Promise<Reply | null> {
  const { session, settings } = control;
  if (session.protection !== 'P') throw new Refusal(521, 'PROT P is needed for data connections');
  const { passive } = session;
  if (!passive) throw new Refusal(425, 'Use EPSV or PASV first');
  const abort = new AbortController();
  session.transfer = abort;
  const plan = (await settings.script.onDataOpen?.(session, request.verb, request.path)) ?? {};
  let outcome: Reply;
  try {
    if (plan.delayMs) await control.turn().wait(plan.delayMs);
    const raw = await passive.accept(settings.limits.acceptTimeoutMs, abort.signal);
    let channel: Awaited<ReturnType<typeof secureDataChannel>> | null = null;
    const giveUp = () => {
      channel?.stream.destroy();
      raw.destroy();
    };
    abort.signal.addEventListener('abort', giveUp, { once: true });
    try {
      await control.reply(reply(150, `Opening protected data connection for ${request.path}`));
      channel = await secureDataChannel(control, raw, {
        plan,
        guardEnd: request.direction === 'upload',
      });
      outcome = await moveBytes(control, request, { channel, plan, abort });
    } catch (error) {
      giveUp();
      throw error;
    } finally {
      abort.signal.removeEventListener('abort', giveUp);
    }
  } catch (error) {
    outcome = describeFailure(control, request, { error, aborted: abort.signal.aborted });
  } finally {
    session.transfer = null;
    session.passive = null;
    passive.close();
  }
  if (plan.finalReply === undefined) return outcome;
  await control.turn().send(`${plan.finalReply}\r\n`);
  return null;
}

async function moveBytes(
  control: Control,
  request: TransferRequest,
  use: { channel: DataChannel & { resumed: boolean }; plan: DataPlan; abort: AbortController },
): Promise<Reply> {
  const { channel, plan, abort } = use;
  const { verb, path } = request;
  const protocol = 'getProtocol' in channel.stream ? channel.stream.getProtocol() : null;
  control.session.rememberData({ verb, path, protocol, resumed: channel.resumed });
  control.report('data_opened', `${verb} ${path} ${protocol ?? 'clear'}${channel.resumed ? ' resumed' : ''}`);
  channel.stream.setTimeout(control.settings.limits.stallTimeoutMs, () => {
    if (plan.cut?.how !== 'stall') channel.stream.destroy(new Refusal(426, 'No data moved for too long'));
  });
  const bytes = await request.move(channel, { plan, turn: control.turn(), signal: abort.signal });
  channel.stream.setTimeout(0);
  control.report(request.direction === 'upload' ? 'uploaded' : 'downloaded', `${path} ${bytes} bytes`);
  return reply(226, `Transfer complete, ${bytes} bytes`);
}

function describeFailure(
  control: Control,
  { path, direction }: TransferRequest,
  { error, aborted }: { error: unknown; aborted: boolean },
): Reply {
  if (error instanceof TruncatedUpload) {
    control.report('upload_truncated', path);
    return reply(426, error.message);
  }
  const text = errorText(error);
  control.report('transfer_failed', `${direction} ${path}: ${aborted ? 'aborted' : text}`);
  if (error instanceof CutByScript || aborted) return reply(426, 'Transfer aborted');
  return replyForError(error) ?? reply(426, 'The data connection failed; the transfer is not complete');
}
