/**
 * An endpoint on hold starts nothing until a person has put it right and releases it. A hold is no change of the
 * endpoint: `updatedAt` stays, which the database client would set.
 */
import type { Endpoint } from '@waybill/contracts/endpoints.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { Problem } from '../problem.js';
import { endpointNotFound, getEndpoint } from './endpoint-views.js';

/**
 * Puts an endpoint on hold; one that is held already keeps its first reason, and no second event is written.
 * Events endpoint.held
 */
export async function holdEndpoint(
  tx: Tx,
  actor: Actor,
  input: { id: string; reason: string; kind?: string },
): Promise<void> {
  const count = await tx.$executeRaw`
    UPDATE endpoint SET held_at = now(), held_reason = ${input.reason}, held_kind = ${input.kind ?? null}
    WHERE id = ${input.id}::uuid AND held_at IS NULL`;
  if (count === 0) return;
  const row = await tx.endpoint.findUniqueOrThrow({ where: { id: input.id } });
  await appendEvent(tx, actor, {
    action: 'endpoint.held',
    outcome: 'failed',
    object: { kind: 'endpoint', id: row.id, name: row.name },
    partnerId: row.partnerId,
    details: { reason: input.reason },
  });
}

/**
 * Events endpoint.released
 * Errors not_found, wrong_state
 */
export async function releaseEndpoint(tx: Tx, actor: Actor, input: { id: string }): Promise<Endpoint> {
  const count = await tx.$executeRaw`
    UPDATE endpoint SET held_at = NULL, held_reason = NULL, held_kind = NULL
    WHERE id = ${input.id}::uuid AND held_at IS NOT NULL`;
  const row = await tx.endpoint.findUnique({ where: { id: input.id } });
  if (row === null) throw endpointNotFound();
  if (count === 0) throw new Problem('wrong_state', `${row.name} is not on hold.`);
  await appendEvent(tx, actor, {
    action: 'endpoint.released',
    object: { kind: 'endpoint', id: row.id, name: row.name },
    partnerId: row.partnerId,
    details: {},
  });
  return getEndpoint(tx, input.id);
}
