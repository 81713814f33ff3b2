/** The first administrator comes in by a one-time token that the machine's administrator reads off the terminal. */
import type { SetUp } from '@waybill/contracts/access.js';
import { ROLE_PERMISSIONS } from '@waybill/contracts/permissions.js';
import type { Tx } from '@waybill/db/transaction.js';
import { type Actor, systemActor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { newId } from '../new-id.js';
import { Problem } from '../problem.js';
import { INSTALLATION } from '../settings/pause.js';
import { hashPassword } from './password.js';
import { hashToken, newToken } from './token.js';

const TOKEN_LIFE_MS = 24 * 3_600_000;

/** Whether there is no administrator yet. */
export async function isSetUpOpen(tx: Tx): Promise<boolean> {
  return (await tx.user.count({ where: { role: 'administrator' } })) === 0;
}

/**
 * A fresh token, good for 24 hours; those before it end. Null once there is an administrator.
 * The token is for the fragment of a link (`/set-up#token=…`), which no server and no log gets to see.
 * @param actor left out where Waybill makes it by itself, as it starts
 */
export async function issueSetupToken(
  tx: Tx,
  actor: Actor = systemActor('launcher'),
): Promise<{ token: string; expiresAt: Date } | null> {
  await lockSetUp(tx);
  await tx.setupToken.deleteMany({});
  if (!(await isSetUpOpen(tx))) return null;
  const token = newToken();
  const expiresAt = new Date(Date.now() + TOKEN_LIFE_MS);
  await tx.setupToken.create({ data: { id: newId(), tokenHash: hashToken(token), expiresAt } });
  await appendEvent(tx, actor, {
    action: 'installation.setup_link_issued',
    object: INSTALLATION,
    details: { expiresAt: expiresAt.toISOString() },
  });
  return { token, expiresAt };
}

/**
 * Makes the first administrator. Of two calls at once, one succeeds.
 *
 * Out    the new administrator as the actor of what follows; where the token is wrong, the Problem
 *        `set_up_link_invalid` to throw after the commit, because the try is on record
 * Errors not_found once there is an administrator, invalid_input for a weak password
 * Events installation.set_up · installation.set_up_failed
 */
export async function setUpInstallation(
  tx: Tx,
  stranger: Actor,
  input: SetUp,
): Promise<(Actor & { id: string }) | Problem> {
  await lockSetUp(tx);
  if (!(await isSetUpOpen(tx))) throw new Problem('not_found', 'Waybill has been set up. Sign in instead.');
  const { count } = await tx.setupToken.updateMany({
    where: { tokenHash: hashToken(input.token), usedAt: null, expiresAt: { gt: new Date() } },
    data: { usedAt: new Date() },
  });
  if (count === 0) {
    await appendEvent(tx, stranger, {
      action: 'installation.set_up_failed',
      outcome: 'failed',
      object: INSTALLATION,
      details: { email: input.email },
    });
    return new Problem(
      'set_up_link_invalid',
      'It is incomplete, older than 24 hours, or a newer one has been made. Open the newest link: Waybill prints ' +
        'one when it starts, and "npm run waybill -- setup-link" makes a fresh one.',
    );
  }
  const user = await tx.user.create({
    data: {
      id: newId(),
      email: input.email,
      name: input.name,
      role: 'administrator',
      passwordHash: await hashPassword(input.password, input),
      lastSignInAt: new Date(),
    },
  });
  const actor = {
    ...stranger,
    kind: 'user' as const,
    id: user.id,
    name: user.email,
    role: user.role,
    permissions: ROLE_PERMISSIONS[user.role],
  };
  await appendEvent(tx, actor, {
    action: 'installation.set_up',
    object: { kind: 'user', id: user.id, name: user.email },
    details: { email: user.email },
  });
  return actor;
}

async function lockSetUp(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('waybill set-up'))`;
}
