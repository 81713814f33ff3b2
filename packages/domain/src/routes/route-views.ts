/** Reading routes: one, or a page of them, each with its next run and its last transfer, in three queries. */
import type { Route, RouteQuery } from '@waybill/contracts/routes.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import { inForceAt, standingOf } from '../endpoints/deviations.js';
import { afterName, rowsToTake, toPage } from '../paging.js';
import { Problem } from '../problem.js';
import { containing } from '../search.js';

const end = () =>
  ({
    select: {
      id: true,
      name: true,
      protocol: true,
      host: true,
      settings: true,
      heldAt: true,
      partner: { select: { name: true } },
      exceptions: inForceAt(new Date()),
    },
  }) as const satisfies Prisma.EndpointDefaultArgs;
/** With the exceptions that are in force now. */
const forView = () =>
  ({
    partner: { select: { id: true, name: true } },
    source: end(),
    target: end(),
    _count: { select: { schedules: true } },
  }) as const satisfies Prisma.RouteInclude;
type RouteRow = Prisma.RouteGetPayload<{ include: ReturnType<typeof forView> }>;

export function routeNotFound(): Problem {
  return new Problem('not_found', 'There is no route with that id.');
}

export async function getRoute(tx: Tx, id: string): Promise<Route> {
  const row = await tx.route.findUnique({ where: { id }, include: forView() });
  if (row === null) throw routeNotFound();
  return toRoute(row, await newsOf(tx, [row]));
}

/** Routes by name, A to Z. */
export async function listRoutes(tx: Tx, query: RouteQuery) {
  const rows = await tx.route.findMany({
    where: {
      AND: [
        afterName('routes', query),
        query.search ? { name: containing(query.search) } : {},
        query.partnerId ? { partnerId: query.partnerId } : {},
        query.endpointId
          ? { OR: [{ sourceEndpointId: query.endpointId }, { targetEndpointId: query.endpointId }] }
          : {},
        query.enabled ? { enabled: query.enabled === 'true' } : {},
        query.held ? { heldAt: query.held === 'true' ? { not: null } : null } : {},
      ],
    },
    include: forView(),
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: rowsToTake(query),
  });
  const news = await newsOf(tx, rows);
  return toPage(rows, query, {
    list: 'routes',
    item: (row) => toRoute(row, news),
    place: (row) => ({ at: row.name, id: row.id }),
  });
}

interface RouteNews {
  routeId: string;
  nextRunAt: Date | null;
  transferId: string | null;
  transferState: string | null;
  transferCreatedAt: Date | null;
}

/** The next run and the newest transfer of each route: two index look-ups a route, whatever the history. */
async function newsOf(tx: Tx, routes: { id: string }[]): Promise<Map<string, RouteNews>> {
  const ids = routes.map((route) => route.id);
  const rows = await tx.$queryRaw<RouteNews[]>`
    SELECT route.id AS "routeId", planned.next_run_at AS "nextRunAt", newest.id AS "transferId",
      newest.state::text AS "transferState", newest.created_at AS "transferCreatedAt"
    FROM unnest(${ids}::uuid[]) AS route (id)
    LEFT JOIN LATERAL (
      SELECT min(next_run_at) AS next_run_at FROM schedule WHERE schedule.route_id = route.id AND enabled
    ) planned ON true
    LEFT JOIN LATERAL (
      SELECT id, state, created_at FROM transfer
      WHERE transfer.route_id = route.id ORDER BY created_at DESC LIMIT 1
    ) newest ON true`;
  return new Map(rows.map((row) => [row.routeId, row]));
}

/** A positive list of what leaves. */
function toRoute(row: RouteRow, allNews: Map<string, RouteNews>): Route {
  const news = allNews.get(row.id);
  const endOf = ({ partner, ...rest }: RouteRow['source']) => ({
    id: rest.id,
    name: rest.name,
    protocol: rest.protocol,
    partnerName: partner?.name ?? null,
    held: rest.heldAt !== null,
    deviations: standingOf(rest),
  });
  const canStart = row.enabled && [row, row.source, row.target].every(({ heldAt }) => heldAt === null);
  return {
    id: row.id,
    name: row.name,
    partner: row.partner,
    source: endOf(row.source),
    sourcePath: row.sourcePath,
    filePattern: row.filePattern,
    target: endOf(row.target),
    targetPath: row.targetPath,
    ifExists: row.ifExists,
    afterAction: row.afterAction,
    archivePath: row.archivePath,
    maxTries: row.maxTries,
    enabled: row.enabled,
    heldAt: row.heldAt?.toISOString() ?? null,
    heldReason: row.heldReason,
    scheduleCount: row._count.schedules,
    // A route that cannot start has plans, but no next run.
    nextRunAt: canStart ? (news?.nextRunAt?.toISOString() ?? null) : null,
    lastTransfer:
      news?.transferId && news.transferState && news.transferCreatedAt
        ? {
            id: news.transferId,
            state: news.transferState,
            createdAt: news.transferCreatedAt.toISOString(),
          }
        : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
