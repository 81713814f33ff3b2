/**
 * Ends a try: over, another try later, or on hold. What a run leaves open decides, not what it says. Where somebody has
 * asked to cancel it meanwhile, the other try is due at once, to clear up, and in place of a hold the transfer is over.
 *
 * In     the claim, what stopped the run or is left to be tried again (null where nothing did), how mail is set up
 * Out    the state that the transfer is in now, and the notifications to ring after commit
 * Errors LeaseLostError
 * Events transfer.succeeded, transfer.ended_partial, transfer.failed, transfer.retry_scheduled, transfer.held
 *        (endpoint.held, route.held), transfer.cancelled, transfer_file.uncertain
 */
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import type { TransferFileState, TransferState } from '@waybill/contracts/transfers.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { databaseIn } from '../database-now.js';
import { type BadEnding, notifyOfTransfer } from '../notifications/notify-of-transfer.js';
import type { MailPolicy } from '../notifications/recipients.js';
import { cancelTransfer } from './cancel-transfer.js';
import type { Claim } from './claim.js';
import { closeMovingFiles } from './close-moving-files.js';
import { type Hold, holdTransfer } from './hold-transfer.js';
import { updateUnderLease } from './lease.js';
import { notifyTransfer } from './notify-transfer.js';
import type { Failure } from './record-attempts.js';
import { type RetryTiming, decideAfterFailure, verdictOn } from './retry-policy.js';
import { settleFailures } from './settle-failures.js';

/** A failure of the whole run, with the endpoint that it came from where that is known. */
export interface RunFailure extends Failure {
  endpointId: string | null;
}

export interface FinishInput {
  claim: Claim;
  failure: RunFailure | null;
  mail: MailPolicy | null;
  timing?: RetryTiming;
}

export interface Finished {
  state: TransferState;
  notificationIds: string[];
}

export async function finishTry(tx: Tx, actor: Actor, input: FinishInput): Promise<Finished> {
  const { claim, mail } = input;
  const left = await countLeft(tx, claim);
  const failure = input.failure ?? (left.open > 0 ? LEFT_OPEN : null);
  if (failure !== null && !claim.exhausted) {
    const { tryNumber } = claim.lease;
    const { maxTries } = claim.snapshot;
    const next = decideAfterFailure({ ...failure, tryNumber, maxTries }, Math.random(), input.timing);
    const isCancelled = await isCancelRequested(tx, claim);
    if (next.action === 'retry') {
      const waitMs = isCancelled ? 0 : next.waitMs;
      return scheduleRetry(tx, actor, { claim, failure, waitMs });
    }
    const hold = { transferId: claim.lease.transferId, lease: claim.lease, mail, isCancelled };
    if (next.action === 'hold' && failure.endpointId !== null) {
      const { kind: failureKind, text: failureText, endpointId } = failure;
      return putOnHold(tx, actor, { ...hold, failureKind, failureText, endpointId });
    }
    const refused = await findRefusedAfterAction(tx, claim);
    if (refused !== null) return putOnHold(tx, actor, { ...hold, ...refused });
  }
  return closeTransfer(tx, actor, { claim, failure, mail });
}

/** Whether somebody asked too late for the run to notice. Locks the row: whoever asks from now on finds the try ended. */
async function isCancelRequested(tx: Tx, { lease }: Claim): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ requested: boolean }[]>`
    SELECT cancel_requested_at IS NOT NULL AS requested FROM transfer
    WHERE id = ${lease.transferId}::uuid FOR UPDATE`;
  return row?.requested === true;
}

async function putOnHold(
  tx: Tx,
  actor: Actor,
  { isCancelled, ...hold }: Hold & { isCancelled: boolean },
): Promise<Finished> {
  const { notificationIds } = await holdTransfer(tx, actor, hold);
  if (!isCancelled) return { state: 'held', notificationIds };
  // Nobody can look at the target, so there is nothing to wait for.
  await cancelTransfer(tx, actor, { id: hold.transferId });
  return { state: 'cancelled', notificationIds };
}

/**
 * A source that may not be deleted or moved, however often it is tried. Every run would find it again, and the next
 * files would join it, so the route stops until a person has seen to it.
 */
async function findRefusedAfterAction(tx: Tx, claim: Claim) {
  if (claim.snapshot.afterAction === 'keep') return null;
  const failed = await tx.transferFile.findMany({
    where: {
      transferId: claim.lease.transferId,
      state: 'delivered',
      afterActionAt: null,
      failureKind: { not: null },
    },
    select: { name: true, failureKind: true, failureText: true },
    orderBy: { position: 'asc' },
  });
  const refused = failed.find(({ failureKind }) => verdictOn(failureKind as FailureKind) === 'fail');
  if (refused === undefined) return null;
  const failureText = `${refused.name}: ${refused.failureText ?? ''}`;
  return {
    failureKind: refused.failureKind ?? '',
    failureText,
    routeReason: `${failureText} Once it can be cleared, or is gone, release the route, and its transfer goes on. Or have the route keep its sources, and cancel that transfer first.`,
  };
}

/** Only a fault of ours leaves files open without a reason; they are tried again. */
const LEFT_OPEN: RunFailure = {
  kind: 'internal',
  text: 'Some files were left over.',
  step: null,
  endpointId: null,
};

