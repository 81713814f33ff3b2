/** What somebody wants to know at 3 a.m., in a handful of small queries. */
import type { Overview } from '@waybill/contracts/overview.js';
import type { TransferSummary } from '@waybill/contracts/transfers.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import { EXCEPTION_STATES } from '../exceptions/exceptions.js';
import { readPause } from '../settings/pause.js';
import { readWorkers } from './read-workers.js';
import { STARTABLE } from '../routes/route-rules.js';
import { readFailedEnds } from '../transfers/failed-side.js';
import { whatNeedsAttention } from '../transfers/needs-attention.js';
import { summariesOf } from './summaries.js';

const DAY_MS = 24 * 3_600_000;
const ROWS = 10;
const EXPIRING_WITHIN_MS = 60 * DAY_MS;
const ENDING_WITHIN_MS = 14 * DAY_MS;

export async function readOverview(tx: Tx): Promise<Overview> {
  const now = new Date();
  const dayAgo = new Date(now.getTime() - DAY_MS);
  return {
    paused: await readPause(tx),
    workers: await readWorkers(tx, now),
    counts: await readCounts(tx, dayAgo),
    running: await summariesOf(tx, {
      where: { state: 'running' },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: ROWS,
    }),
    troubled: await readTroubled(tx, now),
    due: await readDue(tx),
    expiringCertificates: await readExpiring(tx, new Date(now.getTime() + EXPIRING_WITHIN_MS)),
    exceptions: await readExceptions(tx, now),
  };
}

/** First what stands still until somebody acts, then what is over, last what is tried again by itself. */
async function readTroubled(tx: Tx, now: Date): Promise<Overview['troubled']> {
  const rows: TransferSummary[] = [];
  for (const where of whatNeedsAttention(now)) {
    const take = ROWS - rows.length;
    if (take > 0)
      rows.push(
        ...(await summariesOf(tx, { where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take })),
      );
  }
  const ids = rows.map(({ id }) => id);
  const ends = await readFailedEnds(tx, ids);
  const inDoubt = await tx.transferFile.groupBy({
    by: ['transferId'],
    where: { transferId: { in: ids }, state: 'uncertain' },
    _count: true,
  });
  const uncertain = new Map(inDoubt.map(({ transferId, _count }) => [transferId, _count]));
  return rows.map((row) => ({
    ...row,
    failedEnd: ends.get(row.id) ?? null,
    uncertainCount: uncertain.get(row.id) ?? 0,
  }));
}

interface CountsRow {
  running: number;
  queued: number;
  waiting: number;
  held: number;
  failed24h: number;
  succeeded24h: number;
  partial24h: number;
  bytes24h: number;
}

async function readCounts(tx: Tx, dayAgo: Date): Promise<Overview['counts']> {
  const [open] = await tx.$queryRaw<Pick<CountsRow, 'running' | 'queued' | 'waiting' | 'held'>[]>`
    SELECT count(*) FILTER (WHERE state = 'running')::int AS running,
      count(*) FILTER (WHERE state = 'queued')::int AS queued,
      count(*) FILTER (WHERE state = 'waiting')::int AS waiting,
      count(*) FILTER (WHERE state = 'held')::int AS held
    FROM transfer WHERE state IN ('queued', 'running', 'waiting', 'held')`;
  const [ended] = await tx.$queryRaw<Omit<CountsRow, 'running' | 'queued' | 'waiting' | 'held'>[]>`
    SELECT count(*) FILTER (WHERE state = 'failed')::int AS "failed24h",
      count(*) FILTER (WHERE state = 'succeeded')::int AS "succeeded24h",
      count(*) FILTER (WHERE state = 'partial')::int AS "partial24h",
      coalesce(sum(moved_bytes), 0)::float8 AS "bytes24h"
    FROM transfer WHERE finished_at >= ${dayAgo}`;
  if (open === undefined || ended === undefined) throw new Error('A count answered no row.');
  return {
    ...open,
    ...ended,
    heldRoutes: await tx.route.count({ where: { heldAt: { not: null } } }),
    heldEndpoints: await tx.endpoint.count({ where: { heldAt: { not: null } } }),
  };
}

async function readDue(tx: Tx): Promise<Overview['due']> {
  const rows = await tx.schedule.findMany({
    where: {
      enabled: true,
      nextRunAt: { not: null },
      route: STARTABLE,
    },
    include: { route: { select: { id: true, name: true } } },
    orderBy: [{ nextRunAt: 'asc' }, { id: 'asc' }],
    take: ROWS,
  });
  return rows.flatMap((row) =>
    row.nextRunAt === null
      ? []
      : [
          {
            scheduleId: row.id,
            scheduleName: row.name,
            routeId: row.route.id,
            routeName: row.route.name,
            dueAt: row.nextRunAt.toISOString(),
          },
        ],
  );
}

async function readExpiring(tx: Tx, until: Date): Promise<Overview['expiringCertificates']> {
  const rows = await tx.certificate.findMany({
    where: { notAfter: { lte: until } },
    select: { id: true, name: true, notAfter: true },
    orderBy: [{ notAfter: 'asc' }, { id: 'asc' }],
    take: ROWS,
  });
  return rows.flatMap(({ id, name, notAfter }) =>
    notAfter === null ? [] : [{ id, name, notAfter: notAfter.toISOString() }],
  );
}

/** What somebody has to approve, then what will stop an endpoint soon. */
async function readExceptions(tx: Tx, now: Date): Promise<Overview['exceptions']> {
  const read = (state: 'requested' | 'in_force', where: Prisma.EndpointExceptionWhereInput = {}) =>
    tx.endpointException.findMany({
      where: { AND: [EXCEPTION_STATES[state](now), where] },
      select: { id: true, endsAt: true, endpoint: { select: { id: true, name: true } } },
      orderBy: [{ endsAt: 'asc' }, { id: 'asc' }],
      take: ROWS,
    });
  const until = new Date(now.getTime() + ENDING_WITHIN_MS);
  const requested = await read('requested');
  const ending = await read('in_force', { endsAt: { lte: until } });
  return [
    ...requested.map((row) => ({ ...row, state: 'requested' as const })),
    ...ending.map((row) => ({ ...row, state: 'in_force' as const })),
  ]
    .slice(0, ROWS)
    .map(({ id, state, endsAt, endpoint }) => ({
      id,
      endpointId: endpoint.id,
      endpointName: endpoint.name,
      state,
      endsAt: endsAt.toISOString(),
    }));
}
