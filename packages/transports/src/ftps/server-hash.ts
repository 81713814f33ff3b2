/** The SHA-256 that the server itself computes over a file, where it can: HASH, else XSHA256. */
import type { FtpsSession } from './ftps-session.js';

/** A large file is read by the server before it answers. */
const HASH_TIMEOUT_MS = 30 * 60_000;

/**
 * The hash in lower-case hex, or null where the server offers none or refuses.
 * HASH is draft-bryan-ftpext-hash (never an RFC; FileZilla Server, ProFTPD, Serv-U), XSHA256 is older.
 */
export async function hashByServer(session: FtpsSession, path: string): Promise<string | null> {
  const { channel, features } = session;
  const limits = { step: 'verify', timeoutMs: HASH_TIMEOUT_MS } as const;
  // ProFTPD answers in two lines, the first of which only says that it is at work.
  if (/\bSHA-256\b/i.test(features.get('HASH') ?? '') && (await selectSha256(session))) {
    const reply = await channel.command(`HASH ${path}`, limits);
    const match = /^213[ -]SHA-256 \d+-\d+ ([0-9a-f]{64}) /im.exec(reply.message);
    if (match !== null) return match[1]!.toLowerCase();
  }
  if (features.has('XSHA256')) {
    const reply = await channel.command(`XSHA256 ${path}`, limits);
    // Within one line: `\s` would go over line ends too, and then a reply of nothing else takes seconds.
    const match = /^(?:2\d\d[ -])?[ \t]*([0-9a-f]{64})[ \t]*$/im.exec(reply.message);
    if (match !== null) return match[1]!.toLowerCase();
  }
  return null;
}

async function selectSha256(session: FtpsSession): Promise<boolean> {
  if (session.hashSelected) return true;
  // The star marks the algorithm that is selected already.
  if (!/\bSHA-256\*/i.test(session.features.get('HASH') ?? '')) {
    const reply = await session.channel.command('OPTS HASH SHA-256', {
      step: 'verify',
      timeoutMs: session.endpoint.idleTimeoutMs,
    });
    if (reply.code !== 200) return false;
  }
  session.hashSelected = true;
  return true;
}
