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

/** Once its greeting is known. A server that loses a command is sent one at a time from the next session on. */
export function allowPipelining({ channel, endpoint, facts }: FtpsSession): void {
  const server = `${endpoint.host}:${endpoint.port}`;
  channel.mayPipeline = !LOSE_COMMANDS.test(facts.greeting ?? '') && !losers.has(server);
  channel.onPipelinedLost = () => {
    if (losers.size >= MAX_REMEMBERED) losers.clear();
    losers.add(server);
  };
}
