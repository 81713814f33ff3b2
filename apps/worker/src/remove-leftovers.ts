/** Removes from the target what transfers that are over have left there under temporary names. */
import { type Leftover, findLeftovers, forgetLeftovers } from '@waybill/domain/transfers/leftovers.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

/**
 * What cannot be removed now, or may be all that there is of a file, stays on record for the next run.
 * @throws TransportError where the target cannot be reached
 */
export async function removeLeftovers(run: Run): Promise<void> {
  const { worker, claim, sessions } = run;
  const leftovers = await findLeftovers(worker.database, claim);
  if (leftovers.length === 0) return;
  const gone: string[] = [];
  for (const leftover of leftovers) {
    const target = await sessions.open('target');
    try {
      let isLeft = false;
      for (const path of leftover.paths)
        if (await mayBeOnlyCopy(run, leftover, path)) isLeft = true;
        else await target.remove(path);
      if (!isLeft) gone.push(leftover.fileId);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      worker.log.info({ err: error, transferId: claim.lease.transferId }, 'a leftover could not be removed');
      if (!target.usable) break;
    }
  }
  await transact(worker, (tx) => forgetLeftovers(tx, claim.lease, gone));
}

/** Whether the source does not have the file any more that it was to be: some give each only once. */
async function mayBeOnlyCopy({ sessions }: Run, file: Leftover, path: string): Promise<boolean> {
  if (file.isDelivered) return false;
  const source = file.isOfSource ? await sessions.open('source') : null;
  const there = (await source?.stat(file.sourcePath)) ?? null;
  if (there === null) return true;
  const isOtherSize = isOther(there.sizeBytes, file.sizeBytes);
  if (!isOtherSize && !isOther(there.modifiedAt?.getTime(), file.modifiedAt?.getTime())) return false;
  // Another file of that name: what is seen to be a part of the one before is of no use to anybody.
  const target = await sessions.open('target');
  const left = await target.stat(path, 'size');
  const isPart =
    target.policy.transferType === 'binary' && (left?.sizeBytes ?? Infinity) < (file.sizeBytes ?? 0);
  return left !== null && !isPart;
}

/** What is not told is no difference. */
function isOther(now: number | null | undefined, then: number | null | undefined): boolean {
  return now != null && then != null && now !== then;
}
