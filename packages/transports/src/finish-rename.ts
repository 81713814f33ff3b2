/** The last step of a move: the file gets its name, and a lost answer to that is cleared up by looking. */
import { compareDelivered, type Comparison } from './compare-delivered.js';
import { isCompared } from '@waybill/contracts/deviations.js';
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import { type PartialFile, wholeAt } from './partial-file.js';
import { REOPEN_TIMEOUT_MS } from './reopen-timeout.js';
import { asTransportError, replyCodeIn, TransportError } from './transport-error.js';
import type { IfExists, Transport } from './transport.js';

export interface RenameRequest {
  target: Transport;
  targetPath: string;
  temporaryPath: string;
  ifExists: IfExists;
  /** A fresh session on the target, for when the one in use cannot be trusted any more. */
  reopenTarget: (signal: AbortSignal) => Promise<Transport>;
  /** Awaited before an older file is removed to make way: the place to record that this may be the only copy then. */
  onPartial?: (partial: PartialFile) => Promise<void>;
  signal: AbortSignal;
}

interface Moved {
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** What the caller has to know however the rename ends. */
export interface RenameProgress {
  /** The answer was lost and could not be cleared up: the file may have its final name. */
  renameUnclear: boolean;
  /** The old file may be gone, the new one does not have its name: the temporary name may hold the only copy there. */
  onlyCopyIsTemporary: boolean;
  /** The target confirmed the rename, and what is there is not what was sent: only its owner knows what he has. */
  contradicted: boolean;
}

/**
 * Gives the file its name and looks whether it has it. A lost answer is cleared up by looking, if possible. Once the
 * target has confirmed the name, a look that fails, or is cut off by a cancel, is a note, and the file is delivered; one
 * that sees something else under that name, or the file still under the temporary one, is a failure.
 */
export async function finishRename(
  request: RenameRequest,
  moved: Moved,
  progress: RenameProgress,
  note: (detail: string) => void,
): Promise<void> {
  let oldWasRemoved = false;
  try {
    oldWasRemoved = await renameOver(request, moved, progress);
  } catch (error) {
    if (request.target.usable) throw explain(error, request, progress);
    const found = await lookAnew(request, moved);
    const isClear = found === 'delivered' || found === 'only_temporary' || found === 'beside_other';
    progress.renameUnclear = !isClear;
    if (found === 'delivered' || found === 'beside_other') progress.onlyCopyIsTemporary = false;
    if (found !== 'delivered') throw explain(error, request, progress);
    note('the answer was lost, the file is there');
    return;
  }
  const seen = await lookAfterwards(request, moved, progress);
  note(seen + (oldWasRemoved ? ', the old file was removed first, as the server renames over none' : ''));
}

/** @throws TransportError `size_mismatch`, `hash_mismatch` where that is not what was sent. @returns what was seen */
async function lookAfterwards(
  request: RenameRequest,
  moved: Moved,
  progress: RenameProgress,
): Promise<string> {
  const { target, targetPath, temporaryPath } = request;
  const { bytes } = moved;
  const lookAt = (path: string) => target.stat(path, 'size').catch(() => 'could not look' as const);
  const final = await lookAt(targetPath);
  const lookOnce = (otherwise: string) => lookOnceMore(request, { moved, progress, otherwise });
  if (final === 'could not look') return lookOnce('renamed, and could not be looked at afterwards');
  if (final?.sizeBytes === bytes) {
    const seen = `${countOf(bytes, 'byte')} under the final name`;
    // Where none was there before it is ours, and our own disk renames what it says it did.
    if (request.ifExists === 'fail' || target.isLocal) return seen;
    const left = await lookAt(temporaryPath);
    if (left === null || left === 'could not look') return seen;
    await refuseOlder(request, moved, progress);
    return `${seen}, compared, as the temporary name was still there`;
  }
  // The server has made other bytes of them, or is not to be asked how many it has.
  if (final !== null && !isCompared(target.policy)) return 'there is a file under the final name';
  const temporary = await lookAt(temporaryPath);
  // Verified under the temporary name and renamed by the server's own word: somebody was quick.
  if (final === null && (temporary === null || temporary === 'could not look'))
    return lookOnce('renamed, and taken away before it could be looked at');
  progress.contradicted = true;
  progress.onlyCopyIsTemporary = temporary !== null;
  const size =
    final === null
      ? 'there is no such file'
      : `it has ${countOf(final.sizeBytes, 'byte')} instead of ${formatCount(bytes)}`;
  const message = `The target confirmed the rename to ${targetPath}, but ${size}. Ask the partner before you send it again.`;
  throw new TransportError('size_mismatch', 'rename', message);
}

/**
 * A server that gives one answer too many seems to confirm a rename that it refuses with the next one. To a command of
 * its own that shows, and another session tells what is so.
 * @returns what was seen, or `otherwise`
 * @throws TransportError `protocol_error` where it was not renamed, `hash_mismatch` where another file has the name
 */
async function lookOnceMore(
  request: RenameRequest,
  { moved, progress, otherwise }: { moved: Moved; progress: RenameProgress; otherwise: string },
): Promise<string> {
  const { target, targetPath, temporaryPath, signal } = request;
  const left = target.usable ? await target.stat(temporaryPath).catch(() => null) : null;
  if (signal.aborted || (target.usable && left === null)) return otherwise;
  const found = await lookAnew(request, moved);
  if (found === 'delivered') return 'renamed, as a look through another session shows';
  if (found === 'different' && isCompared(target.policy)) throw holdsAnother(targetPath, progress);
  const isSeen = found === 'only_temporary' || found === 'beside_other';
  // Where the temporary name was there after the answer, only a look can say that it was renamed.
  progress.renameUnclear = !isSeen && left !== null && (found === null || found === 'cannot_tell');
  if (!isSeen && !progress.renameUnclear) return otherwise;
  // The old file may have been removed to make way.
  progress.onlyCopyIsTemporary = found === 'only_temporary';
  const message =
    `The target seemed to confirm the rename to ${targetPath}, but the file ${isSeen ? 'is' : 'was'} still ` +
    `${temporaryPath}. If it repeats, ask the partner what the log of the server says.`;
  throw new TransportError('protocol_error', 'rename', message);
}

function holdsAnother(targetPath: string, progress: RenameProgress): TransportError {
  progress.contradicted = true;
  const message =
    `The target confirmed the rename to ${targetPath}, but another file has that name now. Ask the partner before you ` +
    'send it again.';
  return new TransportError('hash_mismatch', 'rename', message);
}

/** The file from before may be as long as the one that was to take its place. @throws TransportError `hash_mismatch` */
async function refuseOlder(
  { target, targetPath, temporaryPath }: RenameRequest,
  { bytes: sizeBytes, sha256 }: Moved,
  progress: RenameProgress,
): Promise<void> {
  const signal = AbortSignal.timeout(REOPEN_TIMEOUT_MS);
  const found = await compareDelivered({
    target,
    targetPath,
    temporaryPath,
    sizeBytes,
    sha256,
    signal,
  }).catch(() => 'cannot_tell' as const);
  if (found === 'delivered') {
    // A server that copies: what it has left is told by the next look at our temporary names, if not removed here.
    await target.remove(temporaryPath).catch(() => false);
    return;
  }
  progress.contradicted = true;
  progress.onlyCopyIsTemporary = true;
  const message =
    `The target confirmed the rename to ${targetPath}, but ${temporaryPath} is still there, and what has the final ` +
    'name is not known to be the file that was sent. Ask the partner before you send it again.';
  throw new TransportError('hash_mismatch', 'rename', message);
}

/**
 * Some servers (IIS, FileZilla Server) do not rename over a file: then the old one goes first.
 * @returns whether it did
 */
async function renameOver(
  { target, targetPath, temporaryPath, ifExists, onPartial }: RenameRequest,
  { bytes }: Moved,
  progress: RenameProgress,
): Promise<boolean> {
  try {
    await target.rename(temporaryPath, targetPath, ifExists);
    return false;
  } catch (error) {
    const inTheWay = error instanceof TransportError && error.kind === 'target_exists' && target.usable;
    if (ifExists !== 'replace' || !inTheWay || (await target.stat(targetPath))?.kind !== 'file') throw error;
    await onPartial?.(wholeAt(temporaryPath, bytes));
    // Before it is asked for: the old file may be gone and the answer lost.
    progress.onlyCopyIsTemporary = true;
    await target.remove(targetPath).catch((refusal: unknown) => {
      progress.onlyCopyIsTemporary = !target.usable;
      throw refusal;
    });
    await target.rename(temporaryPath, targetPath, ifExists);
    progress.onlyCopyIsTemporary = false;
    return true;
  }
}

/** A server may carry out a rename long after the session, or the worker, that asked for it was given up. */
export function renamedMeanwhile(temporaryPath: string): TransportError {
  const message = `The temporary file ${temporaryPath} was not there any more: it may have got its final name after all.`;
  return new TransportError('server_error', 'cleanup', message);
}

/** What the refusal of a rename can stand for where none is allowed: a plain 550 to RNFR is taken for absence. */
const MAY_BE_FORBIDDEN: ReadonlySet<string> = new Set(['permission_denied', 'protocol_error', 'not_found']);
const IF_FORBIDDEN =
  ' If the server forbids renames altogether, let the endpoint write files under their final name from the start ' +
  '(temporary name: direct).';

/** The failure as one of this step, and where the new file is if the old one is gone. */
function explain(
  error: unknown,
  { temporaryPath }: RenameRequest,
  { onlyCopyIsTemporary, renameUnclear }: RenameProgress,
): TransportError {
  const { kind, message } = asTransportError(error, 'rename');
  const where =
    onlyCopyIsTemporary && !renameUnclear
      ? ` The old file had been removed to make way; the new one is under ${temporaryPath}.`
      : '';
  const isRefused = (replyCodeIn(error) ?? 0) >= 500;
  const maybe = isRefused && MAY_BE_FORBIDDEN.has(kind) ? IF_FORBIDDEN : '';
  return new TransportError(kind, 'rename', `${message}${maybe}${where}`, { cause: error });
}

/** Through a fresh session; null where that does not tell. What is beside the delivered file is removed. */
async function lookAnew(
  { target, reopenTarget, targetPath, temporaryPath }: RenameRequest,
  { bytes: sizeBytes, sha256 }: Moved,
): Promise<Comparison | null> {
  const signal = AbortSignal.timeout(REOPEN_TIMEOUT_MS);
  let fresh: Transport | null = null;
  try {
    // First of all: it may be the one connection that the endpoint allows.
    await target.close();
    fresh = await reopenTarget(signal);
    const found = await compareDelivered({
      target: fresh,
      targetPath,
      temporaryPath,
      sizeBytes,
      sha256,
      signal,
    });
    // The same file was there before, and the rename never happened: then ours is still under its temporary name.
    if (found === 'delivered') await fresh.remove(temporaryPath);
    return found;
  } catch {
    // It stays unclear; what went before is what there is to tell.
    return null;
  } finally {
    await fresh?.close();
  }
}
