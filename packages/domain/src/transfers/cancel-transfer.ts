/**
 * Ends a transfer because somebody asks.
 *
 * cancelTransfer
 *   In     the transfer's id
 *   Out    whether a worker must be rung: it then clears what lies at the target. A worker that runs the
 *          transfer learns of it within half a second by itself.
 *   Errors not_found, wrong_state (it is over)
 *   Events transfer.cancel_requested; transfer.cancelled, transfer_file.uncertain where no worker is needed
 * finishCancelled
 *   In     the claim of a run that was asked to end and has cleared up
 *   Out    nothing; the transfer is cancelled
 *   Errors LeaseLostError
 *   Events transfer.cancelled, transfer_file.uncertain
 */
import { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { databaseNow } from '../database-now.js';
import { Problem } from '../problem.js';
import type { Claim } from './claim.js';
import { closeMovingFiles } from './close-moving-files.js';
import { updateUnderLease } from './lease.js';
import { notifyTransfer } from './notify-transfer.js';
import { settleFailures } from './settle-failures.js';
import { sumDeliveredBytes } from './settle-files.js';
import { isOver, statesBefore } from './transfer-state.js';

const CANCELLED = { failureKind: 'cancelled', skipReason: 'Cancelled before it was delivered.' } as const;

export async function cancelTransfer(
  tx: Tx,
  actor: Actor,
  input: { id: string },
): Promise<{ ring: boolean }> {
  const { id } = input;
  // Locks the row: a worker claims or finishes it before, or after, but not in between.
  await tx.$queryRaw`SELECT 1 FROM transfer WHERE id = ${id}::uuid FOR UPDATE`;
  const transfer = await tx.transfer.findUnique({
    where: { id },
    select: {
      state: true,
      deliveredCount: true,
      cancelRequestedAt: true,
      route: { select: { name: true, partnerId: true } },
      files: {
        where: { OR: [{ temporaryPath: { not: null } }, { partial: { not: Prisma.DbNull } }] },
        select: { id: true },
        take: 1,
      },
    },
  });
  if (transfer === null) throw new Problem('not_found', 'There is no transfer with that id.');
  if (isOver(transfer.state))
    throw new Problem('wrong_state', `The transfer is over: ${transfer.state}. There is nothing to cancel.`);
  const common = {
    object: { kind: 'transfer', id, name: transfer.route.name },
    partnerId: transfer.route.partnerId,
  };
  const needsWorker =
    transfer.state === 'running' || (transfer.state !== 'held' && transfer.files.length > 0);
  if (transfer.cancelRequestedAt === null) {
    await tx.transfer.update({ where: { id }, data: { cancelRequestedAt: new Date() } });
    await appendEvent(tx, actor, { ...common, action: 'transfer.cancel_requested', details: {} });
  }
  if (needsWorker) {
    if (transfer.state === 'waiting')
      await tx.transfer.update({ where: { id }, data: { nextTryAt: await databaseNow(tx) } });
    await notifyTransfer(tx, id);
    return { ring: transfer.state !== 'running' };
  }
  // On hold, nobody can look at the target: what may have arrived is said to be uncertain.
  await closeMovingFiles(tx, actor, { transferId: id, partnerId: common.partnerId });
  await tx.transferFile.updateMany({
    where: { transferId: id, state: 'planned' },
    data: { state: 'skipped', ...CANCELLED },
  });
  const { count } = await tx.transfer.updateMany({
    where: { id, state: { in: statesBefore('cancelled') } },
    data: { state: 'cancelled', finishedAt: new Date(), nextTryAt: null },
  });
  if (count !== 1) throw new Error(`A transfer that is ${transfer.state} could not be cancelled.`);
  await notifyTransfer(tx, id);
  await appendEvent(tx, actor, {
    ...common,
    action: 'transfer.cancelled',
    details: { deliveredCount: transfer.deliveredCount },
  });
  return { ring: false };
}

export async function finishCancelled(tx: Tx, actor: Actor, claim: Claim): Promise<void> {
  const { transferId } = claim.lease;
  await updateUnderLease(tx, claim.lease, {
    state: 'cancelled',
    finishedAt: new Date(),
    movedBytes: await sumDeliveredBytes(tx, transferId),
    leaseOwner: null,
    leaseUntil: null,
    failureKind: null,
    failureText: null,
  });
  await closeMovingFiles(tx, actor, { transferId, partnerId: claim.partnerId });
  await tx.transferFile.updateMany({
    where: { transferId, state: 'planned' },
    data: { state: 'skipped', movedBytes: 0, ...CANCELLED },
  });
  const { deliveredCount } = await tx.transfer.findUniqueOrThrow({
    where: { id: transferId },
    select: { deliveredCount: true },
  });
  await settleFailures(tx, transferId);
  await notifyTransfer(tx, transferId);
  await appendEvent(tx, actor, {
    action: 'transfer.cancelled',
    object: claim.object,
    partnerId: claim.partnerId,
    details: { deliveredCount },
  });
}
