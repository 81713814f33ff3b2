/** Logging in and agreeing on how to go on: USER and PASS, FEAT, names in UTF-8, binary transfers, PBSZ and PROT. */
import { TransportError } from '../transport-error.js';
import type { CommandLimits } from './control-failure.js';
import { sendExtraCommand } from './send-extra-command.js';
import type { FtpsSession } from './ftps-session.js';
import { refusedOpening, unprotected } from './refuse-opening.js';
import { endWithReply, type Reply } from './reply-to-failure.js';

/** What the server was asked about its data connections, and its answers. */
interface Protection {
  commands: string[];
  replies: Promise<Reply[]>;
}

/** @throws TransportError `login_refused`, `protection_refused` and what else a server may answer */
export async function logIn(session: FtpsSession): Promise<void> {
  const { channel, endpoint, timeline } = session;
  const limits = { step: 'login', timeoutMs: endpoint.idleTimeoutMs } as const;
  const protection = await timeline.time('login', async (note) => {
    note(`as ${endpoint.username}`);
    let reply = await channel.command(`USER ${endpoint.username}`, limits);
    if (reply.code === 331) reply = await channel.command(`PASS ${endpoint.password.reveal()}`, limits);
    if (reply.code < 200 || reply.code > 299) throw refusedLogin(session, reply);
    // Asked for together, which saves round trips.
    const agreed = Promise.all([readFeatures(session, limits), channel.command('TYPE I', limits)]);
    const asked = askForProtection(session);
    const [features, type] = await agreed;
    if (type.code !== 200) throw refusedOpening(type, 'switch to binary transfers (TYPE I)', 'login');
    session.features = features;
    // What becomes of the data connections is told as a step of its own.
    await Promise.allSettled([asked?.replies]);
    if (asked !== null && !channel.usable) return asked;
    await sayNamesAreUtf8(session, limits);
    session.mayNoop = endpoint.settings.noopSeconds > 0 && (await canTellNoop(session));
    return asked;
  });
  if (protection !== null) await requireProtection(session, protection);
  else session.facts.dataProtection = 'none';
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
async function readFeatures({ channel }: FtpsSession, limits: CommandLimits): Promise<Map<string, string>> {
  const features = new Map<string, string>();
  const reply = await channel.command('FEAT', limits);
  const { code, message } = reply;
  // The end of the session, whatever was asked.
  if (code === 421 || code === 530) throw refusedOpening(reply, 'tell what it can do (FEAT)', 'login');
  if (code !== 211) return features;
  for (const line of message.split('\n').slice(1, -1)) {
    const [name = '', ...rest] = line.trim().split(' ');
    if (name !== '') features.set(name.toUpperCase(), rest.join(' '));
  }
  return features;
}

/**
 * PBSZ 0 and PROT P (RFC 4217 section 9); without both, no file is moved. PROT C only where the endpoint asks for it.
 * @returns null where there is nothing to protect
 */
function askForProtection({ channel, endpoint }: FtpsSession): Protection | null {
  if (endpoint.protocol === 'ftp') return null;
  const commands = ['PBSZ 0', isInClear(endpoint) ? 'PROT C' : 'PROT P'];
  const limits = { step: 'protect', timeoutMs: endpoint.idleTimeoutMs } as const;
  const replies = Promise.all(commands.map((command) => channel.command(command, limits)));
  // Told when they are needed.
  replies.catch(() => undefined);
  return { commands, replies };
}

/** @throws TransportError `protection_refused`, `server_busy` */
async function requireProtection(
  { endpoint, timeline, facts }: FtpsSession,
  { commands, replies }: Protection,
): Promise<void> {
  const isClear = isInClear(endpoint);
  await timeline.time('protect', async (note) => {
    for (const [index, reply] of (await replies).entries()) {
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

function isInClear({ settings }: FtpsSession['endpoint']): boolean {
  return settings.dataProtection === 'clear';
}

/** The commands of the endpoint that are sent once after each login, in their order. */
export async function sendCommandsAfterLogin(session: FtpsSession): Promise<void> {
  const commands = session.endpoint.settings.commandsAfterLogin;
  if (commands.length === 0) return;
  await session.timeline.time('login', async (note) => {
    for (const command of commands) {
      const refusal = await sendExtraCommand(session, command, 'login');
      if (refusal !== null) throw refusal;
    }
    note(commands.join(', '));
  });
}
