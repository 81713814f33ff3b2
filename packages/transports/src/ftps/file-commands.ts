/** The commands about one file that need no data connection: looking, renaming, removing. */
import type { StepName } from '@waybill/contracts/session-facts.js';
import { TransportError } from '../transport-error.js';
import type { Entry, IfExists } from '../transport.js';
import type { FtpsSession } from './ftps-session.js';
import { askForPortAhead } from './agree-on-data-port.js';
import { keepAskedAhead, takeLook } from './asked-ahead.js';
import { listFolder } from './list-folder.js';
import { parseFtpInstant, parseMlst, parseSize } from './parse-mlsd.js';
import { serverPath } from './server-path.js';
import {
  kindOfReply,
  NOT_KNOWN,
  quoteReply,
  replyToFailure,
  type RefusedCommand,
  type Reply,
} from './reply-to-failure.js';

/** What was seen is as good as new for so long, where we have given no other command since. */
const LOOK_IS_NEW_MS = 1000;

/** MLST, else SIZE and MDTM (RFC 3659), else what the listing of its folder says. Null where there is no such file. */
export async function statFile(session: FtpsSession, path: string, step: StepName): Promise<Entry | null> {
  const ahead = takeLook(session, path, { withTime: true });
  // Null is anything but a clear yes: asked again, and told then.
  const seen = ahead === undefined ? null : await ahead;
  const entry = seen ?? (await look(session, path, step));
  const { commandsGiven } = session.channel;
  const isAhead = seen !== null;
  session.lastLook = { path, entry, lookedAt: performance.now(), commandsGiven, isAhead };
  return entry;
}

/** As `statFile`, without the time where that is a command of its own. */
export async function statSize(session: FtpsSession, path: string, step: StepName): Promise<Entry | null> {
  const ahead = takeLook(session, path, { withTime: false });
  return await (ahead ?? look(session, path, step, { withTime: false }));
}

/** As `statFile`, and not once more where that was our last command. */
export async function statFileOnce(
  session: FtpsSession,
  path: string,
  step: StepName,
): Promise<Entry | null> {
  const { lastLook, channel } = session;
  const isNew =
    lastLook?.path === path &&
    lastLook.commandsGiven === channel.commandsGiven &&
    performance.now() - lastLook.lookedAt < LOOK_IS_NEW_MS;
  return isNew ? lastLook.entry : statFile(session, path, step);
}

/**
 * Looks at a file that may be read next. The file before it is not done with, so nothing that is wrong with this one
 * may cost the session: whatever is no clear yes is null.
 */
export async function lookAtNext(session: FtpsSession, path: string): Promise<Entry | null> {
  const step = 'transfer';
  const remote = serverPath(session, path, step);
  if (session.features.has('MLST')) {
    const { code, message } = await ask(session, `MLST ${remote}`, step);
    return code === 250 ? parseMlst(message, path) : null;
  }
  const [sized, dated] = await Promise.all([
    ask(session, `SIZE ${remote}`, step),
    ask(session, `MDTM ${remote}`, step),
  ]);
  return sized.code === 213 && dated.code === 213 ? toEntry(path, sized, dated) : null;
}

async function look(
  session: FtpsSession,
  path: string,
  step: StepName,
  { withTime } = { withTime: true },
): Promise<Entry | null> {
  const remote = serverPath(session, path, step);
  if (session.features.has('MLST')) {
    const reply = await ask(session, `MLST ${remote}`, step);
    if (reply.code !== 250) return nullIfAbsent(session, reply, path, step);
    const entry = parseMlst(reply.message, path);
    if (entry !== null) return entry;
  }
  if (session.looksIntoListings) return lookIntoListing(session, path);
  const [sized, dated] = await Promise.all([
    ask(session, `SIZE ${remote}`, step),
    withTime ? ask(session, `MDTM ${remote}`, step) : null,
  ]);
  // Neither an instant nor a no is the answer to something else.
  if (dated !== null && dated.code < 400 && dated.code !== 213)
    session.channel.distrust(`the server answered ${dated.code}`);
  if (NOT_KNOWN.has(sized.code) && session.channel.usable) {
    session.looksIntoListings = true;
    return lookIntoListing(session, path);
  }
  if (sized.code !== 213) return nullIfAbsent(session, sized, path, step);
  return toEntry(path, sized, dated);
}

function toEntry(path: string, sized: Reply, dated: Reply | null): Entry {
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    kind: 'file',
    sizeBytes: parseSize(/^213 (\d+)(?=\s|$|,)/.exec(sized.message)?.[1] ?? ''),
    modifiedAt: parseFtpInstant(/^213 (\d{14}(?:\.\d+)?)\s*$/.exec(dated?.message ?? '')?.[1] ?? ''),
  };
}

