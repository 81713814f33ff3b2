/**
 * Whether somebody's password is right, found out before the transaction that needs the answer: it costs a core
 * some tens of milliseconds, and must hold neither a connection nor a row meanwhile.
 */
import type { Tx } from '@waybill/db/transaction.js';
import { verifyPassword } from './password.js';

export interface PasswordCheck {
  /** Null where there is no such account. */
  userId: string | null;
  /** The hash that the password fits, which need not be the account's any more; null where it fits none. */
  fittingHash: string | null;
}

/**
 * The same work whether there is such an account or not.
 * @throws Problem `not_ready` while too many wait for theirs
 */
export async function checkPassword(
  database: Tx,
  who: { email: string } | { id: string },
  password: string,
): Promise<PasswordCheck> {
  const user = await database.user.findUnique({ where: who, select: { id: true, passwordHash: true } });
  const fits = await verifyPassword(user?.passwordHash ?? null, password);
  return { userId: user?.id ?? null, fittingHash: fits ? (user?.passwordHash ?? null) : null };
}
