/**
 * One file from one session to another: read, hash, into a temporary name, verify, rename. The final name only
 * ever appears complete; whatever goes wrong before that, the temporary file is removed, unless it may be all that
 * there is of the file, or another try may go on with it, or it had only to get its name when we broke off.
 */
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import { copyFile, isDirect } from './copy-file.js';
import { renewTarget, targetOf } from './copy-bytes.js';
import { type FailedMove, failMove, type MoveProgress, sha256Of } from './fail-move.js';
import { finishRename } from './finish-rename.js';
import { type NameToTake, refuseExisting } from './refuse-existing.js';
import { refuseSameFile, refuseSameFolder } from './same-folder.js';
import { createTimeline, type Timeline } from './timeline.js';
import { cancelledAt, TransportError } from './transport-error.js';
import type { Entry, Transport } from './transport.js';
import { algorithmsFor, type Verified, verifyFile } from './verify-file.js';

export interface MoveRequest extends FailedMove, NameToTake {
  /** What the listing said when the file was planned; null where it did not say. */
  expected: { sizeBytes: number | null; modifiedAt: Date | null };
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

/** A file whose bytes are at the target under the temporary name, and were verified there. */
export interface BroughtFile {
  moved: Moved;
  /** Whether a session of its own is held open for it: then name it at once. */
  isHeld: boolean;
  /**
   * Has it recorded and gives it its final name; to be called once, be it after other files were brought.
   * @param openTarget the session to do that by; the one that it was brought by where not given
   * @throws TransportError as `moveFile`
   */
  name(openTarget?: () => Promise<Transport>): Promise<MoveResult>;
}

/**
 * Moves one file. Neither session is closed; look at `usable` before using one again.
 * @throws TransportError with `move`: the bytes, the steps, and whether a temporary file may be left. With
 *   `move.sha256` the whole file may be at the target, under either name (the answer to the final rename was lost
 *   and cannot be cleared up by looking; or the source has given it away): compare before sending it again. With
 *   `move.uncertain` only its owner can tell. With `move.partial` another try may go on with what is there.
 */
export async function moveFile(request: MoveRequest): Promise<MoveResult> {
  const brought = await bringFile(request);
  return brought.name();
}

/** The first part of `moveFile`: all but its name. @throws TransportError as `moveFile` */
export async function bringFile(request: MoveRequest): Promise<BroughtFile> {
  const started = performance.now();
  const timeline = createTimeline('target', request.onStep);
  const progress = newProgress(request);
  try {
    // What a try may go on with under the final name is looked at when it does not.
    if (request.partial?.path !== request.targetPath) await refuseExisting(request);
    const entry = await checkSource(request, progress);
    progress.entry = entry;
    const algorithms = algorithmsFor(request);
    progress.older = await refuseSameFile(request, entry, timeline);
    const look = await copyFile(request, progress, { entry, algorithms, timeline });
    const { temporaryPath } = progress;
    if (look === null) await renewForReading(request, progress);
    const moving = { ...request, temporaryPath, target: targetOf(request, progress) };
    const verified = await verify(moving, progress, { timeline, known: look?.verified ?? null });
    const moved: Moved = {
      bytes: progress.bytes,
      sha256: sha256Of(progress),
      sourceModifiedAt: entry.modifiedAt,
      temporaryPath,
    };
    const found = { ...verified, confirmationLost: look !== null };
    return {
      moved,
      isHeld: progress.renewed !== null,
      name: (openTarget) => nameFile(moving, progress, { moved, found, openTarget, started, timeline }),
    };
  } catch (error) {
    // First of all: it may be the one connection that the endpoint allows.
    await progress.renewed?.close();
    throw await failMove(request, progress, { error, timeline });
  }
}

interface Naming {
  moved: Moved;
  found: Verified & Pick<MoveResult, 'confirmationLost'>;
  openTarget: (() => Promise<Transport>) | undefined;
  started: number;
  timeline: Timeline;
}

async function nameFile(
  request: MoveRequest,
  progress: MoveProgress,
  { moved, found, openTarget, started, timeline }: Naming,
): Promise<MoveResult> {
  const { renewed } = progress;
  let moving = request;
  progress.mayBeOnRecord = true;
  try {
    if (isDirect(request)) {
      progress.renameAsked = true;
      await request.onVerified?.(moved);
    } else {
      if (request.signal.aborted) throw cancelledAt('rename');
      if (renewed === null && openTarget) moving = { ...request, target: await openTarget() };
      await refuseExisting(moving);
      await request.onVerified?.(moved);
      if (request.signal.aborted) throw cancelledAt('rename');
      progress.renameAsked = true;
      await timeline.time('rename', (note) => finishRename(moving, moved, progress, note));
    }
  } catch (error) {
    await renewed?.close();
    throw await failMove(moving, progress, { error, timeline });
  }
  await renewed?.close();
  return {
    ...moved,
    ...found,
    durationMs: Math.round(performance.now() - started),
    resumedFromBytes: progress.resumedFrom,
    timeline: timeline.steps(),
  };
}

/**
 * Another session for reading the file back, where writing it took so long that the server may have forgotten the TLS
 * session that its data connections resume.
 */
async function renewForReading(request: MoveRequest, progress: MoveProgress): Promise<void> {
  const { policy, expiresAt } = targetOf(request, progress);
  if (policy.verification !== 'read_back' || performance.now() < expiresAt) return;
  await renewTarget(request, progress);
}

function newProgress({ temporaryPath, partial }: MoveRequest): MoveProgress {
  return {
    bytes: 0,
    hashes: new Map(),
    sourceGone: false,
    writeBegun: false,
    renewed: null,
    temporaryStarted: false,
    temporaryPath,
    resumedFrom: null,
    isSpoilt: false,
    older: null,
    earlier: partial ?? null,
    isConfirmed: false,
    directUnclear: false,
    entry: null,
    isAtSource: false,
    mayBeOnRecord: false,
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

/** The source as it is now, where it is still what was planned. */
async function checkSource(
  { source, sourcePath, expected }: MoveRequest,
  progress: MoveProgress,
): Promise<Entry> {
  const entry = await source.stat(sourcePath);
  if (entry === null) {
    throw new TransportError(
      'not_found',
      'transfer',
      `${sourcePath} is not at the source any more. Nothing was moved.`,
    );
  }
  progress.isAtSource = true;
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