/** z/OS has no SIZE unless its EXTENSIONS statement names it, and some old servers have none at all. */
async function lookIntoListing(session: FtpsSession, path: string): Promise<Entry | null> {
  const cut = path.lastIndexOf('/');
  // A listing that was cut at the end of a line looks whole, so that a file is not there is believed the second time.
  for (let times = 0; times < 2; times += 1) {
    const { entries } = await listFolder(session, path.slice(0, cut) || '/');
    const entry = entries.find(({ name }) => name === path.slice(cut + 1));
    if (entry !== undefined) return entry;
  }
  return null;
}

/** What denies a look does not say that there is nothing; every other 550 is taken for that. */
function nullIfAbsent({ channel }: FtpsSession, reply: Reply, path: string, step: StepName): null {
  const what = { step, action: `tell about ${path}`, bare550: 'not_found' } as const;
  if (reply.code === 550 && kindOfReply(reply, what) !== 'permission_denied') return null;
  if (reply.code === 450 && /no such|not found/i.test(reply.message)) return null;
  if (reply.code < 500) channel.distrust(`the server answered ${reply.code}`);
  throw replyToFailure(reply, what);
}

/** As `rename` of a transport. */
export async function renameFile(
  session: FtpsSession,
  { from, to, ifExists }: { from: string; to: string; ifExists: IfExists },
): Promise<void> {
  const step = 'rename';
  const [remoteFrom, remoteTo] = [serverPath(session, from, step), serverPath(session, to, step)];
  const what = { step, action: `rename ${from} to ${to}` } as const;
  // Together: RNTO does nothing where RNFR was refused (RFC 959 section 5.4).
  const replies = Promise.all([
    ask(session, `RNFR ${remoteFrom}`, step),
    ask(session, `RNTO ${remoteTo}`, step),
  ]);
  if (session.channel.mayPipeline) lookAhead(session, ifExists === 'replace' ? [to, from] : [to]);
  const [fromReply, toReply] = await replies;
  if (fromReply.code >= 400 && toReply.code < 400)
    session.channel.distrust(`the server answered ${toReply.code}`);
  try {
    requireReply(session, [350], fromReply, { ...what, bare550: 'not_found' });
    // Of the others with a 2 none belongs to a rename: it may be late, and the answer still to come a no.
    requireReply(session, [250, 200], toReply, { ...what, bare550: 'permission_denied' });
  } catch (error) {
    session.askedAhead = undefined;
    throw error;
  }
}

/** What comes next, in the same write: whoever renames looks at these, and then writes the next file. */
function lookAhead(session: FtpsSession, paths: string[]): void {
  // A look into a listing is a transfer, and those go one after the other; what the server does not offer may be that.
  const { looksIntoListings, features } = session;
  const isAlone = looksIntoListings || !(features.has('MLST') || features.has('SIZE'));
  const looks = paths.slice(0, isAlone ? 1 : undefined).map((path) => {
    return { path, withTime: false, entry: look(session, path, 'verify', { withTime: false }) };
  });
  askForPortAhead(session);
  keepAskedAhead(session, { looks, hash: null });
}

/** As `remove` of a transport. */
export async function removeFile(session: FtpsSession, path: string): Promise<boolean> {
  const step = 'cleanup';
  const reply = await ask(session, `DELE ${serverPath(session, path, step)}`, step);
  if (reply.code === 550 && (await statSize(session, path, step)) === null) return false;
  if (reply.code >= 400 && reply.code < 500) session.channel.distrust(`the server answered ${reply.code}`);
  // As for a rename: the others with a 2 end a transfer, and whether the file is removed is still to come.
  requireReply(session, [250, 200], reply, { step, action: `remove ${path}`, bare550: 'permission_denied' });
  return true;
}

/** The reply must have one of these codes; one that is neither that nor a no ends the session. */
function requireReply(session: FtpsSession, codes: number[], reply: Reply, what: RefusedCommand): void {
  const { channel } = session;
  if (codes.includes(reply.code)) return;
  if (reply.code >= 400) throw replyToFailure(reply, what);
  channel.distrust(`the server answered ${reply.code}`);
  const message = `The server did not answer whether it would ${what.action}: “${quoteReply(reply)}”. Ask the partner what its log says.`;
  throw new TransportError('protocol_error', what.step, message);
}

function ask({ channel, endpoint }: FtpsSession, command: string, step: StepName): Promise<Reply> {
  return channel.command(command, { step, timeoutMs: endpoint.idleTimeoutMs });
}
