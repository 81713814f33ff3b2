/**
 * What becomes of what a move has written when it goes no further: it is removed, unless it may be all that there is of
 * the file, or another try may go on with it, or it had only to get its name when we broke off.
 */
import type { StepName } from '@waybill/contracts/session-facts.js';
import { cleanUp } from './clean-up.js';
import { type CopyFileProgress, type CopyFileRequest, mayResume, partialOf } from './copy-file.js';
import type { RenameProgress, RenameRequest } from './finish-rename.js';
import { type Arrival, arrivalOf, isEndLost, mayHaveArrived } from './may-have-arrived.js';
import { findOnlyCopy, isThere, leaveOnlyCopy } from './only-copy.js';
import { type PartialFile, wholeAt } from './partial-file.js';
import { LEAST_RESUMED_BYTES } from './resume-file.js';
import type { Timeline } from './timeline.js';
import { asTransportError, cancelledAt, type MoveTrace, TransportError } from './transport-error.js';
import type { Entry } from './transport.js';

export interface FailedMove extends CopyFileRequest, RenameRequest {
  /** Whether what is at the target after this failure is of use to another try. Where not given, it never is. */
  isOfUse?: (failure: TransportError) => boolean;
  /** Whether what is at the target is still for this one to remove, and nobody else has taken it over. */
  mayRemove?: () => boolean;
}

/** How far it came, for what to do and to say where it goes no further. */
export interface MoveProgress extends CopyFileProgress, RenameProgress {
  /** The source before it was read; null until it was looked at. */
  entry: Entry | null;
  /** The source was seen to have the file, be it another one by now. */
  isAtSource: boolean;
  /** The bytes were verified under the temporary name, and that may be on record. */
  mayBeOnRecord: boolean;
  /** The bytes were verified; from here on the server may give them the final name, however late. */
  renameAsked: boolean;
}

/** The error to throw, after what is not to stay was removed. */
export async function failMove(
  request: FailedMove,
  progress: MoveProgress,
  { error, timeline }: { error: unknown; timeline: Timeline },
): Promise<TransportError> {
  const arrival = await arrivalOf(request, progress, error);
  const uncertain = progress.contradicted || arrival === 'unclear';
  const told = arrival === 'unclear' ? mayHaveArrived(error, request) : asTransportError(error, 'transfer');
  const isCancelled = request.signal.aborted && !progress.renameUnclear && !uncertain;
  const failure = isCancelled ? cancelledAt(stepOf(error)) : told;
  const onlyCopy = await findOnlyCopy(request, progress, failure);
  if (onlyCopy !== null) return leaveOnlyCopy(onlyCopy, progress, { failure, timeline });
  const left = await clear(request, progress, { failure, timeline, arrival });
  failure.move = {
    ...left,
    bytes: progress.bytes,
    timeline: timeline.steps(),
    temporaryPath: progress.temporaryPath,
    resumedFromBytes: progress.resumedFrom,
    uncertain,
    sourceGone: progress.sourceGone,
    sourceUnclear: left.temporaryLeft && isEndLost(request, progress),
  };
  return failure;
}

