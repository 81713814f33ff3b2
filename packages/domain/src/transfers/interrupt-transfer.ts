/**
 * Puts a running transfer back because its worker is told to stop; the interrupted try does not count, unless what it
 * did to a file could not be written down.
 *
 * In     the claim and why
 * Out    nothing; the transfer is queued and goes on when a worker is there
 * Errors LeaseLostError
 * Events transfer.interrupted
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import type { Claim } from './claim.js';
import { type Lease, updateUnderLease } from './lease.js';
import { notifyTransfer } from './notify-transfer.js';

export async function interruptTransfer(
  tx: Tx,
  actor: Actor,
  input: { claim: Claim; reason: string },
): Promise<void> {
  const { claim, reason } = input;
  await updateUnderLease(tx, claim.lease, {
    state: 'queued',
    ...((await isAllOnRecord(tx, claim.lease)) && { tryCount: { decrement: 1 } }),
    leaseOwner: null,
    leaseUntil: null,
  });
  await notifyTransfer(tx, claim.lease.transferId);
  await appendEvent(tx, actor, {
    action: 'transfer.interrupted',
    object: claim.object,
    partnerId: claim.partnerId,
    details: { workerId: claim.lease.workerId, reason },
  });
}

/**
 * Else the next try would give a file the temporary name that this one may have written under. A file that this try has
 * begun, and whose attempt is not on record, has the number that the next try would give it.
 */
async function isAllOnRecord(tx: Tx, { transferId, tryNumber }: Lease): Promise<boolean> {
  const unrecorded = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM transfer_file
    WHERE transfer_id = ${transferId}::uuid AND state = 'moving'
      AND strpos(temporary_path, concat('waybill-', id, '-', ${tryNumber}::int + attempt_count)) > 0
    LIMIT 1`;
  return unrecorded.length === 0;
}
