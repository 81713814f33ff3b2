/**
 * Sends the files of a transfer again, as a new transfer of the route as it is now. The reason is kept.
 *
 * In     the transfer that is over, and why it is sent again
 * Out    the new transfer's id, and whether it is new: ring it after commit if so
 * Errors not_found, wrong_state (it is not over yet), and those of `startTransfer`
 * Events transfer.requested
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { Problem } from '../problem.js';
import { type StartedTransfer, startTransfer } from './start-transfer.js';
import { isOver } from './transfer-state.js';

export async function resendTransfer(
  tx: Tx,
  actor: Actor,
  input: { id: string; reason: string; idempotencyKey?: string | undefined },
): Promise<StartedTransfer> {
  const original = await tx.transfer.findUnique({
    where: { id: input.id },
    select: { routeId: true, state: true },
  });
  if (original === null) throw new Problem('not_found', 'There is no transfer with that id.');
  if (!isOver(original.state))
    throw new Problem(
      'wrong_state',
      `The transfer is ${original.state}. Wait until it is over, or cancel it, before you send it again.`,
    );
  return startTransfer(tx, actor, {
    cause: 'resend',
    routeId: original.routeId,
    resendOfId: input.id,
    reason: input.reason,
    idempotencyKey: input.idempotencyKey,
  });
}
