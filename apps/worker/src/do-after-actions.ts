/** Deletes or moves the sources of delivered files, as the route asks, once their delivery is committed. */
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import { joinPath } from '@waybill/contracts/paths.js';
import type { RunFailure } from '@waybill/domain/transfers/finish-transfer.js';
import {
  type AfterActionResult,
  recordAfterActions,
} from '@waybill/domain/transfers/record-after-actions.js';
import type { Failure } from '@waybill/domain/transfers/record-attempts.js';
import type { OpenFile } from '@waybill/domain/transfers/settle-files.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { Entry, Transport } from '@waybill/transports/transport.js';
import { failureOf } from './explain-failure.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

/**
 * @param owed delivered files whose sources are still where they were
 * @returns the first failure; the file stays delivered, and this is tried again with the next try
 */
export async function doAfterActions(run: Run, owed: OpenFile[]): Promise<RunFailure | null> {
  const { worker, claim } = run;
  if (claim.snapshot.afterAction === 'keep') return null;
  const results: AfterActionResult[] = [];
  let first: RunFailure | null = null;
  for (const file of owed) {
    if (run.watch.signal.aborted || first !== null) break;
    const { failure, movedTo } = await tryAction(run, file);
    if (failure !== null) first = failure;
    results.push({ file, action: claim.snapshot.afterAction, movedTo, failure });
  }
  worker.crashAt('after-action-done');
  await transact(worker, (tx) => recordAfterActions(tx, worker.actor, { claim, results }));
  return first;
}

async function tryAction(
  run: Run,
  file: OpenFile,
): Promise<{ failure: RunFailure | null; movedTo: string | null }> {
  try {
    const source = await run.sessions.open('source');
    return { failure: null, movedTo: await act(source, file, run) };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const failure: Failure = failureOf(error);
    const text = `Delivered, but the source could not be cleared: ${failure.text}`;
    return {
      failure: { ...failure, text, endpointId: run.sessions.endpointAtFault(error) },
      movedTo: null,
    };
  }
}

/** What shows that the file at the source is not the one that was delivered: a new one may be just as long. */
function differenceOf(
  { policy }: Transport,
  there: Entry,
  { movedBytes, sizeBytes, modifiedAt }: OpenFile,
): string | null {
  // Line ends that were changed on the way make text longer at one end than at the other.
  const expected = policy.transferType === 'binary' ? movedBytes : sizeBytes;
  if (there.sizeBytes !== null && expected !== null && there.sizeBytes !== expected)
    return `${countOf(there.sizeBytes, 'byte')} instead of ${formatCount(expected)}`;
  if (there.modifiedAt === null || modifiedAt === null) return null;
  if (there.modifiedAt.getTime() === modifiedAt.getTime()) return null;
  return `written at ${there.modifiedAt.toISOString()}, not at ${modifiedAt.toISOString()}`;
}

/** @returns where the source is now; null where it is gone, whoever took it */
async function act(source: Transport, file: OpenFile, run: Run): Promise<string | null> {
  const { afterAction, archivePath } = run.claim.snapshot;
  const archived = afterAction === 'move' && archivePath !== null ? joinPath(archivePath, file.name) : null;
  const there = await source.stat(file.sourcePath);
  if (there === null) {
    // Done by a run that was lost before it could say so; or somebody else has taken it.
    const before = archived === null ? null : await source.stat(archived);
    return before !== null && differenceOf(source, before, file) === null ? archived : null;
  }
  const difference = differenceOf(source, there, file);
  if (difference !== null)
    throw new TransportError(
      'source_changed',
      'cleanup',
      `${file.sourcePath} is another file now (${difference}), so it was left where it is.`,
    );
  if (archived === null) {
    await source.remove(file.sourcePath);
    return null;
  }
  // What an earlier transfer has put there stays.
  const taken = (await source.stat(archived)) !== null;
  const free = taken ? `${archived}.${new Date().toISOString().replace(/[-:]/g, '')}` : archived;
  await source.rename(file.sourcePath, free, 'fail');
  return free;
}
