/**
 * One file from one session to another: read, hash, into a temporary name, verify, rename. The final name only
 * ever appears complete; whatever goes wrong before that, the temporary file is removed, unless it may be all that
 * there is of the file, or another try may go on with it.
 */
import type { StepName, TimelineStep } from '@waybill/contracts/session-facts.js';
import { cleanUp } from './clean-up.js';
import type { Look } from './confirm-by-looking.js';
import {
  copyFile,
  type CopyFileProgress,
  type CopyFileRequest,
  isDirect,
  mayResume,
  partialOf,
} from './copy-file.js';
import { finishRename, type RenameProgress, type RenameRequest } from './finish-rename.js';
import { findOnlyCopy, leaveOnlyCopy } from './only-copy.js';
import type { PartialFile } from './partial-file.js';
import { LEAST_RESUMED_BYTES } from './resume-file.js';
import { refuseSameFile, refuseSameFolder } from './same-folder.js';
import { createTimeline, type Timeline } from './timeline.js';
import { asTransportError, cancelledAt, TransportError } from './transport-error.js';
import type { Entry, Transport } from './transport.js';
import { algorithmsFor, type Verified, verifyFile } from './verify-file.js';

export interface MoveRequest extends CopyFileRequest, RenameRequest {
  /** What the listing said when the file was planned; null where it did not say. */
  expected: { sizeBytes: number | null; modifiedAt: Date | null };
  /** Whether what is at the target after this failure is of use to another try. Where not given, it never is. */
  isOfUse?: (failure: TransportError) => boolean;
  /**
   * Awaited when the bytes are verified under the temporary name, before the final name can appear: the place
   * to record what it will hold. If it rejects, nothing is renamed.
   */
  onVerified?: (moved: Moved) => Promise<void>;
  onStep?: (step: TimelineStep) => void;
}

/** What was read from the source, and is known to be at the target. */
export interface Moved {
  bytes: number;
  /** Lower-case hex, of the bytes as they were read from the source. */
  sha256: string;
  /** Of the source before it was read; null where its server does not say. */
  sourceModifiedAt: Date | null;
  /** The name that it was written under. */
  temporaryPath: string;
}

export interface MoveResult extends Moved, Verified {
  durationMs: number;
  /** How many of the bytes an earlier try had left at the target; null where all were sent now. */
  resumedFromBytes: number | null;
  /** All bytes were sent and the final reply was lost; that they are there was found out by looking. */
  confirmationLost: boolean;
  /** The steps taken here (verify, rename); the others are in the records of the two sessions. */
  timeline: TimelineStep[];
}

/** How far it came, for what to do and to say where it goes no further. */
interface MoveProgress extends CopyFileProgress, RenameProgress {
  /** The source before it was read; null until it was looked at. */
  entry: Entry | null;
  /** The bytes were verified; from here on the server may give them the final name, however late. */
  renameAsked: boolean;
}

/**
 * Moves one file. Neither session is closed; look at `usable` before using one again.
 * @throws TransportError with `move`: the bytes, the steps, and whether a temporary file may be left. With
 *   `move.sha256` the whole file may be at the target, under either name (the answer to the final rename was lost
 *   and cannot be cleared up by looking; or the source has given it away): compare before sending it again. With
 *   `move.uncertain` only its owner can tell. With `move.partial` another try may go on with what is there.
 */
