/**
 * What is written under its final name is there for its reader at once: as soon as all of it was sent it may be whole,
 * and taken. Then it is not removed, and not sent again before it was compared or a person has asked.
 */
import type { CopyProgress, CopyRequest } from './copy-bytes.js';
import { REOPEN_TIMEOUT_MS } from './reopen-timeout.js';
import { mayBeOlder } from './same-folder.js';
import { asTransportError, TransportError, WrongHashError, WrongSizeError } from './transport-error.js';
import type { Entry } from './transport.js';

type Ends = Pick<CopyRequest, 'source' | 'reopenTarget'> & { targetPath: string };

interface Written extends Pick<CopyProgress, 'bytes' | 'hashes'> {
  /** What had the name before that it is written under, where that is the final one. */
  older: Entry | null;
  resumedFrom: number | null;
}

interface Sent extends Written {
  entry: Entry | null;
  temporaryPath: string;
  isConfirmed: boolean;
  directUnclear: boolean;
  renameAsked: boolean;
}

/** `to_compare`: both channels said that it is there, and nobody could look; `unclear`: only a person can tell. */
export type Arrival = 'no' | 'to_compare' | 'unclear';

/** Of a file that was not recorded to be verified. */
export async function arrivalOf(request: Ends, progress: Sent, error: unknown): Promise<Arrival> {
  if (progress.temporaryPath !== request.targetPath || progress.renameAsked) return 'no';
  if (progress.directUnclear) return 'unclear';
  if (progress.isConfirmed) {
    if (isSeenOther(error, progress)) return 'no';
    return isOfLook(error) ? 'unclear' : 'to_compare';
  }
  if (!isEndLost(request, progress)) return 'no';
  return (await isSeenPart(request, progress)) ? 'no' : 'unclear';
}

/** Whether that is not what was sent, nor what had the name before: some servers replace a file late. */
export function isSeenOther(error: unknown, progress: Written): boolean {
  if (error instanceof WrongHashError)
    return error.side === 'target' && !mayBeOlder(olderOf(progress), progress.bytes);
  if (!(error instanceof WrongSizeError) || error.sizeBytes === null) return false;
  return !mayBeOlder(olderOf(progress), error.sizeBytes);
}

/** Whether something was seen that is not as it should be, at the target or at the source. */
function isOfLook(error: unknown): boolean {
  return error instanceof WrongSizeError || error instanceof WrongHashError;
}

/** What was gone on with was ours. */
function olderOf({ older, resumedFrom }: Written): Entry | null {
  return resumedFrom === null ? older : null;
}

/**
 * All bytes had come when the source was lost, or said no, before it said so: it may have given the file only once, and
 * what is at the target may be all that there is of it.
 */
export function isEndLost(
  { source }: Pick<Ends, 'source'>,
  { bytes, hashes, entry }: Pick<Sent, 'bytes' | 'hashes' | 'entry'>,
): boolean {
  return bytes > 0 && bytes === entry?.sizeBytes && hashes.size === 0 && !source.usable;
}

/** Whether a fresh session sees less than was sent. */
async function isSeenPart({ targetPath, reopenTarget }: Ends, progress: Sent): Promise<boolean> {
  try {
    const target = await reopenTarget(AbortSignal.timeout(REOPEN_TIMEOUT_MS));
    try {
      const { sizeBytes = null } = (await target.stat(targetPath, 'size')) ?? {};
      return sizeBytes !== null && sizeBytes < progress.bytes && !mayBeOlder(olderOf(progress), sizeBytes);
    } finally {
      await target.close();
    }
  } catch {
    return false;
  }
}

/** The failure, for a person. */
export function mayHaveArrived(error: unknown, { targetPath }: Pick<Ends, 'targetPath'>): TransportError {
  const { kind, step, message } = asTransportError(error, 'transfer');
  const text =
    `${message} All bytes were on their way to ${targetPath}, and whether they arrived cannot be told: somebody may have ` +
    'taken the file already. Ask the partner before you send it again.';
  return new TransportError(kind, step, text, { cause: error });
}
