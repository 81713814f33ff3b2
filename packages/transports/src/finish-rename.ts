/** The last step of a move: the file gets its name, and a lost answer to that is cleared up by looking. */
import { compareDelivered } from './compare-delivered.js';
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import { REOPEN_TIMEOUT_MS } from './reopen-timeout.js';
import { asTransportError, TransportError } from './transport-error.js';
import type { IfExists, Transport } from './transport.js';

export interface RenameRequest {
  target: Transport;
  targetPath: string;
  temporaryPath: string;
  ifExists: IfExists;
  /** A fresh session on the target, for when the one in use cannot be trusted any more. */
  reopenTarget: (signal: AbortSignal) => Promise<Transport>;
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
 * target has confirmed the name, the file is delivered: a look that fails, or is cut off by a cancel, is a note.
 */
export async function finishRename(
  request: RenameRequest,
  moved: { bytes: number; sha256: string },
  progress: RenameProgress,
  note: (detail: string) => void,
): Promise<void> {
  let oldWasRemoved = false;
  try {
    oldWasRemoved = await renameOver(request, progress);
  } catch (error) {
    if (request.target.usable) throw explain(error, request, progress);
    progress.renameUnclear = true;
    if (!(await wasRenamed(request, moved, progress))) throw explain(error, request, progress);
    progress.renameUnclear = false;
    note('the answer was lost, the file is there');
    return;
  }
  const seen = await lookAfterwards(request, moved.bytes, progress);
  note(seen + (oldWasRemoved ? ', the old file was removed first, as the server renames over none' : ''));
}

/** @returns what was seen. @throws TransportError `size_mismatch` where that is not what was sent */
async function lookAfterwards(
  { target, targetPath, temporaryPath }: RenameRequest,
  bytes: number,
  progress: RenameProgress,
): Promise<string> {
  const lookAt = (path: string) => target.stat(path, 'size').catch(() => 'could not look' as const);
  const final = await lookAt(targetPath);
  if (final === 'could not look') return 'renamed, and could not be looked at afterwards';
  if (final?.sizeBytes === bytes) return `${countOf(bytes, 'byte')} under the final name`;
  // The server has made other bytes of them, or is not to be asked how many it has.
  if (final !== null && !isComparable(target)) return 'there is a file under the final name';
  const temporary = await lookAt(temporaryPath);
  // Verified under the temporary name and renamed by the server's own word: somebody was quick.
  if (final === null && (temporary === null || temporary === 'could not look'))
    return 'renamed, and taken away before it could be looked at';
  progress.contradicted = true;
  progress.onlyCopyIsTemporary = temporary !== null;
  const size =
    final === null
      ? 'there is no such file'
      : `it has ${countOf(final.sizeBytes, 'byte')} instead of ${formatCount(bytes)}`;
  const message = `The target confirmed the rename to ${targetPath}, but ${size}. Ask the partner before you send it again.`;
  throw new TransportError('size_mismatch', 'rename', message);
}

/** Whether the target counts the same bytes as we do. */
function isComparable({ policy }: Transport): boolean {
  return policy.transferType === 'binary' && policy.verification !== 'none';
}

/**
 * Some servers (IIS, FileZilla Server) do not rename over a file: then the old one goes first.
 * @returns whether it did
 */
async function renameOver(
  { target, targetPath, temporaryPath, ifExists }: RenameRequest,
  progress: RenameProgress,
): Promise<boolean> {
  try {
    await target.rename(temporaryPath, targetPath, ifExists);
    return false;
  } catch (error) {
    const inTheWay = error instanceof TransportError && error.kind === 'target_exists' && target.usable;
    if (ifExists !== 'replace' || !inTheWay || (await target.stat(targetPath))?.kind !== 'file') throw error;
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
  return new TransportError(kind, 'rename', `${message}${where}`, { cause: error });
}

/** Looks through a fresh session. Leaves `renameUnclear` set where that does not tell. */
async function wasRenamed(
  request: RenameRequest,
  moved: { bytes: number; sha256: string },
  progress: RenameProgress,
): Promise<boolean> {
  const signal = AbortSignal.timeout(REOPEN_TIMEOUT_MS);
  let fresh: Transport | null = null;
  try {
    fresh = await request.reopenTarget(signal);
    const { targetPath, temporaryPath } = request;
    const found = await compareDelivered({
      target: fresh,
      targetPath,
      temporaryPath,
      sizeBytes: moved.bytes,
      sha256: moved.sha256,
      signal,
    });
    if (found === 'only_temporary' || found === 'beside_other') progress.renameUnclear = false;
    if (found === 'beside_other') progress.onlyCopyIsTemporary = false;
    // The same file was there before, and the rename never happened: then ours is still under its temporary name.
    if (found === 'delivered') {
      await fresh.remove(temporaryPath);
      progress.onlyCopyIsTemporary = false;
    }
    return found === 'delivered';
  } catch {
    // It stays unclear; the error of the rename itself is the one to tell.
    return false;
  } finally {
    await fresh?.close();
  }
}