export async function moveFile(request: MoveRequest): Promise<MoveResult> {
  const started = performance.now();
  const timeline = createTimeline('target', request.onStep);
  const progress = newProgress(request);
  let look: Look | null = null;
  /** The session that looked, or reads back. */
  let fresh: Transport | null = null;
  try {
    if (request.partial?.path !== request.targetPath) await refuseExisting(request);
    const entry = await checkSource(request);
    progress.entry = entry;
    const algorithms = algorithmsFor(request);
    await refuseSameFile(request, entry);
    look = await copyFile(request, progress, { entry, algorithms, timeline });
    const { temporaryPath } = progress;
    fresh = look?.target ?? (await renewForReading(request));
    const moving = { ...request, temporaryPath, target: fresh ?? request.target };
    const verified = await verify(moving, progress, { timeline, known: look?.verified ?? null });
    const moved: Moved = {
      bytes: progress.bytes,
      sha256: sha256Of(progress),
      sourceModifiedAt: entry.modifiedAt,
      temporaryPath,
    };
    if (isDirect(moving)) {
      progress.renameAsked = true;
      await request.onVerified?.(moved);
    } else {
      await refuseExisting(moving);
      await request.onVerified?.(moved);
      if (request.signal.aborted) throw cancelledAt('rename');
      progress.renameAsked = true;
      await timeline.time('rename', (note) => finishRename(moving, moved, progress, note));
    }
    return {
      ...moved,
      ...verified,
      durationMs: Math.round(performance.now() - started),
      resumedFromBytes: progress.resumedFrom,
      confirmationLost: look !== null,
      timeline: timeline.steps(),
    };
  } catch (error) {
    // First of all: it may be the one connection that the endpoint allows.
    await (fresh ?? look?.target)?.close();
    throw await fail(request, progress, { error, timeline });
  } finally {
    await fresh?.close();
  }
}

/**
 * Another session for reading the file back, where writing it took so long that the server may have forgotten the TLS
 * session that its data connections resume; null where the one that wrote it will do. That one is closed then.
 */
async function renewForReading({ target, reopenTarget, signal }: MoveRequest): Promise<Transport | null> {
  if (target.policy.verification !== 'read_back' || performance.now() < target.expiresAt) return null;
  await target.close();
  return await reopenTarget(signal);
}

function newProgress({ temporaryPath, partial }: MoveRequest): MoveProgress {
  return {
    bytes: 0,
    hashes: new Map(),
    sourceGone: false,
    writeBegun: false,
    temporaryStarted: false,
    temporaryPath,
    resumedFrom: null,
    isSpoilt: false,
    earlier: partial ?? null,
    directUnclear: false,
    entry: null,
    renameAsked: false,
    renameUnclear: false,
    onlyCopyIsTemporary: false,
    contradicted: false,
  };
}

async function verify(
  request: MoveRequest,
  progress: MoveProgress,
  { timeline, known }: { timeline: Timeline; known: Verified | null },
): Promise<Verified> {
  const { target, temporaryPath } = request;
  const writtenAt = progress.entry?.modifiedAt ?? null;
  return await timeline.time('verify', async (note) => {
    await refuseSameFolder(request);
    let said = '';
    const verified = await verifyFile(request, progress, { note: (text) => (said = text), known });
    if (target.policy.keepModifiedTime && writtenAt !== null) {
      const isKept = await target.setModifiedAt(temporaryPath, writtenAt);
      said += isKept ? ', with the time of its source' : ', and the target does not take its time';
    }
    note(said);
    return verified;
  });
}

