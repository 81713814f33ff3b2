/**
 * The bytes of a file to the target, by whichever way is the shortest that is safe: going on with what an earlier try
 * has left there, or from the beginning; and where the final reply was lost, by looking whether all of them arrived.
 */
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import { removeEarlier } from './clean-up.js';
import { confirmByLooking, type Look } from './confirm-by-looking.js';
import { type Beginning, type CopyProgress, type CopyRequest, copyBytes, targetOf } from './copy-bytes.js';
import type { HashAlgorithm } from './hash-algorithms.js';
import type { PartialFile } from './partial-file.js';
import { isSeenOther } from './may-have-arrived.js';
import { refuseExisting } from './refuse-existing.js';
import { REOPEN_TIMEOUT_MS } from './reopen-timeout.js';
import { LEAST_RESUMED_BYTES, planResumption } from './resume-file.js';
import type { Timeline } from './timeline.js';
import { CannotResumeError, replyCodeIn, TransportError } from './transport-error.js';
import type { Entry, IfExists } from './transport.js';

/**
 * `temporaryPath` is no name that anybody else would use, or `targetPath` itself, for a server that forbids renames:
 * then what is there is written over.
 */
export interface CopyFileRequest extends CopyRequest {
  targetPath: string;
  ifExists: IfExists;
  /**
   * What an earlier try has left at the target, and no other session is writing to: gone on with, or removed. Under the
   * final name it is left as it is, and written over where that may be.
   */
  partial?: PartialFile | null;
  /**
   * Awaited when so much was read that a crash should not cost it, and before the first byte where the file has its
   * final name from the beginning, or an older one is to make way for it: the place to record what is then at the
   * target.
   */
  onPartial?: (partial: PartialFile) => Promise<void>;
}

export interface CopyFileProgress extends CopyProgress {
  /** From now on there may be something under the temporary name. */
  temporaryStarted: boolean;
  /** The name that is written under: the one that was asked for, or that of the earlier try. */
  temporaryPath: string;
  /** How much an earlier try had left; null where the file is sent from its beginning. */
  resumedFrom: number | null;
  /** What is at the target is not the beginning of the file. */
  isSpoilt: boolean;
  /** What had the final name before, where it is written under that. */
  older: Entry | null;
  /** What an earlier try has left and nothing has been done with yet. */
  earlier: PartialFile | null;
  /** Both channels said that all of it is at the target, or a look has shown so. */
  isConfirmed: boolean;
  /** Written under the final name, and whether all of it arrived cannot be told. */
  directUnclear: boolean;
}

export interface CopyFileContext {
  /** The source as it was found before it is read. */
  entry: Entry;
  /** Hashes to compute, SHA-256 among them. */
  algorithms: HashAlgorithm[];
  timeline: Timeline;
}

/** What has come so far is recorded once, when so much has. */
const RECORDED_FROM_BYTES = 8 * LEAST_RESUMED_BYTES;
/** The steps that wait for a file, and not for a session. */
const ASKS_FOR_FILE: ReadonlySet<string> = new Set(['transfer', 'verify']);
/** What a server that says nothing any more ends with. */
const UNANSWERED: ReadonlySet<string> = new Set(['connection_lost', 'stalled', 'server_busy']);

/** @returns what was found where the final reply was lost; null where it came */
export async function copyFile(
  request: CopyFileRequest,
  progress: CopyFileProgress,
  context: CopyFileContext,
): Promise<Look | null> {
  const { partial, temporaryPath, targetPath } = request;
  if (partial && mayResume(request)) {
    const resumed = await resume(request, partial, { progress, context });
    if (resumed !== null) return resumed.look;
  }
  const target = targetOf(request, progress);
  // Under the final name nothing is removed: that a part of ours was to be there does not make ours what is there.
  if (partial?.path === targetPath) await refuseExisting({ ...request, target });
  else if (partial && partial.path !== temporaryPath)
    await removeEarlier(target, partial.path, context.timeline);
  Object.assign(progress, {
    earlier: null,
    temporaryStarted: true,
    temporaryPath,
    resumedFrom: null,
    isSpoilt: false,
    writeBegun: false,
    hashes: new Map(),
    isConfirmed: false,
  });
  if (isDirect(request)) await request.onPartial?.(partialOf(progress, context.entry));
  return copyOrLook(request, null, { progress, context });
}

export function isDirect({ temporaryPath, targetPath }: CopyFileRequest): boolean {
  return temporaryPath === targetPath;
}

/** Line ends that a server changes make its bytes others than those of the source. */
export function mayResume({ source, target }: CopyFileRequest): boolean {
  return [source, target].every(({ policy }) => policy.resume && policy.transferType === 'binary');
}

/** What is at the target now, for another try. */
export function partialOf({ temporaryPath, resumedFrom }: CopyFileProgress, entry: Entry): PartialFile {
  return {
    path: temporaryPath,
    sourceSizeBytes: entry.sizeBytes ?? 0,
    sourceModifiedAt: entry.modifiedAt,
    resumedFrom,
  };
}