/** Removes what is not to stay, and says what is there for another try or for a person. */
async function clear(
  request: FailedMove,
  progress: MoveProgress,
  { failure, timeline, arrival }: { failure: TransportError; timeline: Timeline; arrival: Arrival },
): Promise<Pick<MoveTrace, 'temporaryLeft' | 'partial' | 'sha256'>> {
  const { entry, sourceGone, temporaryPath, renameUnclear, renameAsked, contradicted } = progress;
  const { target, reopenTarget, mayRemove } = request;
  // Also where a part was gone on with that an earlier try had begun under the final name.
  const direct = temporaryPath === request.targetPath;
  const mayHaveCome = arrival !== 'no';
  const kept = mayHaveCome ? null : partialToKeep(request, progress, failure);
  const mustStay =
    renameUnclear ||
    progress.onlyCopyIsTemporary ||
    sourceGone ||
    isEndLost(request, progress) ||
    kept !== null ||
    isForNextTry(request, progress, failure) ||
    mayHaveCome ||
    // What has its final name and was verified is delivered, whatever came after.
    (direct && renameAsked) ||
    // Under the final name there may be a file of somebody else's until ours was begun.
    (direct && !progress.writeBegun);
  const isPartThere = progress.writeBegun || (progress.resumedFrom !== null && !progress.isSpoilt);
  const isOurs = progress.temporaryStarted && (!direct || isPartThere);
  const mayBeRenamed = renameAsked && !contradicted;
  const older = progress.resumedFrom === null ? progress.older : null;
  const removal = { target, temporaryPath, older, mayBeRenamed, reopenTarget, mayRemove };
  const left = mustStay || !isOurs ? 'unclear' : await cleanUp(removal, timeline);
  const temporaryLeft = isOurs && left !== 'nothing';
  // What is under the final name is ours to write over, and nobody else's.
  const isPart = direct && temporaryLeft && !renameAsked && !sourceGone && arrival !== 'to_compare';
  const begun = isPart && entry !== null ? partialOf(progress, entry) : null;
  const isToName = progress.onlyCopyIsTemporary && !contradicted;
  const toName = isToName ? wholeAt(temporaryPath, progress.bytes) : null;
  const partial = toName ?? kept ?? begun ?? (await keepEarlier(request, progress, { failure, timeline }));
  const isTaken = kept !== null || begun !== null;
  // A rename that was refused is no doubt where the temporary name is seen to have the file still.
  const mayHaveName = renameAsked && left === 'unclear';
  const isWhole = mayHaveName || sourceGone || arrival === 'to_compare';
  const mayBeWhole = contradicted || arrival === 'unclear' || (temporaryLeft && !isTaken && isWhole);
  return { temporaryLeft, partial, sha256: (mayBeWhole && sha256Of(progress)) || null };
}

/**
 * What the try never came to: it stays for another one, or is removed. Where the source was not seen to have the file it
 * may be all that there is, and stays until that was asked; what an older file was removed for stays in any case.
 */
async function keepEarlier(
  { targetPath, target, reopenTarget, mayRemove, isOfUse }: FailedMove,
  { earlier, isAtSource }: MoveProgress,
  { failure, timeline }: { failure: TransportError; timeline: Timeline },
): Promise<PartialFile | null> {
  if (earlier === null || earlier.path === targetPath || isOfUse?.(failure) === true) return earlier;
  const mustStay = !isAtSource || earlier.madeWay === true;
  if (mustStay) return (await isThere(target, earlier.path)) === false ? null : earlier;
  const removal = { target, temporaryPath: earlier.path, mayBeRenamed: false, reopenTarget, mayRemove };
  return (await cleanUp(removal, timeline)) === 'nothing' ? null : earlier;
}

/** What another try may go on with; null where that is of no use. */
function partialToKeep(
  request: FailedMove,
  progress: MoveProgress,
  failure: TransportError,
): PartialFile | null {
  const { entry, writeBegun, resumedFrom, isSpoilt, renameAsked, sourceGone } = progress;
  const isThere = writeBegun || resumedFrom !== null;
  if (entry?.sizeBytes == null || !isThere || progress.bytes < LEAST_RESUMED_BYTES) return null;
  if (isSpoilt || renameAsked || sourceGone || !mayResume(request)) return null;
  const isOfUse = request.isOfUse?.(failure) === true || isForNextTry(request, progress, failure);
  return isOfUse ? partialOf(progress, entry) : null;
}

/**
 * A verified file whose naming was broken off by us, and not by the target: a stop, a lost lease, a record that could
 * not be made. Whether it was removed could not be written down either, and to a later run it would seem to be taken.
 */
function isForNextTry(
  { signal, isOfUse }: FailedMove,
  { mayBeOnRecord }: MoveProgress,
  failure: TransportError,
): boolean {
  return mayBeOnRecord && (signal.aborted ? isOfUse?.(failure) === true : failure.kind === 'internal');
}

export function sha256Of({ hashes }: CopyFileProgress): string {
  return hashes.get('SHA-256') ?? '';
}

function stepOf(error: unknown): StepName {
  return error instanceof TransportError ? error.step : 'transfer';
}