/** The error to throw, after what is not to stay was removed. */
async function fail(
  request: MoveRequest,
  progress: MoveProgress,
  { error, timeline }: { error: unknown; timeline: Timeline },
): Promise<TransportError> {
  const { bytes, sourceGone, temporaryPath, renameUnclear, renameAsked, contradicted } = progress;
  const { signal, target, reopenTarget } = request;
  const uncertain = contradicted || progress.directUnclear;
  const failure =
    signal.aborted && !renameUnclear && !uncertain
      ? cancelledAt(stepOf(error))
      : asTransportError(error, 'transfer');
  const onlyCopy = await findOnlyCopy(request, progress, failure);
  if (onlyCopy !== null) return leaveOnlyCopy(onlyCopy, progress, { failure, timeline });
  const direct = isDirect(request);
  const kept = partialToKeep(request, progress, failure);
  const mustStay =
    renameUnclear ||
    progress.onlyCopyIsTemporary ||
    sourceGone ||
    kept !== null ||
    // What has its final name and was verified is delivered, whatever came after.
    (direct && (renameAsked || uncertain));
  // Under the final name there may be a file of somebody else's until ours was begun.
  const isOurs =
    progress.temporaryStarted && (!direct || progress.writeBegun || progress.resumedFrom !== null);
  const mayBeRenamed = renameAsked && !contradicted;
  const removal = { target, temporaryPath, mayBeRenamed, reopenTarget };
  const left = mustStay || !isOurs ? 'unclear' : await cleanUp(removal, timeline);
  const temporaryLeft = isOurs && left !== 'nothing';
  // What is under the final name is ours to write over, and nobody else's.
  const isPart = direct && temporaryLeft && !renameAsked && !sourceGone;
  const begun = isPart && progress.entry !== null ? partialOf(progress, progress.entry) : null;
  const partial = kept ?? begun ?? (await keepEarlier(request, progress, { failure, timeline }));
  const isTaken = kept !== null || begun !== null;
  // A rename that was refused is no doubt where the temporary name is seen to have the file still.
  const mayHaveName = renameAsked && left === 'unclear';
  const mayBeWhole = uncertain || (temporaryLeft && !isTaken && (mayHaveName || sourceGone));
  const sha256 = (mayBeWhole && sha256Of(progress)) || null;
  failure.move = {
    bytes,
    timeline: timeline.steps(),
    temporaryLeft,
    temporaryPath,
    partial,
    resumedFromBytes: progress.resumedFrom,
    sha256,
    uncertain,
    sourceGone,
  };
  return failure;
}

/** What the try never came to: it stays for another one, or is removed. */
async function keepEarlier(
  { targetPath, target, reopenTarget, isOfUse }: MoveRequest,
  { earlier }: MoveProgress,
  { failure, timeline }: { failure: TransportError; timeline: Timeline },
): Promise<PartialFile | null> {
  if (earlier === null || earlier.path === targetPath || isOfUse?.(failure) === true) return earlier;
  const removal = { target, temporaryPath: earlier.path, mayBeRenamed: false, reopenTarget };
  return (await cleanUp(removal, timeline)) === 'nothing' ? null : earlier;
}

/** What another try may go on with; null where that is of no use. */
function partialToKeep(
  request: MoveRequest,
  progress: MoveProgress,
  failure: TransportError,
): PartialFile | null {
  const { entry, writeBegun, resumedFrom, isSpoilt, renameAsked, sourceGone, directUnclear } = progress;
  const isThere = writeBegun || resumedFrom !== null;
  if (entry?.sizeBytes == null || !isThere || progress.bytes < LEAST_RESUMED_BYTES) return null;
  if (isSpoilt || renameAsked || sourceGone || directUnclear || !mayResume(request)) return null;
  return request.isOfUse?.(failure) === true ? partialOf(progress, entry) : null;
}

function sha256Of({ hashes }: CopyFileProgress): string {
  return hashes.get('SHA-256') ?? '';
}

function stepOf(error: unknown): StepName {
  return error instanceof TransportError ? error.step : 'transfer';
}

async function refuseExisting({ ifExists, target, targetPath }: MoveRequest): Promise<void> {
  if (ifExists !== 'fail' || (await target.stat(targetPath)) === null) return;
  throw new TransportError(
    'target_exists',
    'verify',
    `${targetPath} exists at the target already, and the route is set not to replace it. Remove or rename it.`,
  );
}

/** The source as it is now, where it is still what was planned. */
async function checkSource({ source, sourcePath, expected }: MoveRequest): Promise<Entry> {
  const entry = await source.stat(sourcePath);
  if (entry === null) {
    throw new TransportError(
      'not_found',
      'transfer',
      `${sourcePath} is not at the source any more. Nothing was moved.`,
    );
  }
  const changed =
    (expected.sizeBytes !== null && entry.sizeBytes !== null && entry.sizeBytes !== expected.sizeBytes) ||
    (expected.modifiedAt !== null &&
      entry.modifiedAt !== null &&
      entry.modifiedAt.getTime() !== expected.modifiedAt.getTime());
  if (!changed) return entry;
  throw new TransportError(
    'source_changed',
    'transfer',
    `${sourcePath} has changed since it was listed: it may still be written.`,
  );
}
