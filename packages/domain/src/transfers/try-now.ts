/**
 * Has a transfer that waits for its next try be tried now, because somebody asks.
 *
 * In     the transfer's id
 * Out    nothing; ring after commit
 * Errors not_found, wrong_state (it does not wait), paused
 * Events transfer.try_requested
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { databaseNow } from '../database-now.js';
import { Problem } from '../problem.js';
import { refuseInPause } from '../settings/pause.js';
import { notifyTransfer } from './notify-transfer.js';

export async function tryNow(tx: Tx, actor: Actor, { id }: { id: string }): Promise<void> {
  // Locks the row: a worker claims it before, or after.
  await tx.$queryRaw`SELECT 1 FROM transfer WHERE id = ${id}::uuid FOR UPDATE`;
  const transfer = await tx.transfer.findUnique({
    where: { id },
    select: { state: true, tryCount: true, route: { select: { name: true, partnerId: true } } },
  });
  if (transfer === null) throw new Problem('not_found', 'There is no transfer with that id.');
  if (transfer.state !== 'waiting')
    throw new Problem('wrong_state', `The transfer is ${transfer.state}: it does not wait for another try.`);
  await refuseInPause(tx);
  await tx.transfer.update({ where: { id }, data: { nextTryAt: await databaseNow(tx) } });
  await notifyTransfer(tx, id);
  await appendEvent(tx, actor, {
    action: 'transfer.try_requested',
    object: { kind: 'transfer', id, name: transfer.route.name },
    partnerId: transfer.route.partnerId,
    details: { tryNumber: transfer.tryCount + 1 },
  });
}
