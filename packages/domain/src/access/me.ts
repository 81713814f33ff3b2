/** What somebody may know of and change about themselves. */
import type { Me, PasswordChange } from '@waybill/contracts/access.js';
import { PERMISSIONS } from '@waybill/contracts/permissions.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { Problem, fieldProblem } from '../problem.js';
import { type PasswordCheck, checkPassword } from './check-password.js';
import { countFailure, holdUser, isLocked } from './lock-out.js';
import { hashPassword } from './password.js';
import { revokeSessions, sessionEnd } from './sessions.js';

export async function getMe(tx: Tx, actor: Actor): Promise<Me> {
  if (actor.id === null || actor.role === null || (actor.kind !== 'user' && actor.kind !== 'api_key'))
    throw new Problem('not_signed_in');
  const user = actor.kind === 'user' ? await tx.user.findUnique({ where: { id: actor.id } }) : null;
  const endsAt = actor.sessionId === null ? null : await sessionEnd(tx, actor.sessionId);
  return {
    kind: actor.kind,
    id: actor.id,
    name: user?.name ?? actor.name,
    email: user?.email ?? null,
    role: actor.role,
    permissions: PERMISSIONS.filter((permission) => actor.permissions.has(permission)),
    sessionExpiresAt: endsAt?.toISOString() ?? null,
  };
}

/**
 * Finds out whether one's current password is right, before the transaction that sets a new one.
 * @throws Problem `forbidden` for an API key, `not_ready` while too many wait
 */
export function checkOwnPassword(
  database: Tx,
  actor: Actor,
  currentPassword: string,
): Promise<PasswordCheck> {
  return checkPassword(database, { id: personOf(actor) }, currentPassword);
}

/**
 * Sets a new password of one's own and ends one's other sessions.
 *
 * In     both passwords, and what the check of the current one found (`checkOwnPassword`)
 * Out    null; where the current password is wrong or the account locked, the Problem to throw after the commit,
 *        because the try counts
 * Errors forbidden for an API key, invalid_input for a new password that is weak or the same
 * Events user.password_changed · user.password_change_failed (with the reason) · user.locked
 */
export async function changeOwnPassword(
  tx: Tx,
  actor: Actor,
  input: PasswordChange & { check: PasswordCheck },
): Promise<Problem | null> {
  const user = await holdUser(tx, personOf(actor));
  if (user === null) throw new Problem('not_signed_in');
  const object = { kind: 'user', id: user.id, name: user.email };
  const refuse = (reason: string) =>
    appendEvent(tx, actor, {
      object,
      action: 'user.password_change_failed',
      outcome: 'failed',
      details: { reason },
    });
  if (isLocked(user)) {
    await refuse('the account is locked');
    const until = user.lockedUntil.toISOString();
    return new Problem(
      'too_many_requests',
      `After ten wrong passwords your account is locked until ${until}.`,
    );
  }
  if (user.passwordHash !== input.check.fittingHash) {
    await refuse('wrong password');
    await countFailure(tx, actor, user);
    return fieldProblem('currentPassword', 'is wrong');
  }
  if (input.newPassword === input.currentPassword) throw fieldProblem('newPassword', 'is the same as before');
  const passwordHash = await hashPassword(input.newPassword, { ...user, path: 'newPassword' });
  await tx.user.update({ where: { id: user.id }, data: { passwordHash, failedSignInCount: 0 } });
  await revokeSessions(tx, user.id, actor.sessionId);
  await appendEvent(tx, actor, { action: 'user.password_changed', object, details: {} });
  return null;
}

function personOf(actor: Actor): string {
  if (actor.kind !== 'user' || actor.id === null)
    throw new Problem('forbidden', 'Only people have a password; an API key has none.');
  return actor.id;
}