async function scheduleRetry(
  tx: Tx,
  actor: Actor,
  input: { claim: Claim; failure: RunFailure; waitMs: number },
): Promise<Finished> {
  const { claim, failure, waitMs } = input;
  const nextTryAt = await databaseIn(tx, waitMs);
  await updateUnderLease(tx, claim.lease, {
    state: 'waiting',
    nextTryAt,
    leaseOwner: null,
    leaseUntil: null,
    failureKind: failure.kind,
    failureText: failure.text,
  });
  await notifyTransfer(tx, claim.lease.transferId);
  await appendEvent(tx, actor, {
    action: 'transfer.retry_scheduled',
    outcome: 'failed',
    object: claim.object,
    partnerId: claim.partnerId,
    details: {
      failureKind: failure.kind,
      failureText: failure.text,
      tryNumber: claim.lease.tryNumber,
      nextTryAt: nextTryAt.toISOString(),
    },
  });
  return { state: 'waiting', notificationIds: [] };
}

interface Left {
  byState: Partial<Record<TransferFileState, number>>;
  /** Files that something is still to be done for. */
  open: number;
}

async function countLeft(tx: Tx, claim: Claim): Promise<Left> {
  const { transferId } = claim.lease;
  const groups = await tx.transferFile.groupBy({ by: ['state'], where: { transferId }, _count: true });
  const byState = Object.fromEntries(groups.map((group) => [group.state, group._count])) as Left['byState'];
  const owed =
    claim.snapshot.afterAction === 'keep'
      ? 0
      : await tx.transferFile.count({ where: { transferId, state: 'delivered', afterActionAt: null } });
  return { byState, open: (byState.planned ?? 0) + (byState.moving ?? 0) + owed };
}

async function closeTransfer(
  tx: Tx,
  actor: Actor,
  input: { claim: Claim; failure: RunFailure | null; mail: MailPolicy | null },
): Promise<Finished> {
  const { claim, mail } = input;
  const { transferId } = claim.lease;
  await closeFiles(tx, actor, input);
  const { byState, open } = await countLeft(tx, claim);
  const failure = input.failure ?? (await firstFileFailure(tx, transferId));
  const delivered = byState.delivered ?? 0;
  const notDelivered = (byState.failed ?? 0) + (byState.uncertain ?? 0);
  const clean = failure === null && notDelivered === 0 && open === 0;
  const arrived = delivered + (byState.uncertain ?? 0) > 0;
  const state = clean ? 'succeeded' : arrived ? 'partial' : 'failed';
  const why = clean ? { kind: null, text: null } : (failure ?? LEFT_OPEN);
  const sum = await tx.transferFile.aggregate({
    where: { transferId, state: 'delivered' },
    _sum: { movedBytes: true },
  });
  const bytes = sum._sum.movedBytes ?? 0n;
  await updateUnderLease(tx, claim.lease, {
    state,
    finishedAt: new Date(),
    leaseOwner: null,
    leaseUntil: null,
    movedBytes: bytes,
    failureKind: why.kind,
    failureText: why.text,
  });
  await settleFailures(tx, transferId);
  const notificationIds =
    state === 'succeeded' ? [] : await notifyOfTransfer(tx, { transferId, mail, ending: state as BadEnding });
  await notifyTransfer(tx, transferId);
  const common = { object: claim.object, partnerId: claim.partnerId };
  if (state === 'succeeded')
    await appendEvent(tx, actor, {
      ...common,
      action: 'transfer.succeeded',
      details: { deliveredCount: delivered, bytes: Number(bytes) },
    });
  else if (state === 'partial')
    await appendEvent(tx, actor, {
      ...common,
      action: 'transfer.ended_partial',
      outcome: 'failed',
      details: { deliveredCount: delivered, failedCount: notDelivered },
    });
  else
    await appendEvent(tx, actor, {
      ...common,
      action: 'transfer.failed',
      outcome: 'failed',
      details: { failureKind: why.kind ?? 'internal', failureText: why.text ?? '' },
    });
  return { state, notificationIds };
}

/** No try is left: what never had its final name has failed, what may have it is uncertain. */
async function closeFiles(
  tx: Tx,
  actor: Actor,
  { claim, failure }: { claim: Claim; failure: RunFailure | null },
) {
  const { partnerId } = claim;
  await closeMovingFiles(tx, actor, { transferId: claim.lease.transferId, partnerId });
  const planned = { transferId: claim.lease.transferId, state: 'planned' } as const;
  await tx.transferFile.updateMany({
    where: { ...planned, failureKind: null },
    data: { failureKind: failure?.kind ?? 'internal', failureText: failure?.text ?? null },
  });
  await tx.transferFile.updateMany({ where: planned, data: { state: 'failed', movedBytes: 0 } });
}

async function firstFileFailure(tx: Tx, transferId: string) {
  const file = await tx.transferFile.findFirst({
    where: { transferId, failureKind: { not: null }, state: { not: 'skipped' } },
    orderBy: { position: 'asc' },
    select: { name: true, failureKind: true, failureText: true },
  });
  return file === null ? null : { kind: file.failureKind, text: `${file.name}: ${file.failureText ?? ''}` };
}
