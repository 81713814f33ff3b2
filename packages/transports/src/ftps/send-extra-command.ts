/** Commands that the endpoint lists besides those that Waybill sends by itself. */
import { ftpCommand } from '@waybill/contracts/ftp-commands.js';
import { cleanText } from '../clean-text.js';
import { TransportError } from '../transport-error.js';
import type { FtpsSession } from './ftps-session.js';
import { endWithReply } from './reply-to-failure.js';

/** Nobody waits long for a server to be told goodbye. */
const LAST_WORDS_MS = 5000;

/**
 * Sends one, after checking once more that it is one of those that may be sent: what is stored may be older than the
 * list.
 * @returns the error to tell where the server refused it: `server_busy` where that may pass (4xx); null where it did not
 * @throws TransportError `setting_refused` where it may not be sent, and what the control connection fails with
 */
export async function sendExtraCommand(
  { channel, endpoint }: FtpsSession,
  command: string,
  step: 'login' | 'cleanup',
): Promise<TransportError | null> {
  if (!ftpCommand.safeParse(command).success || command !== command.trim()) {
    const message = `The command ${cleanText(command, 100)} of the endpoint may not be sent. Take it out there.`;
    throw new TransportError('setting_refused', step, message);
  }
  const { idleTimeoutMs } = endpoint;
  const timeoutMs = step === 'cleanup' ? Math.min(idleTimeoutMs, LAST_WORDS_MS) : idleTimeoutMs;
  const reply = await channel.command(command, { step, timeoutMs });
  if (reply.code < 400) return null;
  const where = step === 'login' ? 'after login' : 'before the end';
  const mayPass = reply.code < 500;
  return new TransportError(
    mayPass ? 'server_busy' : 'setting_refused',
    step,
    `The server refused ${cleanText(command, 100)}, which the endpoint sends ${where}: ${endWithReply(reply)} ` +
      (mayPass
        ? 'The server asks to try again later.'
        : 'Correct the commands at the endpoint, or ask the partner what the server knows.'),
  );
}
