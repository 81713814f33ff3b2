/** Ten wrong passwords lock an account for half an hour (PCI DSS 8.3.4), at the door or where a new one is set. */
import type { User } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';

export const MAX_FAILED_TRIES = 10;
const LOCK_MS = 30 * 60_000;

/** Holds the row until the end of the transaction: tries at the same time are counted one after the other. */
export async function holdUser(tx: Tx, id: string): Promise<User | null> {
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.user.findUnique({ where: { id } });
}

export function isLocked(user: User): user is User & { lockedUntil: Date } {
  return user.lockedUntil !== null && user.lockedUntil > new Date();
}

/**
 * Counts a wrong password, and locks the account at the tenth. To be committed, whatever is answered.
 *
 * Events user.locked
 */
export async function countFailure(tx: Tx, actor: Actor, user: User): Promise<void> {
  const failedSignInCount = user.failedSignInCount + 1;
  if (failedSignInCount < MAX_FAILED_TRIES) {
    await tx.user.update({ where: { id: user.id }, data: { failedSignInCount } });
    return;
  }
  const lockedUntil = new Date(Date.now() + LOCK_MS);
  await tx.user.update({ where: { id: user.id }, data: { failedSignInCount: 0, lockedUntil } });
  await appendEvent(tx, actor, {
    action: 'user.locked',
    outcome: 'denied',
    object: { kind: 'user', id: user.id, name: user.email },
    details: { until: lockedUntil.toISOString() },
  });
}
