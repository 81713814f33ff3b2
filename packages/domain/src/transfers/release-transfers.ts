/**
 * Queues again what was on hold and is not any more: nothing holds the route or either endpoint now, and
 * the route is enabled.
 *
 * In     nothing: it looks at every transfer on hold
 * Out    the ids to ring after commit
 * Errors none of its own
 * Events transfer.released
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvents } from '../audit/append-event.js';
import { notifyTransfers } from './notify-transfer.js';

/** Most transfers at a time; the next sweep takes the rest. */
const RELEASE_LIMIT = 200;

interface Released {
  id: string;
  name: string;
  partnerId: string | null;
}

export async function releaseTransfers(tx: Tx, actor: Actor): Promise<string[]> {
  const released = await tx.$queryRaw<Released[]>`
    UPDATE transfer SET state = 'queued', failure_kind = NULL, failure_text = NULL
    FROM route
    WHERE route.id = transfer.route_id AND transfer.state = 'held' AND transfer.id IN (
      SELECT transfer.id FROM transfer
      JOIN route ON route.id = transfer.route_id AND route.held_at IS NULL AND route.enabled
      WHERE transfer.state = 'held' AND NOT EXISTS (
        SELECT 1 FROM endpoint WHERE endpoint.held_at IS NOT NULL AND endpoint.id IN (
          (transfer.route_snapshot ->> 'sourceEndpointId')::uuid,
          (transfer.route_snapshot ->> 'targetEndpointId')::uuid))
      ORDER BY transfer.created_at LIMIT ${RELEASE_LIMIT} FOR UPDATE OF transfer SKIP LOCKED)
    RETURNING transfer.id, route.name, route.partner_id AS "partnerId"`;
  if (released.length === 0) return [];
  const ids = released.map(({ id }) => id);
  await notifyTransfers(tx, ids);
  await appendEvents(
    tx,
    actor,
    released.map((one) => ({
      action: 'transfer.released' as const,
      object: { kind: 'transfer', id: one.id, name: one.name },
      partnerId: one.partnerId,
      details: {},
    })),
  );
  return ids;
}
