/** Signing in and out. */
import { email } from '@waybill/contracts/text.js';
import type { User } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { notifyAccess } from '../live/notify-live.js';
import type { PasswordCheck } from './check-password.js';
import { countFailure, holdUser, isLocked } from './lock-out.js';
import { type OpenSession, openSession } from './sessions.js';

/**
 * Opens a session for whoever gave the right password. The one that the browser has already, if any, ends.
 *
 * In     the e-mail as typed, what the check of the password found (check-password.ts), and the browser's name
 * Out    the session; null where the answer is no, whatever the reason: callers must not tell one from another
 * Events user.signed_in · user.signed_out (that one) · user.sign_in_failed (with the reason, for auditors only) ·
 *        user.locked
 *
 * Null instead of a Problem, because the count of wrong tries must be committed.
 */
export async function signIn(
  tx: Tx,
  stranger: Actor,
  input: { email: string; check: PasswordCheck; userAgent: string | null },
): Promise<OpenSession | null> {
  const { userId, fittingHash } = input.check;
  const user = userId === null ? null : await holdUser(tx, userId);
  if (user === null) return refuse(tx, stranger, { email: input.email, reason: 'no such account' });
  if (user.disabledAt !== null) return refuse(tx, stranger, { user, reason: 'the account is disabled' });
  if (isLocked(user)) return refuse(tx, stranger, { user, reason: 'the account is locked' });
  // A password that was changed since the check does not open the account any more.
  if (user.passwordHash !== fittingHash) {
    await refuse(tx, stranger, { user, reason: 'wrong password' });
    await countFailure(tx, stranger, user);
    return null;
  }
  await tx.user.update({
    where: { id: user.id },
    data: { failedSignInCount: 0, lockedUntil: null, lastSignInAt: new Date() },
  });
  await signOut(tx, stranger);
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
  if (actor.sessionId === null || actor.id === null) return;
  const { count } = await tx.session.updateMany({
    where: { id: actor.sessionId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  if (count === 0) return;
  await notifyAccess(tx, actor.id);
  await appendEvent(tx, actor, {
    action: 'user.signed_out',
    object: { kind: 'user', id: actor.id, name: actor.name },
    details: {},
  });
}

async function refuse(
  tx: Tx,
  stranger: Actor,
  refusal: { reason: string } & ({ user: User } | { email: string }),
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

/** People type their password into the wrong field now and then; only an address goes into the log. */
function printableAddress(typed: string): string {
  return email.safeParse(typed).success ? typed : '(not an e-mail address)';
}

function asUser(stranger: Actor, user: User): Actor {
  return { ...stranger, kind: 'user', id: user.id, name: user.email };
}
