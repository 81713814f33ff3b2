/**
 * Gives a transfer to one worker: queued, waiting and due, or running under a lease that ran out (its worker
 * was killed or cut off; `recoverTransfer` then closes what that one left open).
 *
 * In     the transfer's id, the worker, how long the lease holds unless renewed
 * Out    the claim; null where there is nothing to do: another worker has it, it is over, not due, Waybill is
 *        paused, or another transfer of its route goes first; or it was put on hold here, because its route or
 *        one of its endpoints is, or because its route was disabled
 * Errors none of its own
 * Events transfer.started, transfer.recovered, transfer.held; transfer.cancelled where it was to be cancelled and cannot
 *        be cleared up
 */
import type { RouteSnapshot } from '@waybill/contracts/routes.js';
import type { TransferState } from '@waybill/contracts/transfers.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { readPause } from '../settings/pause.js';
import { cancelTransfer } from './cancel-transfer.js';
import type { Claim } from './claim.js';
import { holdTransfer } from './hold-transfer.js';
import type { Lease } from './lease.js';
import { isFirstInLine } from './line.js';
import { notifyTransfer } from './notify-transfer.js';
import { type LostRun, recoverTransfer } from './recover-transfer.js';

/** A worker that dies with the transfer uses up a try; these many more are allowed, so that it is not lost. */
const EXTRA_TRIES_AFTER_LOSS = 3;

interface ClaimableRow extends LostRun {
  state: TransferState;
  tryCount: number;
  cancelRequested: boolean;
}

export async function claimTransfer(
  tx: Tx,
  actor: Actor,
  input: { transferId: string; workerId: string; leaseMs: number },
): Promise<Claim | null> {
  const [row] = await tx.$queryRaw<ClaimableRow[]>`
    SELECT state::text AS state, coalesce(lease_owner, 'unknown') AS "workerId", try_count AS "tryCount",
      coalesce(try_started_at, now()) AS "startedAt", coalesce(lease_renewed_at, now()) AS "lastSeenAt",
      cancel_requested_at IS NOT NULL AS "cancelRequested"
    FROM transfer
    WHERE id = ${input.transferId}::uuid AND (
      state = 'queued' OR (state = 'waiting' AND next_try_at <= now()) OR (state = 'running' AND lease_until < now())
    )
    FOR UPDATE SKIP LOCKED`;
  if (row === undefined) return null;
  const lost = row.state === 'running';
  // What was to be cancelled is cleared up in a pause too.
  if (!lost && !row.cancelRequested && (await readPause(tx)) !== null) return null;
  const lease = { transferId: input.transferId, workerId: input.workerId, tryNumber: row.tryCount + 1 };
  const claim = await readClaim(tx, lease, lost);
  // What became of the lost run is told whether or not this one may go on.
  if (lost) await recoverTransfer(tx, actor, { claim, lost: row });
  const held = await findHold(tx, input.transferId, row);
  if (held !== null) {
    // Told already, when the endpoint or route was put on hold: one message, not one for each transfer.
    await holdTransfer(tx, actor, { transferId: input.transferId, ...held, mail: null });
    // Nobody can look at the target, so there is nothing to wait for.
    if (row.cancelRequested) await cancelTransfer(tx, actor, { id: input.transferId });
    return null;
  }
  // What is to be cancelled moves nothing any more, and a lost run is itself the one that has the route.
  if (!lost && !row.cancelRequested && !(await isFirstInLine(tx, input.transferId))) return null;
  await tx.$executeRaw`
    UPDATE transfer
    SET state = 'running', try_count = ${lease.tryNumber}, lease_owner = ${lease.workerId},
      lease_until = now() + ${input.leaseMs} * interval '1 millisecond', lease_renewed_at = now(),
      try_started_at = now(), next_try_at = NULL, started_at = coalesce(started_at, now())
    WHERE id = ${lease.transferId}::uuid`;
  await appendEvent(tx, actor, {
    action: 'transfer.started',
    object: claim.object,
    partnerId: claim.partnerId,
    details: { tryNumber: lease.tryNumber, workerId: lease.workerId },
  });
  await notifyTransfer(tx, lease.transferId);
  return claim;
}

async function readClaim(tx: Tx, lease: Lease, lost: boolean): Promise<Claim> {
  const row = await tx.transfer.findUniqueOrThrow({
    where: { id: lease.transferId },
    select: {
      routeSnapshot: true,
      resendOfId: true,
      resendFiles: true,
      movedBytes: true,
      cancelRequestedAt: true,
      route: { select: { partnerId: true } },
    },
  });
  const snapshot = row.routeSnapshot as RouteSnapshot;
  return {
    lease,
    snapshot,
    object: { kind: 'transfer', id: lease.transferId, name: snapshot.name },
    partnerId: row.route.partnerId,
    resend:
      row.resendOfId === null || row.resendFiles === null
        ? null
        : { resendOfId: row.resendOfId, resendFiles: row.resendFiles },
    movedBytes: Number(row.movedBytes),
    cancelRequested: row.cancelRequestedAt !== null,
    exhausted: lost && lease.tryNumber > snapshot.maxTries + EXTRA_TRIES_AFTER_LOSS,
  };
}

/**
 * Why the transfer must not run now: the endpoints count that the transfer was asked for with. A route that must not
 * move anything does not keep a worker from clearing up what is to be cancelled.
 */
async function findHold(tx: Tx, transferId: string, { cancelRequested }: { cancelRequested: boolean }) {
  const [held] = await tx.$queryRaw<
    { what: string; name: string; enabled: boolean; reason: string | null }[]
  >`
    SELECT 'route' AS what, route.name, route.held_reason AS reason, route.enabled OR route.held_at IS NOT NULL AS enabled
    FROM transfer JOIN route ON route.id = transfer.route_id
    WHERE transfer.id = ${transferId}::uuid AND NOT ${cancelRequested}
      AND (route.held_at IS NOT NULL OR NOT route.enabled)
    UNION ALL
    SELECT 'endpoint', endpoint.name, endpoint.held_reason, true
    FROM transfer JOIN endpoint ON endpoint.id IN (
      (transfer.route_snapshot ->> 'sourceEndpointId')::uuid, (transfer.route_snapshot ->> 'targetEndpointId')::uuid)
    WHERE transfer.id = ${transferId}::uuid AND endpoint.held_at IS NOT NULL
    LIMIT 1`;
  if (held === undefined) return null;
  const { what, name, reason } = held;
  if (!held.enabled)
    return {
      failureKind: 'route_disabled',
      failureText: `The route ${name} was disabled before this transfer could go on. Enable it again, or cancel the transfer.`,
    };
  return {
    failureKind: `${what}_held`,
    failureText: `The ${what} ${name} is on hold: ${reason ?? 'no reason is recorded'}`,
  };
}
