/**
 * Somebody known tried what they may not. Whoever tries without end must not fill the audit log, and no call may be
 * lost: the first of a caller to an operation is an event at once, those after it are counted in a row, and the count
 * becomes one event every ten minutes (`tellDenials`).
 */
import type { ActorKind } from '@waybill/contracts/audit-events.js';
import type { Tx } from '@waybill/db/transaction.js';
import { type Actor, systemActor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';

export const TELL_AFTER_MS = 10 * 60_000;
/** Most events of one call of `tellDenials`; the next one tells the rest. */
const MAX_TOLD = 500;

interface Denials {
  actorId: string;
  operation: string;
  permission: string;
  count: number;
  since: Date;
}

/**
 * @param denied.operation as in `POST /api/v1/partners`: the pattern of the path, no values, so that there are few
 * Events access.denied, unless one has told of the same caller and operation within ten minutes
 */
export async function recordDenial(
  tx: Tx,
  actor: Actor,
  denied: { permission: string; operation: string },
): Promise<void> {
  if (actor.id === null) throw new Error('Only somebody known is denied; a stranger is asked to sign in.');
  const [row] = await tx.$queryRaw<(Denials & { isDue: boolean })[]>`
    INSERT INTO access_denial AS denial
      (actor_id, operation, permission, actor_kind, actor_name, origin_ip, count, since)
    VALUES (${actor.id}::uuid, ${denied.operation}, ${denied.permission}, ${actor.kind}::actor_kind, ${actor.name},
      ${actor.originIp}, 1, now())
    ON CONFLICT (actor_id, operation) DO UPDATE SET count = denial.count + 1, permission = EXCLUDED.permission,
      origin_ip = EXCLUDED.origin_ip,
      since = CASE WHEN denial.count = 0 THEN now() ELSE denial.since END
    RETURNING actor_id AS "actorId", operation, permission, count, since,
      told_at IS NULL OR told_at < now() - ${TELL_AFTER_MS} * interval '1 millisecond' AS "isDue"`;
  if (row?.isDue) await tell(tx, actor, row);
}

/** Tells the counts whose ten minutes are over, and clears away the rows of those who have stopped. */
export async function tellDenials(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM access_denial
    WHERE count = 0 AND told_at < now() - ${TELL_AFTER_MS} * interval '1 millisecond'`;
  const rows = await tx.$queryRaw<
    (Denials & { actorKind: ActorKind; actorName: string; originIp: string | null })[]
  >`
    SELECT actor_id AS "actorId", operation, permission, actor_kind::text AS "actorKind",
      actor_name AS "actorName", origin_ip AS "originIp", count, since
    FROM access_denial WHERE told_at < now() - ${TELL_AFTER_MS} * interval '1 millisecond'
    ORDER BY since LIMIT ${MAX_TOLD} FOR UPDATE SKIP LOCKED`;
  for (const row of rows) {
    const { actorKind: kind, actorId: id, originIp } = row;
    await tell(tx, { ...systemActor(row.actorName), kind, id, originIp }, row);
  }
}

async function tell(tx: Tx, actor: Actor, { actorId, operation, permission, count, since }: Denials) {
  await appendEvent(tx, actor, {
    action: 'access.denied',
    outcome: 'denied',
    object: { kind: 'operation', id: null, name: operation },
    details: { permission, operation, count, since: since.toISOString() },
  });
  await tx.$executeRaw`
    UPDATE access_denial SET count = 0, told_at = now()
    WHERE actor_id = ${actorId}::uuid AND operation = ${operation}`;
}
