/** Giving a file the time of its source: MFMT (draft-somers-ftp-mfxx), which many servers offer. */
import { serverPath } from './server-path.js';
import type { FtpsSession } from './ftps-session.js';

/** As `setModifiedAt` of a transport. To the second: a fraction is refused by some. */
export async function setModifiedTime(session: FtpsSession, path: string, at: Date): Promise<boolean> {
  const { channel, features, endpoint } = session;
  if (!features.has('MFMT')) return false;
  const instant = at.toISOString().slice(0, 19).replace(/[-:T]/g, '');
  const command = `MFMT ${instant} ${serverPath(session, path, 'verify')}`;
  const reply = await channel.command(command, { step: 'verify', timeoutMs: endpoint.idleTimeoutMs });
  return reply.code >= 200 && reply.code < 300;
}
