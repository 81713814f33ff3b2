/** Giving a file the time of its source: MFMT (draft-somers-ftp-mfxx), which many servers offer. */
import { serverPath } from './server-path.js';
import type { FtpsSession } from './ftps-session.js';

/** 213 by the draft; the others are what servers say to what they have done. */
const IS_SET: ReadonlySet<number> = new Set([213, 200, 250, 253]);
/** What a server knows and does not do (RFC 959 section 4.2.2). */
const SUPERFLUOUS = 202;

/** As `setModifiedAt` of a transport. To the second: a fraction is refused by some. */
export async function setModifiedTime(session: FtpsSession, path: string, at: Date): Promise<boolean> {
  const { channel, features, endpoint } = session;
  if (!features.has('MFMT')) return false;
  const instant = at.toISOString().slice(0, 19).replace(/[-:T]/g, '');
  const command = `MFMT ${instant} ${serverPath(session, path, 'verify')}`;
  const reply = await channel.command(command, { step: 'verify', timeoutMs: endpoint.idleTimeoutMs });
  // Of the others neither a yes nor a no is about a time: it ends the upload a second time, and the answer is to come.
  if (reply.code < 400 && reply.code !== SUPERFLUOUS && !IS_SET.has(reply.code))
    channel.distrust(`the server answered ${reply.code} to MFMT`);
  return IS_SET.has(reply.code);
}
