/** Removes from the target what transfers that are over have left there under temporary names. */
import { findLeftovers, forgetLeftovers } from '@waybill/domain/transfers/leftovers.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

/**
 * What cannot be removed now stays on record for the next run.
 * @throws TransportError where the target cannot be reached
 */
export async function removeLeftovers({ worker, claim, sessions }: Run): Promise<void> {
  const leftovers = await findLeftovers(worker.database, claim);
  if (leftovers.length === 0) return;
  const gone: string[] = [];
  for (const { fileId, paths } of leftovers) {
    const target = await sessions.open('target');
    try {
      for (const path of paths) await target.remove(path);
      gone.push(fileId);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      worker.log.info({ err: error, transferId: claim.lease.transferId }, 'a leftover could not be removed');
      if (!target.usable) break;
    }
  }
  await transact(worker, (tx) => forgetLeftovers(tx, claim.lease, gone));
}
