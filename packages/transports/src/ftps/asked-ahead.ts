/**
 * Answers that were asked for in the write of commands that had to be given anyway, which saves a round trip for each.
 * They count as long as we give no other command: until then nothing of ours can have changed what they are about.
 */
import type { AnswersAhead, AskedAhead, FtpsSession, HashAhead, LookAhead } from './ftps-session.js';

/** What the server said this long ago is asked once more. */
const AHEAD_MS = 5000;

/** Call it when all commands were given that leave together. */
export function keepAskedAhead(session: FtpsSession, { looks, hash }: AnswersAhead): void {
  // Each is told when it is needed.
  for (const { entry } of looks) entry.catch(() => undefined);
  hash?.hash.catch(() => undefined);
  const { commandsGiven } = session.channel;
  session.askedAhead = { looks, hash, commandsGiven, askedAt: performance.now() };
}

/** The look at this path, once; undefined where it was not asked for. */
export function takeLook(
  session: FtpsSession,
  path: string,
  { withTime }: Pick<LookAhead, 'withTime'>,
): LookAhead['entry'] | undefined {
  const ahead = goodAhead(session);
  const at = ahead?.looks.findIndex((look) => look.path === path && (look.withTime || !withTime)) ?? -1;
  return at === -1 ? undefined : ahead?.looks.splice(at, 1)[0]?.entry;
}

/** The hash of this file, once; undefined where it was not asked for. */
export function takeHash(
  session: FtpsSession,
  { remote, algorithm }: Omit<HashAhead, 'hash'>,
): HashAhead['hash'] | undefined {
  const ahead = goodAhead(session);
  const { hash } = ahead ?? {};
  if (!ahead || hash?.remote !== remote || hash.algorithm !== algorithm) return undefined;
  ahead.hash = null;
  return hash.hash;
}

function goodAhead({ askedAhead, channel }: FtpsSession): AskedAhead | undefined {
  const isGood =
    askedAhead?.commandsGiven === channel.commandsGiven && performance.now() - askedAhead.askedAt < AHEAD_MS;
  return isGood ? askedAhead : undefined;
}
