/** Where the source does not have a file any more, what is at the target may be all that there is of it, and stays. */
import type { CopyFileProgress, CopyFileRequest } from './copy-file.js';
import type { Timeline } from './timeline.js';
import { TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

/** Where a person has to look, and what for. */
export function tellOnlyCopy(paths: readonly string[], { isSure = true } = {}): string {
  return (
    `The source ${isSure ? 'does' : 'may'} not have the file any more, so what the target has of it was left there, as ` +
    `${paths.join(' and as ')}. Look whether that is all of it: then give it its name, else ask for the file once ` +
    'more where it came from.'
  );
}

/** What an earlier try has left, where that may be the only copy now; null where it is not. */
export async function findOnlyCopy(
  { source, sourcePath, target }: CopyFileRequest,
  { earlier, resumedFrom, temporaryPath }: CopyFileProgress,
  { kind }: TransportError,
): Promise<string | null> {
  const path = resumedFrom === null ? earlier?.path : temporaryPath;
  if (kind !== 'not_found' || path === undefined) return null;
  // Asked first: where it has the file, nothing hangs on a target whose session may be closed already.
  if ((await isThere(source, sourcePath)) === true) return null;
  return (await isThere(target, path)) === false ? null : path;
}

/** Null where it cannot be seen: what was not seen is not removed. */
export async function isThere(end: Transport, path: string): Promise<boolean | null> {
  return await end.stat(path).then(
    (entry) => entry !== null,
    () => null,
  );
}

/** Nothing can take its place, and nobody but a person can tell whether it is whole. */
export function leaveOnlyCopy(
  path: string,
  { bytes, resumedFrom }: CopyFileProgress,
  { failure, timeline }: { failure: TransportError; timeline: Timeline },
): TransportError {
  const left = new TransportError('not_found', failure.step, tellOnlyCopy([path]), { cause: failure });
  left.move = {
    bytes,
    timeline: timeline.steps(),
    temporaryLeft: true,
    temporaryPath: path,
    partial: null,
    resumedFromBytes: resumedFrom,
    sha256: null,
    uncertain: true,
    sourceGone: true,
    sourceUnclear: false,
  };
  return left;
}
