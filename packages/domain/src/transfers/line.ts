/**
 * The transfers of a route stand in line and go one at a time: two at once would find and send the same files, and so
 * would a later one while an earlier one has yet to finish what it began. First is the one that runs; then those that
 * have begun (they wait for their next try, or were put back by a worker that stopped); then whichever is oldest. What
 * is held is out of the line: it keeps nobody waiting, until nothing holds it any more.
 */
import { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';

const IN_LINE = Prisma.sql`state IN ('running', 'waiting', 'queued')`;
const ORDER = Prisma.sql`(state = 'running') DESC, started_at IS NULL, created_at, id`;

/** Of every route the first in its line, as a query with the columns of a transfer: whoever is behind it may not begin. */
export const FIRST_IN_EACH_LINE = Prisma.sql`
  SELECT DISTINCT ON (route_id) id, state, next_try_at, created_at FROM transfer WHERE ${IN_LINE}
  ORDER BY route_id, ${ORDER}`;

interface First {
  id: string;
  state: 'running' | 'waiting' | 'queued';
  createdAt: Date;
}

/**
 * Whether no other transfer of its route goes before it. Whoever asks for one of a route waits until all others who
 * did have committed, so that of two claims at once the second sees the first. What has begun and is still called held
 * between the same endpoints goes before it too: where nothing holds this one, the other is about to be released.
 */
export async function isFirstInLine(tx: Tx, transferId: string): Promise<boolean> {
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(hashtextextended('route ' || route_id::text, 0))
    FROM transfer WHERE id = ${transferId}::uuid`;
  const released = Prisma.sql`(state = 'held' AND started_at IS NOT NULL
    AND (route_snapshot ->> 'sourceEndpointId', route_snapshot ->> 'targetEndpointId') = (
      SELECT route_snapshot ->> 'sourceEndpointId', route_snapshot ->> 'targetEndpointId'
      FROM transfer WHERE id = ${transferId}::uuid))`;
  const first = await findFirst(tx, transferId, Prisma.sql`(${IN_LINE} OR ${released})`);
  return first?.id === transferId;
}

/** The transfer of the same route that may begin now; null where none may yet. */
export async function findNextInLine(tx: Tx, transferId: string): Promise<string | null> {
  const first = await findFirst(tx, transferId, IN_LINE);
  return first?.state === 'queued' ? first.id : null;
}

/** What a transfer that is queued waits for: the first of its route; null where it is next itself. */
export async function findAhead(tx: Tx, transferId: string) {
  const first = await findFirst(tx, transferId, IN_LINE);
  if (first === undefined || first.id === transferId) return null;
  const { id, state, createdAt } = first;
  return { id, state, createdAt: createdAt.toISOString() };
}

async function findFirst(tx: Tx, transferId: string, among: Prisma.Sql): Promise<First | undefined> {
  const [first] = await tx.$queryRaw<First[]>`
    SELECT id, state::text AS state, created_at AS "createdAt" FROM transfer
    WHERE route_id = (SELECT route_id FROM transfer WHERE id = ${transferId}::uuid) AND ${among}
    ORDER BY ${ORDER} LIMIT 1`;
  return first;
}
