/** Signing in and out. Ten wrong passwords lock an account for half an hour (PCI DSS 8.3.4). */
import { email } from '@waybill/contracts/text.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import type { PasswordCheck } from './check-password.js';
import { type OpenSession, openSession } from './sessions.js';

export const MAX_FAILED_TRIES = 10;
export const LOCK_MS = 30 * 60_000;

interface UserRow {
  id: string;
  email: string;
  passwordHash: string;
  failedSignInCount: number;
  lockedUntil: Date | null;
  disabledAt: Date | null;
}

/**
 * Opens a session for whoever gave the right password.
 *
 * In     the e-mail as typed, what the check of the password found (check-password.ts), and the browser's name
 * Out    the session; null where the answer is no, whatever the reason: callers must not tell one from another
 * Events user.signed_in · user.sign_in_failed (with the reason, for auditors only) · user.locked
 *
 * Null instead of a Problem, because the count of wrong tries must be committed.
 */
export async function signIn(
  tx: Tx,
  stranger: Actor,
  input: { email: string; check: PasswordCheck; userAgent: string | null },
): Promise<OpenSession | null> {
  const { userId, fittingHash } = input.check;
  const user = userId === null ? null : await lockUser(tx, userId);
  const now = new Date();
  if (user === null) return refuse(tx, stranger, { email: input.email, reason: 'no such account' });
  if (user.disabledAt !== null) return refuse(tx, stranger, { user, reason: 'the account is disabled' });
  if (user.lockedUntil !== null && user.lockedUntil > now)
    return refuse(tx, stranger, { user, reason: 'the account is locked' });
  // A password that was changed since the check does not open the account any more.
  if (user.passwordHash !== fittingHash) {
    await refuse(tx, stranger, { user, reason: 'wrong password' });
    await countFailure(tx, stranger, user);
    return null;
  }
  await tx.user.update({
    where: { id: user.id },
    data: { failedSignInCount: 0, lockedUntil: null, lastSignInAt: now },
  });
  const session = await openSession(tx, {
    userId: user.id,
    originIp: stranger.originIp,
    userAgent: input.userAgent,
  });
  await appendEvent(tx, asUser(stranger, user), {
    action: 'user.signed_in',
    object: { kind: 'user', id: user.id, name: user.email },
    details: {},
  });
  return session;
}

/** Ends the session of the actor. */
export async function signOut(tx: Tx, actor: Actor): Promise<void> {
  if (actor.sessionId === null) return;
  const { count } = await tx.session.updateMany({
    where: { id: actor.sessionId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  if (count === 0) return;
  await appendEvent(tx, actor, {
    action: 'user.signed_out',
    object: { kind: 'user', id: actor.id, name: actor.name },
    details: {},
  });
}

/** Holds the row until the end of the transaction: tries at the same time are counted one after the other. */
async function lockUser(tx: Tx, id: string): Promise<UserRow | null> {
  const [row] = await tx.$queryRaw<UserRow[]>`
    SELECT id, email, password_hash AS "passwordHash", failed_sign_in_count AS "failedSignInCount",
      locked_until AS "lockedUntil", disabled_at AS "disabledAt"
    FROM "user" WHERE id = ${id}::uuid FOR UPDATE`;
  return row ?? null;
}

async function refuse(
  tx: Tx,
  stranger: Actor,
  refusal: { reason: string } & ({ user: UserRow } | { email: string }),
): Promise<null> {
  const user = 'user' in refusal ? refusal.user : null;
  const address = user?.email ?? ('email' in refusal ? printableAddress(refusal.email) : '');
  await appendEvent(tx, stranger, {
    action: 'user.sign_in_failed',
    outcome: 'failed',
    object: { kind: 'user', id: user?.id ?? null, name: address },
    details: { email: address, reason: refusal.reason },
  });
  return null;
}

async function countFailure(tx: Tx, stranger: Actor, user: UserRow): Promise<void> {
  const failedSignInCount = user.failedSignInCount + 1;
  if (failedSignInCount < MAX_FAILED_TRIES) {
    await tx.user.update({ where: { id: user.id }, data: { failedSignInCount } });
    return;
  }
  const lockedUntil = new Date(Date.now() + LOCK_MS);
  await tx.user.update({ where: { id: user.id }, data: { failedSignInCount: 0, lockedUntil } });
  await appendEvent(tx, stranger, {
    action: 'user.locked',
    outcome: 'denied',
    object: { kind: 'user', id: user.id, name: user.email },
    details: { until: lockedUntil.toISOString() },
  });
}

/** People type their password into the wrong field now and then; only an address goes into the log. */
function printableAddress(typed: string): string {
  return email.safeParse(typed).success ? typed : '(not an e-mail address)';
}

function asUser(stranger: Actor, user: UserRow): Actor {
  return { ...stranger, kind: 'user', id: user.id, name: user.email };
}
