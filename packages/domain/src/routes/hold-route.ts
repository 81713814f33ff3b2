/**
 * A route on hold starts nothing until a person has put it right and releases it. A hold is no change of the route:
 * `updatedAt` stays, which the database client would set.
 */
import type { Route } from '@waybill/contracts/routes.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { Problem } from '../problem.js';
import { getRoute, routeNotFound } from './route-views.js';

/**
 * Puts a route on hold; one that is held already keeps its first reason, and no second event is written.
 * Events route.held
 */
export async function holdRoute(tx: Tx, actor: Actor, input: { id: string; reason: string }): Promise<void> {
  const count = await tx.$executeRaw`
    UPDATE route SET held_at = now(), held_reason = ${input.reason}
    WHERE id = ${input.id}::uuid AND held_at IS NULL`;
  if (count === 0) return;
  const row = await tx.route.findUniqueOrThrow({ where: { id: input.id } });
  await appendEvent(tx, actor, {
    action: 'route.held',
    outcome: 'failed',
    object: { kind: 'route', id: row.id, name: row.name },
    partnerId: row.partnerId,
    details: { reason: input.reason },
  });
}

/**
 * Events route.released
 * Errors not_found, wrong_state
 */
export async function releaseRoute(tx: Tx, actor: Actor, input: { id: string }): Promise<Route> {
  const count = await tx.$executeRaw`
    UPDATE route SET held_at = NULL, held_reason = NULL WHERE id = ${input.id}::uuid AND held_at IS NOT NULL`;
  const row = await tx.route.findUnique({ where: { id: input.id } });
  if (row === null) throw routeNotFound();
  if (count === 0) throw new Problem('wrong_state', `${row.name} is not on hold.`);
  await appendEvent(tx, actor, {
    action: 'route.released',
    object: { kind: 'route', id: row.id, name: row.name },
    partnerId: row.partnerId,
    details: {},
  });
  return getRoute(tx, input.id);
}
