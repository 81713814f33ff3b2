/**
 * Whether a server may be sent several commands at once. RFC 959 does not speak of it; nearly every server reads
 * them one after the other, and lftp has done so for decades with a short list of exceptions.
 */
import type { FtpsSession } from './ftps-session.js';

/** By their greetings; as in lftp's `ftp:auto-sync-mode`. */
const LOSE_COMMANDS = /microsoft ftp service|madgoat|mikrotik/i;
const MAX_REMEMBERED = 1000;
/** Servers that left a command unanswered that was sent together with another, as `host:port`. */
const losers = new Set<string>();

export function mayPipeline({ endpoint, facts }: FtpsSession): boolean {
  return !LOSE_COMMANDS.test(facts.greeting ?? '') && !losers.has(`${endpoint.host}:${endpoint.port}`);
}

/** From now on this server is sent one command at a time. */
export function noteLoss({ endpoint }: FtpsSession): void {
  if (losers.size >= MAX_REMEMBERED) losers.clear();
  losers.add(`${endpoint.host}:${endpoint.port}`);
}
