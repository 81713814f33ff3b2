/**
 * One file from one session to another: read, hash, into a temporary name, verify, rename. The final name only
 * ever appears complete; whatever goes wrong before that, the temporary file is removed, unless it may be all that
 * there is of the file.
 */
import type { StepName, TimelineStep } from '@waybill/contracts/session-facts.js';
import { type CopyProgress, type CopyRequest, copyBytes } from './copy-bytes.js';
import { countOf } from '@waybill/contracts/count-of.js';
import {
  finishRename,
  renamedMeanwhile,
  REOPEN_TIMEOUT_MS,
  type RenameProgress,
  type RenameRequest,
} from './finish-rename.js';
import { createTimeline, type Timeline } from './timeline.js';
import { asTransportError, cancelledAt, TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

/** `temporaryPath` is in the folder of `targetPath`, and no name that anybody else would use. */
export interface MoveRequest extends CopyRequest, RenameRequest {
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
}

export interface MoveResult extends Moved {
  durationMs: number;
  /** The strongest check that passed: the server's own SHA-256, or the size. */
  verification: 'server_hash' | 'size';
  /** The steps taken here (verify, rename); the others are in the records of the two sessions. */
  timeline: TimelineStep[];
}

/** How far it came, for what to do and to say where it goes no further. */
interface MoveProgress extends CopyProgress, RenameProgress {
  temporaryStarted: boolean;
  /** The bytes were verified; from here on the server may give them the final name, however late. */
  renameAsked: boolean;
}

const CLEANUP_TRIES = 3;
const CLEANUP_PAUSE_MS = 100;

/**
 * Moves one file. Neither session is closed; look at `usable` before using one again.
 * @throws TransportError with `move`: the bytes, the steps, and whether a temporary file may be left. With
 *   `move.sha256` the whole file may be at the target, under either name (the answer to the final rename was lost
 *   and cannot be cleared up by looking; or the source has given it away): compare before sending it again. With
 *   `move.uncertain` only its owner can tell.
 */
export async function moveFile(request: MoveRequest): Promise<MoveResult> {
  const started = performance.now();
  const timeline = createTimeline('target', request.onStep);
  const progress: MoveProgress = {
    bytes: 0,
    temporaryStarted: false,
    sha256: '',
    sourceGone: false,
    renameAsked: false,
    renameUnclear: false,
    onlyCopyIsTemporary: false,
    contradicted: false,
  };
  try {
    await refuseExisting(request);
    const sourceModifiedAt = await checkSource(request);
    progress.temporaryStarted = true;
    await copyBytes(request, progress);
    const moved = { bytes: progress.bytes, sha256: progress.sha256, sourceModifiedAt };
    const verification = await timeline.time('verify', async (note) => {
      await refuseSameFolder(request);
      return await verifyTemporary(request, moved, note);
    });
    await refuseExisting(request);
    await request.onVerified?.(moved);
    if (request.signal.aborted) throw cancelledAt('rename');
    progress.renameAsked = true;
    await timeline.time('rename', (note) => finishRename(request, moved, progress, note));
    const durationMs = Math.round(performance.now() - started);
    return { ...moved, durationMs, verification, timeline: timeline.steps() };
  } catch (error) {
    const { bytes, temporaryStarted, sourceGone, renameUnclear, contradicted: uncertain } = progress;
    const failure =
      request.signal.aborted && !renameUnclear && !uncertain
        ? cancelledAt(stepOf(error))
        : asTransportError(error, 'transfer');
    const mustStay = renameUnclear || progress.onlyCopyIsTemporary || sourceGone;
    const temporaryLeft = temporaryStarted && (mustStay || !(await cleanUp(request, progress, timeline)));
    const mayBeWhole = uncertain || (temporaryLeft && (progress.renameAsked || sourceGone));
    const sha256 = mayBeWhole ? progress.sha256 : null;
    failure.move = { bytes, timeline: timeline.steps(), temporaryLeft, sha256, uncertain };
    throw failure;
  }
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

/** Whether the source is still what was planned; when it was written. */
async function checkSource({ source, sourcePath, expected }: MoveRequest): Promise<Date | null> {
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
  if (!changed) return entry.modifiedAt;
  throw new TransportError(
    'source_changed',
    'transfer',
    `${sourcePath} has changed since it was listed: it may still be written.`,
  );
}

/**
 * Source and target may be one folder under two names that no setting gives away (two accounts with one home, a host
 * by name and by address): then the temporary file is seen on both sides. Renaming it would replace the source.
 */
async function refuseSameFolder({ source, sourcePath, temporaryPath }: MoveRequest): Promise<void> {
  const folder = sourcePath.slice(0, sourcePath.lastIndexOf('/') + 1);
  const seenAs = folder + temporaryPath.slice(temporaryPath.lastIndexOf('/') + 1);
  const seen = await source.stat(seenAs).catch((refusal: unknown) => {
    // Some servers tell nothing about names that begin with a dot, and hide such files.
    if (source.usable) return null;
    throw refusal;
  });
  if (seen === null) return;
  throw new TransportError(
    'name_refused',
    'verify',
    'Source and target of the route are the same folder: what was written at the target is at the source too. ' +
      'Nothing was changed. Choose another folder for one of the two.',
  );
}

async function verifyTemporary(
  { source, sourcePath, target, temporaryPath }: MoveRequest,
  moved: { bytes: number; sha256: string },
  note: (detail: string) => void,
): Promise<'server_hash' | 'size'> {
  const there = await target.stat(temporaryPath);
  if (there?.sizeBytes !== moved.bytes) {
    const size =
      there === null ? 'it has no such file' : `it has ${there.sizeBytes ?? 'an unknown number of'} bytes`;
    throw new TransportError(
      'size_mismatch',
      'verify',
      `${moved.bytes} bytes were written and confirmed, but the target says that ${size}. If it repeats, ask the partner.`,
    );
  }
  const hashes = {
    target: await target.hashByServer(temporaryPath, { algorithm: 'SHA-256' }),
    source: await source.hashByServer(sourcePath, { algorithm: 'SHA-256' }),
  };
  for (const [side, hash] of Object.entries(hashes)) {
    if (hash === null || hash === moved.sha256) continue;
    throw new TransportError(
      'hash_mismatch',
      'verify',
      `The ${side} computes another SHA-256 over the file than Waybill: ${hash} instead of ${moved.sha256}.`,
    );
  }
  const hashed = Object.entries(hashes).flatMap(([side, hash]) => (hash === null ? [] : [side]));
  note(
    `${countOf(moved.bytes, 'byte')} at the target` +
      (hashed.length > 0 ? `, SHA-256 confirmed by the ${hashed.join(' and the ')}` : ''),
  );
  return hashed.length > 0 ? 'server_hash' : 'size';
}

/** Removes the temporary file; says whether it is gone for certain, and did not get its final name instead. */
async function cleanUp(request: MoveRequest, progress: MoveProgress, timeline: Timeline): Promise<boolean> {
  const { target, temporaryPath } = request;
  const mayBeRenamed = progress.renameAsked && !progress.contradicted;
  try {
    await timeline.time('cleanup', async (note) => {
      const fresh = target.usable ? null : await request.reopenTarget(AbortSignal.timeout(REOPEN_TIMEOUT_MS));
      try {
        const wasThere = await removeForCertain(fresh ?? target, temporaryPath);
        if (!wasThere && mayBeRenamed) throw renamedMeanwhile(temporaryPath);
        note('no temporary file is left');
      } finally {
        await fresh?.close();
      }
    });
    return true;
  } catch {
    // Told by the failed step of the timeline and by `temporaryLeft`.
    return false;
  }
}

/**
 * The server may still be ending the broken session, and write the file once more after it was removed.
 * @returns whether there was one
 */
async function removeForCertain(target: Transport, path: string): Promise<boolean> {
  let wasThere = false;
  for (let attempt = 1; attempt <= CLEANUP_TRIES; attempt += 1) {
    wasThere = (await target.remove(path)) || wasThere;
    if ((await target.stat(path)) === null) return wasThere;
    await new Promise((resolve) => setTimeout(resolve, CLEANUP_PAUSE_MS));
  }
  throw new TransportError(
    'server_error',
    'cleanup',
    `The temporary file ${path} comes back after it was removed.`,
  );
}
