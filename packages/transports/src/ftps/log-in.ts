/** Logging in and agreeing on how to go on: USER and PASS, FEAT, names in UTF-8, binary transfers, PBSZ and PROT. */
import { TransportError } from '../transport-error.js';
import type { CommandLimits } from './control-failure.js';
import { sendExtraCommand } from './send-extra-command.js';
import type { FtpsSession } from './ftps-session.js';
import { refusedOpening, unprotected } from './refuse-opening.js';
import { endWithReply, type Reply } from './reply-to-failure.js';

/** @throws TransportError `login_refused` and what else a server may answer */
export async function logIn(session: FtpsSession): Promise<void> {
  const { channel, endpoint, timeline } = session;
  const limits = { step: 'login', timeoutMs: endpoint.idleTimeoutMs } as const;
  await timeline.time('login', async (note) => {
    note(`as ${endpoint.username}`);
    let reply = await channel.command(`USER ${endpoint.username}`, limits);
    if (reply.code === 331) reply = await channel.command(`PASS ${endpoint.password.reveal()}`, limits);
    if (reply.code < 200 || reply.code > 299) throw refusedLogin(session, reply);
    session.features = await readFeatures(session);
    // Asked for together, which saves a round trip.
    const [, type] = await Promise.all([sayNamesAreUtf8(session, limits), channel.command('TYPE I', limits)]);
    if (type.code !== 200) throw refusedOpening(type, 'switch to binary transfers (TYPE I)', 'login');
    session.mayNoop = endpoint.settings.noopSeconds > 0 && (await canTellNoop(session));
  });
}

/** In the clear, what most servers refuse is that: vsftpd with 530, as a wrong password; others with 421, 503, 534, 550. */
const WANTS_TLS = /encrypt|cleartext|\b(?:tls|ssl|auth)\b/i;

function refusedLogin({ endpoint }: FtpsSession, reply: Reply): TransportError {
  if (endpoint.protocol !== 'ftp' || reply.code < 400 || !WANTS_TLS.test(reply.message))
    return refusedOpening(reply, 'log in', 'login');
  const message = `The server refused to log in without encryption: ${endWithReply(reply)} Set the endpoint to FTPS explicit.`;
  return new TransportError('setting_refused', 'login', message);
}

async function sayNamesAreUtf8(
  { channel, endpoint, features }: FtpsSession,
  limits: CommandLimits,
): Promise<void> {
  if (endpoint.settings.encoding !== 'utf-8' || !features.has('UTF8')) return;
  const reply = await channel.command('OPTS UTF8 ON', limits);
  const { code } = reply;
  // The end of the session, whatever was asked.
  if (code === 421 || code === 530) throw refusedOpening(reply, 'go on with names in UTF-8', 'login');
  // z/OS has no such option: its names are ASCII until LANG (RFC 2640 section 4.1) is said.
  if (code >= 500 && features.has('LANG')) await channel.command('LANG en', limits);
}

/** See `ControlChannel.sendNoop`. */
async function canTellNoop({ channel, endpoint }: FtpsSession): Promise<boolean> {
  const limits = { step: 'login', timeoutMs: endpoint.idleTimeoutMs } as const;
  const noop = await channel.command('NOOP', limits);
  return noop.code === 200 && (await channel.command('PWD', limits)).code === 257;
}

/** FEAT (RFC 2389 section 3.2). A server without it is taken to have none of the features. */
async function readFeatures(session: FtpsSession): Promise<Map<string, string>> {
  const features = new Map<string, string>();
  const reply = await session.channel.command('FEAT', {
    step: 'login',
    timeoutMs: session.endpoint.idleTimeoutMs,
  });
  if (reply.code !== 211) return features;
  for (const line of reply.message.split('\n').slice(1, -1)) {
    const [name = '', ...rest] = line.trim().split(' ');
    if (name !== '') features.set(name.toUpperCase(), rest.join(' '));
  }
  return features;
}

/**
 * PBSZ 0 and PROT P (RFC 4217 section 9); without both, no file is moved. PROT C only where the endpoint asks for it.
 * @throws TransportError `protection_refused`, `server_busy`
 */
export async function protectData(session: FtpsSession): Promise<void> {
  const { channel, endpoint, timeline, facts } = session;
  if (endpoint.protocol === 'ftp') {
    facts.dataProtection = 'none';
    return;
  }
  const isClear = endpoint.settings.dataProtection === 'clear';
  const commands = ['PBSZ 0', isClear ? 'PROT C' : 'PROT P'];
  const limits = { step: 'protect', timeoutMs: endpoint.idleTimeoutMs } as const;
  await timeline.time('protect', async (note) => {
    const replies = await Promise.all(commands.map((command) => channel.command(command, limits)));
    for (const [index, reply] of replies.entries()) {
      if (reply.code === 200) continue;
      const command = commands[index]!;
      const action = `${isClear ? 'agree on' : 'protect'} the data connections (${command})`;
      const advice = isClear
        ? 'Set the endpoint to protected data connections: the server asks for them.'
        : 'No file was sent or asked for; ask the partner to allow PROT P.';
      throw unprotected(reply, { step: 'protect', action, advice });
    }
    facts.dataProtection = isClear ? 'clear' : 'private';
    note(commands.join(', '));
  });
}

/** The commands of the endpoint that are sent once after each login, in their order. */
export async function sendCommandsAfterLogin(session: FtpsSession): Promise<void> {
  const commands = session.endpoint.settings.commandsAfterLogin;
  if (commands.length === 0) return;
  await session.timeline.time('login', async (note) => {
    for (const command of commands) {
      const refusal = await sendExtraCommand(session, command, 'login');
      if (refusal !== null) throw new TransportError('setting_refused', 'login', refusal);
    }
    note(commands.join(', '));
  });
}
