/** Somebody known tried what they may not. */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';

/** @param denied.operation as in `POST /api/v1/partners`: the pattern of the path, no values */
export async function recordDenial(
  tx: Tx,
  actor: Actor,
  denied: { permission: string; operation: string },
): Promise<void> {
  await appendEvent(tx, actor, {
    action: 'access.denied',
    outcome: 'denied',
    object: { kind: 'operation', id: null, name: denied.operation },
    details: denied,
  });
}
