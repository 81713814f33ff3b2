/**
 * Puts a transfer on hold until a person has acted: its route or one of its endpoints is on hold, or an answer
 * of the other side must not be provoked twice (a wrong password locks the account).
 *
 * In     the transfer, why, and the endpoint or route to put on hold with it
 * Out    the notifications to ring, where mail is configured
 * Errors LeaseLostError with a lease that no longer holds
 * Events transfer.held; endpoint.held or route.held where that was not on hold yet
 */
import type { RouteSnapshot } from '@waybill/contracts/routes.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { holdEndpoint } from '../endpoints/hold-endpoint.js';
import { notifyOfTransfer } from '../notifications/notify-of-transfer.js';
import type { MailPolicy } from '../notifications/recipients.js';
import { holdRoute } from '../routes/hold-route.js';
import { type Lease, LeaseLostError } from './lease.js';
import { notifyTransfer } from './notify-transfer.js';
import { statesBefore } from './transfer-state.js';

export interface Hold {
  transferId: string;
  failureKind: string;
  failureText: string;
  /** The lease of the run that ends here; none where the transfer was not claimed. */
  lease?: Lease;
  endpointId?: string;
  /** Why its route goes on hold too. */
  routeReason?: string;
  mail: MailPolicy | null;
}

export async function holdTransfer(tx: Tx, actor: Actor, hold: Hold): Promise<{ notificationIds: string[] }> {
  const { lease, failureKind, failureText } = hold;
  const { count } = await tx.transfer.updateMany({
    where: {
      id: hold.transferId,
      state: { in: statesBefore('held') },
      ...(lease && { state: 'running', leaseOwner: lease.workerId, tryCount: lease.tryNumber }),
    },
    data: { state: 'held', failureKind, failureText, leaseOwner: null, leaseUntil: null, nextTryAt: null },
  });
  if (count !== 1 && lease) throw new LeaseLostError(lease);
  if (count !== 1) return { notificationIds: [] };
  const transfer = await tx.transfer.findUniqueOrThrow({
    where: { id: hold.transferId },
    select: { routeId: true, routeSnapshot: true, route: { select: { partnerId: true } } },
  });
  const snapshot = transfer.routeSnapshot as RouteSnapshot;
  await notifyTransfer(tx, hold.transferId);
  const notificationIds = await notifyOfTransfer(tx, {
    transferId: hold.transferId,
    mail: hold.mail,
    ending: 'held',
  });
  if (hold.endpointId !== undefined)
    await holdEndpoint(tx, actor, { id: hold.endpointId, reason: failureText, kind: failureKind });
  if (hold.routeReason !== undefined)
    await holdRoute(tx, actor, { id: transfer.routeId, reason: hold.routeReason });
  await appendEvent(tx, actor, {
    action: 'transfer.held',
    outcome: 'failed',
    object: { kind: 'transfer', id: hold.transferId, name: snapshot.name },
    partnerId: transfer.route.partnerId,
    details: { failureKind, failureText },
  });
  return { notificationIds };
}
