/** Reading the audit log, which is itself something that the log records. */
import type { AuditEvent, AuditEventQuery } from '@waybill/contracts/audit-events.js';
import { auditEvent } from '@waybill/contracts/audit-events.js';
import type { AuditEvent as AuditEventRow, Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { readCursor, readInstant, rowsToTake, toPage, unreadable } from '../paging.js';
import { containing } from '../search.js';
import { appendEvent } from './append-event.js';

const LIST = 'audit-events';
const HOUR_MS = 3_600_000;

/**
 * Events, newest first. The first reading of a query by a session leaves `audit.read`; further pages and the
 * repetitions of a page that keeps itself fresh do not. An API key has no session: there it is once an hour.
 */
export async function listAuditEvents(tx: Tx, actor: Actor, query: AuditEventQuery) {
  const rows = await tx.auditEvent.findMany({
    where: { AND: [before(query), filterOf(query)] },
    orderBy: [{ recordedAt: 'desc' }, { seq: 'desc' }],
    take: rowsToTake(query),
  });
  await recordReading(tx, actor, query);
  return toPage(rows, query, {
    list: LIST,
    item: toAuditEvent,
    place: (row) => ({ at: row.recordedAt.toISOString(), id: String(row.seq) }),
  });
}

function filterOf(query: AuditEventQuery): Prisma.AuditEventWhereInput {
  return {
    action: query.action,
    outcome: query.outcome,
    actorId: query.actorId,
    objectKind: query.objectKind,
    objectId: query.objectId,
    partnerId: query.partnerId,
    recordedAt: { gte: query.from, lt: query.to },
    ...(query.search
      ? { OR: [{ actorName: containing(query.search) }, { objectName: containing(query.search) }] }
      : {}),
  };
}

/** Events are ordered by when the database recorded them, then by its own count. */
function before(query: AuditEventQuery): Prisma.AuditEventWhereInput {
  const place = readCursor(LIST, query);
  if (place === null) return {};
  const at = readInstant(place);
  if (!/^\d{1,18}$/.test(place.id)) throw unreadable();
  return {
    recordedAt: { lte: at },
    OR: [{ recordedAt: { lt: at } }, { seq: { lt: BigInt(place.id) } }],
  };
}

async function recordReading(tx: Tx, actor: Actor, query: AuditEventQuery): Promise<void> {
  const { cursor: _cursor, limit: _limit, ...asked } = query;
  const entries = Object.entries(asked).filter(([, value]) => value !== undefined);
  const details = {
    query: Object.fromEntries(entries.map(([key, value]) => [key, String(value)])),
    sessionId: actor.sessionId,
  };
  const known = await tx.auditEvent.findFirst({
    where: {
      action: 'audit.read',
      actorId: actor.id,
      details: { equals: details },
      recordedAt: { gte: await readingSince(tx, actor) },
    },
    select: { id: true },
  });
  if (known !== null) return;
  await appendEvent(tx, actor, {
    action: 'audit.read',
    object: { kind: 'audit_log', id: null, name: 'audit log' },
    details,
  });
}

/** From when on an earlier reading counts: the session's beginning, or this hour's. */
async function readingSince(tx: Tx, actor: Actor): Promise<Date> {
  if (actor.sessionId === null) return new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  const session = await tx.session.findUnique({
    where: { id: actor.sessionId },
    select: { createdAt: true },
  });
  return session?.createdAt ?? new Date();
}

function toAuditEvent(row: AuditEventRow): AuditEvent {
  return auditEvent.parse({
    id: row.id,
    occurredAt: row.occurredAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    action: row.action,
    outcome: row.outcome,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    originIp: row.originIp,
    requestId: row.requestId,
    object: { kind: row.objectKind, id: row.objectId, name: row.objectName },
    partnerId: row.partnerId,
    details: row.details,
  });
}
