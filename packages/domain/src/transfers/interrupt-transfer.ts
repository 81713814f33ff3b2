/**
 * Puts a running transfer back because its worker is told to stop; the interrupted try does not count.
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
import { updateUnderLease } from './lease.js';
import { notifyTransfer } from './notify-transfer.js';

export async function interruptTransfer(
  tx: Tx,
  actor: Actor,
  input: { claim: Claim; reason: string },
): Promise<void> {
  const { claim, reason } = input;
  await updateUnderLease(tx, claim.lease, {
    state: 'queued',
    tryCount: { decrement: 1 },
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