interface Underway {
  progress: CopyFileProgress;
  context: CopyFileContext;
}

/** @returns null where it has to be sent from its beginning, and can be at once */
async function resume(
  request: CopyFileRequest,
  partial: PartialFile,
  { progress, context }: Underway,
): Promise<{ look: Look | null } | null> {
  const { entry, algorithms, timeline } = context;
  try {
    const plan = await timeline.time('verify', async (note) => {
      const found = await planResumption(request, { partial, entry, algorithms }, note);
      if (found !== null) note(`${countOf(found.beginning.bytes, 'byte')} of an earlier try are there`);
      return found;
    });
    if (plan === null) return null;
    const { bytes } = plan.beginning;
    const { path } = partial;
    Object.assign(progress, {
      temporaryStarted: true,
      temporaryPath: path,
      resumedFrom: bytes,
      earlier: null,
    });
    const beginning: Beginning = {
      ...plan.beginning,
      confirm: async (hashes, target) => {
        await timeline.time('verify', async (note) => {
          await plan.beginning.confirm(hashes, target);
          note(
            `goes on at byte ${formatCount(bytes)} of ${countOf(entry.sizeBytes, 'byte')}; what was there is confirmed ${plan.confirmedBy()}`,
          );
        });
        await request.onPartial?.(partialOf(progress, entry));
      },
    };
    const onPart = { ...request, temporaryPath: path };
    return { look: await copyOrLook(onPart, beginning, { progress, context }) };
  } catch (error) {
    if (!(error instanceof CannotResumeError)) {
      progress.isSpoilt ||= isLocked(error, request, progress);
      throw error;
    }
    progress.isSpoilt = true;
    const { usable } = targetOf(request, progress);
    if (request.source.usable && usable && !request.signal.aborted) return null;
    const message = `${error.message} The next try begins at its beginning.`;
    throw new TransportError('connection_lost', error.step, message, { cause: error });
  }
}

/**
 * vsftpd locks a file for as long as it believes in the session that writes it, five minutes after that was cut
 * without its knowledge: whoever asks for the file waits.
 */
function isLocked(error: unknown, request: CopyFileRequest, progress: CopyProgress): boolean {
  const isStalled =
    error instanceof TransportError && error.kind === 'stalled' && ASKS_FOR_FILE.has(error.step);
  return isStalled && !targetOf(request, progress).usable && !progress.writeBegun;
}

async function copyOrLook(
  request: CopyFileRequest,
  beginning: Beginning | null,
  { progress, context }: Underway,
): Promise<Look | null> {
  const { algorithms, entry, timeline } = context;
  try {
    await copyBytes(withRecord(request, progress, context), progress, { algorithms, beginning, entry });
    progress.isConfirmed = true;
    return null;
  } catch (error) {
    if (!isUnanswered(error, request, progress)) throw error;
    try {
      // First of all: it may be the one connection that the endpoint allows.
      await progress.renewed?.close();
      progress.renewed = null;
      const signal = request.signal.aborted ? AbortSignal.timeout(REOPEN_TIMEOUT_MS) : request.signal;
      const toLook = { ...request, signal };
      const look = await timeline.time('confirm', (note) => confirmByLooking(toLook, progress, note));
      progress.renewed = look.target;
      progress.isConfirmed = true;
      return look;
    } catch (unclear) {
      progress.isSpoilt = unclear instanceof TransportError && unclear.kind === 'hash_mismatch';
      progress.directUnclear = isDirect(request) && !isSeenOther(unclear, progress);
      throw error;
    }
  }
}

/** Records what has come when it is worth it. What was gone on with is recorded already. */
function withRecord(
  request: CopyFileRequest,
  progress: CopyFileProgress,
  { entry }: CopyFileContext,
): CopyRequest {
  const isWorthIt = entry.sizeBytes !== null && entry.sizeBytes > RECORDED_FROM_BYTES && mayResume(request);
  let toRecord = isWorthIt && progress.resumedFrom === null && !isDirect(request);
  return {
    ...request,
    onProgress: async (bytes) => {
      await request.onProgress?.(bytes);
      if (!toRecord || bytes < RECORDED_FROM_BYTES) return;
      toRecord = false;
      await request.onPartial?.(partialOf(progress, entry));
    },
  };
}

/**
 * All of the source was read, and the server fell silent before it said what became of it. Under its final name the
 * file may be taken meanwhile, so there it does not matter what ended the wait, be it that the run was told to end.
 */
function isUnanswered(error: unknown, request: CopyFileRequest, progress: CopyProgress): boolean {
  if (!(error instanceof TransportError) || progress.hashes.size === 0) return false;
  const code = replyCodeIn(error);
  if (code !== null && code !== 421) return false;
  if (isDirect(request)) return progress.writeBegun;
  const isLost = !targetOf(request, progress).usable && !request.signal.aborted;
  return UNANSWERED.has(error.kind) && isLost;
}
