/** Removing what a failed move has written. */
import { renamedMeanwhile } from './finish-rename.js';
import { REOPEN_TIMEOUT_MS } from './reopen-timeout.js';
import { mayBeOlder } from './same-folder.js';
import type { Timeline } from './timeline.js';
import { TransportError } from './transport-error.js';
import type { Entry, Transport } from './transport.js';

const TRIES = 3;
const PAUSE_MS = 100;

export interface CleanUpRequest {
  target: Transport;
  temporaryPath: string;
  /** What had that name before ours was begun, where it may not be ours. */
  older?: Entry | null;
  /** Whether the server may have given it its final name, however late. */
  mayBeRenamed: boolean;
  reopenTarget: (signal: AbortSignal) => Promise<Transport>;
  /** Whether it is still ours to remove. Where not given, it is. */
  mayRemove?: (() => boolean) | undefined;
}

/** `unclear`: nobody could look, or it may have got its final name instead. */
type Left = 'nothing' | 'temporary' | 'unclear';

/** Removes the temporary file; says what is left of it for certain. */
export async function cleanUp(request: CleanUpRequest, timeline: Timeline): Promise<Left> {
  const { target, temporaryPath, mayBeRenamed } = request;
  if (request.mayRemove?.() === false) return 'unclear';
  let isThere = false;
  try {
    await timeline.time('cleanup', async (note) => {
      const fresh = target.usable ? null : await request.reopenTarget(AbortSignal.timeout(REOPEN_TIMEOUT_MS));
      try {
        const session = fresh ?? target;
        await spareOlder(request, session);
        if (request.mayRemove?.() === false) throw takenOver(temporaryPath);
        const wasThere = await removeForCertain(session, temporaryPath).catch(async (refusal: unknown) => {
          isThere = session.usable && (await session.stat(temporaryPath, 'size')) !== null;
          throw refusal;
        });
        if (!wasThere && mayBeRenamed) throw renamedMeanwhile(temporaryPath);
        note('no temporary file is left');
      } finally {
        await fresh?.close();
      }
    });
    return 'nothing';
  } catch {
    // Told by the failed step of the timeline and by `temporaryLeft`.
    return isThere ? 'temporary' : 'unclear';
  }
}

/** What is as long as it was may be untouched. @throws TransportError `target_exists` */
async function spareOlder(
  { older = null, temporaryPath }: CleanUpRequest,
  session: Transport,
): Promise<void> {
  if (older === null) return;
  const there = await session.stat(temporaryPath, 'size');
  if (there === null || !mayBeOlder(older, there.sizeBytes)) return;
  const message = `${temporaryPath} may be the file that was there before, and stays.`;
  throw new TransportError('target_exists', 'cleanup', message);
}

/** Opening the session may have taken long. */
function takenOver(temporaryPath: string): TransportError {
  const message = `${temporaryPath} is left to the worker that has taken the transfer over.`;
  return new TransportError('worker_lost', 'cleanup', message);
}

/** Removes what an earlier try has left; where the server does not let us, it stays, and that is told. */
export async function removeEarlier(target: Transport, path: string, timeline: Timeline): Promise<void> {
  await timeline.time('cleanup', async (note) => {
    try {
      const wasThere = await removeForCertain(target, path);
      note(wasThere ? 'removed what an earlier try had left' : 'an earlier try had left nothing');
    } catch (error) {
      if (!(error instanceof TransportError) || !target.usable) throw error;
      note(`The temporary file ${path} stays at the target. ${error.message}`);
    }
  });
}

/**
 * The server may still be ending the broken session, and write the file once more after it was removed.
 * @returns whether there was one
 */
async function removeForCertain(target: Transport, path: string): Promise<boolean> {
  let wasThere = false;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    wasThere = (await target.remove(path)) || wasThere;
    if ((await target.stat(path, 'size')) === null) return wasThere;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new TransportError(
    'server_error',
    'cleanup',
    `The temporary file ${path} comes back after it was removed.`,
  );
}
