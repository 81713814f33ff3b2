/**
 * The folders that a session has used last, kept open for a moment: files come one after the other out of one folder,
 * and the way to it costs more than a small file. An open folder stays the one that was reached without a link.
 */
import { openFolderBeneath, type OpenFolder } from './open-beneath.js';

/** From when it was opened: a folder that is moved away meanwhile is missed after so long. */
const KEPT_MS = 1000;
/** The source's and the target's of one move. */
const MOST_KEPT = 2;

export interface KeptFolders {
  /** As `openFolderBeneath`, from the session's root; to be released by its `close`. */
  open(segments: string[]): Promise<OpenFolder>;
  close(): Promise<void>;
}

interface Kept {
  opened: Promise<OpenFolder>;
  users: number;
  isGivenUp: boolean;
  timer: NodeJS.Timeout;
}

export function keepFolders(root: string): KeptFolders {
  /** The newest last. */
  const kept = new Map<string, Kept>();

  const closeUnused = async (one: Kept): Promise<void> => {
    if (!one.isGivenUp || one.users > 0) return;
    const folder = await one.opened.catch(() => null);
    await folder?.close();
  };
  const giveUp = async (key: string): Promise<void> => {
    const one = kept.get(key);
    if (one === undefined) return;
    kept.delete(key);
    clearTimeout(one.timer);
    one.isGivenUp = true;
    await closeUnused(one);
  };
  const openAnew = (key: string, segments: string[]): Kept => {
    // Also where the session is never closed: a folder that stays open cannot be unmounted.
    // Nobody waits for it, and nothing is lost where it cannot be closed.
    const close = (): void => void giveUp(key).catch(() => undefined);
    const timer = setTimeout(close, KEPT_MS).unref();
    const opened = openFolderBeneath(root, segments);
    // It may fail before anybody waits for it: whoever asked for it waits for another one to be closed first.
    opened.catch(() => undefined);
    const one = { opened, users: 0, isGivenUp: false, timer };
    kept.set(key, one);
    return one;
  };

  return {
    async open(segments) {
      const key = segments.join('/');
      const one = kept.get(key) ?? openAnew(key, segments);
      one.users += 1;
      const release = (): Promise<void> => {
        one.users -= 1;
        return closeUnused(one);
      };
      try {
        const [oldest = key] = kept.keys();
        if (kept.size > MOST_KEPT) await giveUp(oldest);
        return { ...(await one.opened), close: release };
      } catch (error) {
        if (kept.get(key) === one) await giveUp(key);
        throw error;
      }
    },
    async close() {
      for (const key of kept.keys()) await giveUp(key);
    },
  };
}
