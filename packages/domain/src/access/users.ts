/** The people who may sign in. */
import type { User, UserCreate, UserQuery, UserUpdate } from '@waybill/contracts/access.js';
import type { User as UserRow } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { changesBetween, valuesOf } from '../audit/changes.js';
import { notifyAccess } from '../live/notify-live.js';
import { newId } from '../new-id.js';
import { afterName, rowsToTake, toPage } from '../paging.js';
import { Problem } from '../problem.js';
import { containing } from '../search.js';
import { isLocked } from './lock-out.js';
import { hashPassword } from './password.js';
import { revokeSessions } from './sessions.js';

const AUDITED = ['email', 'name', 'role', 'disabledAt'] as const;

/** @throws Problem `name_taken` for an e-mail that somebody has, `invalid_input` for a weak password */
export async function createUser(tx: Tx, actor: Actor, input: UserCreate): Promise<User> {
  const { email, name, role } = input;
  const passwordHash = await hashPassword(input.password, input);
  const id = newId();
  // Of two at once with one address, one makes the row.
  const { count } = await tx.user.createMany({
    data: [{ id, email, name, role, passwordHash }],
    skipDuplicates: true,
  });
  if (count === 0)
    throw new Problem('name_taken', 'Somebody with that e-mail exists.', {
      errors: [{ path: 'email', message: 'is taken' }],
    });
  const row = await findUser(tx, id);
  await appendEvent(tx, actor, {
    action: 'user.created',
    object: { kind: 'user', id, name: email },
    details: { values: valuesOf(row, AUDITED) },
  });
  return toUser(row);
}

/**
 * Changes name or role, disables or enables. Who is disabled is signed out at once; a new role counts from the next
 * request on.
 * @throws Problem `last_administrator` where nobody would be left to administer
 */
export async function updateUser(
  tx: Tx,
  actor: Actor,
  input: { id: string; change: UserUpdate },
): Promise<User> {
  await lockWithAdministrators(tx, input.id);
  const before = await findUser(tx, input.id);
  const { name, role, disabled } = input.change;
  const disabledAt = disabled === undefined ? undefined : disabled ? (before.disabledAt ?? new Date()) : null;
  const after = await tx.user.update({ where: { id: input.id }, data: { name, role, disabledAt } });
  const wasAdministrator = before.role === 'administrator' && before.disabledAt === null;
  if (wasAdministrator && (await tx.user.count({ where: { role: 'administrator', disabledAt: null } })) === 0)
    throw new Problem(
      'last_administrator',
      `${before.email} is the only administrator who can sign in. Make somebody else one first.`,
    );
  if (after.disabledAt !== null) await revokeSessions(tx, after.id);
  else if (after.role !== before.role) await notifyAccess(tx, after.id);
  const changes = changesBetween(before, after, AUDITED);
  if (Object.keys(changes).length > 0)
    await appendEvent(tx, actor, {
      action: 'user.updated',
      object: { kind: 'user', id: after.id, name: after.email },
      details: { changes },
    });
  return toUser(after);
}

/** Sets a password for somebody else, opens the account where it was locked, and signs them out everywhere. */
export async function resetUserPassword(
  tx: Tx,
  actor: Actor,
  input: { id: string; password: string },
): Promise<void> {
  const user = await findUser(tx, input.id);
  await tx.user.update({
    where: { id: user.id },
    data: {
      passwordHash: await hashPassword(input.password, user),
      failedSignInCount: 0,
      lockedUntil: null,
    },
  });
  await revokeSessions(tx, user.id);
  await appendEvent(tx, actor, {
    action: 'user.password_reset',
    object: { kind: 'user', id: user.id, name: user.email },
    details: {},
  });
}

export async function getUser(tx: Tx, id: string): Promise<User> {
  return toUser(await findUser(tx, id));
}

/** @param email lower case, as the contract makes it */
export async function getUserByEmail(tx: Tx, email: string): Promise<User> {
  const row = await tx.user.findUnique({ where: { email } });
  if (row === null) throw new Problem('not_found', `There is nobody with the e-mail ${email}.`);
  return toUser(row);
}

/** Users by name, A to Z. */
export async function listUsers(tx: Tx, query: UserQuery) {
  const rows = await tx.user.findMany({
    where: {
      AND: [
        afterName('users', query),
        query.search ? { OR: [{ name: containing(query.search) }, { email: containing(query.search) }] } : {},
      ],
    },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list: 'users',
    item: toUser,
    place: (row) => ({ at: row.name, id: row.id }),
  });
}

/**
 * Holds somebody's row, so that changes are told one after the other, and every administrator's, so that two of them
 * cannot take the role from each other at once.
 */
async function lockWithAdministrators(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`
    SELECT id FROM "user" WHERE role = 'administrator' OR id = ${id}::uuid ORDER BY id FOR UPDATE`;
}

async function findUser(tx: Tx, id: string): Promise<UserRow> {
  const row = await tx.user.findUnique({ where: { id } });
  if (row === null) throw new Problem('not_found', 'There is no user with that id.');
  return row;
}

/** A positive list of what leaves. */
function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    lockedUntil: isLocked(row) ? row.lockedUntil.toISOString() : null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
