/** What somebody may know of and change about themselves. */
import type { Me, PasswordChange } from '@waybill/contracts/access.js';
import { PERMISSIONS } from '@waybill/contracts/permissions.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { Problem, fieldProblem } from '../problem.js';
import { type PasswordCheck, checkPassword } from './check-password.js';
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
 * @throws Problem `forbidden` for an API key, `invalid_input` where the current password is wrong or the new one weak
 */
export async function changeOwnPassword(
  tx: Tx,
  actor: Actor,
  input: PasswordChange & { check: PasswordCheck },
): Promise<void> {
  const user = await tx.user.findUniqueOrThrow({ where: { id: personOf(actor) } });
  if (user.passwordHash !== input.check.fittingHash) throw fieldProblem('currentPassword', 'is wrong');
  if (input.newPassword === input.currentPassword) throw fieldProblem('newPassword', 'is the same as before');
  const passwordHash = await hashPassword(input.newPassword, { ...user, path: 'newPassword' });
  await tx.user.update({ where: { id: user.id }, data: { passwordHash } });
  await revokeSessions(tx, user.id, actor.sessionId);
  await appendEvent(tx, actor, {
    action: 'user.password_changed',
    object: { kind: 'user', id: user.id, name: user.email },
    details: {},
  });
}

function personOf(actor: Actor): string {
  if (actor.kind !== 'user' || actor.id === null)
    throw new Problem('forbidden', 'Only people have a password; an API key has none.');
  return actor.id;
}
