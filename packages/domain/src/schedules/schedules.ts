/** Schedules: when a route runs by itself. */
import type {
  Schedule,
  ScheduleCreate,
  ScheduleQuery,
  ScheduleUpdate,
} from '@waybill/contracts/schedules.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { changesBetween, valuesOf } from '../audit/changes.js';
import { databaseNow } from '../database-now.js';
import { writing } from '../database-problem.js';
import { newId } from '../new-id.js';
import { afterName, rowsToTake, toPage } from '../paging.js';
import { Problem, fieldProblem } from '../problem.js';
import { requireVersion } from '../require-version.js';
import { containing } from '../search.js';
import { nextRuns, requireNextRun } from './next-runs.js';

/** What the audit log shows of a schedule. */
export const AUDITED_SCHEDULE = ['name', 'routeId', 'cron', 'timeZone', 'enabled'] as const;

const SHOWN_RUNS = 5;
const DEFAULT_PREVIEW = 5;

const withRoute = {
  route: {
    select: {
      id: true,
      name: true,
      enabled: true,
      heldAt: true,
      partnerId: true,
      source: { select: { heldAt: true } },
      target: { select: { heldAt: true } },
    },
  },
} as const satisfies Prisma.ScheduleInclude;
type ScheduleRow = Prisma.ScheduleGetPayload<{ include: typeof withRoute }>;

export async function createSchedule(tx: Tx, actor: Actor, input: ScheduleCreate): Promise<Schedule> {
  const enabled = input.enabled ?? true;
  const nextRunAt = requireNextRun(input, await databaseNow(tx));
  const route = await tx.route.findUnique({ where: { id: input.routeId }, select: { id: true } });
  if (route === null) throw fieldProblem('routeId', 'there is no route with that id');
  const row = await writing('A schedule of this route', () =>
    tx.schedule.create({
      data: { ...input, id: newId(), enabled, nextRunAt: enabled ? nextRunAt : null },
      include: withRoute,
    }),
  );
  await appendEvent(tx, actor, {
    action: 'schedule.created',
    object: { kind: 'schedule', id: row.id, name: row.name },
    partnerId: row.route.partnerId,
    details: { values: valuesOf(row, AUDITED_SCHEDULE) },
  });
  return getSchedule(tx, row.id);
}

/**
 * A change of cron, zone or `enabled` plans the next run anew, from now. A zone that is not known any more does not
 * keep anybody from switching the schedule off.
 */
export async function updateSchedule(
  tx: Tx,
  actor: Actor,
  input: { id: string; change: ScheduleUpdate; version?: string | undefined },
): Promise<Schedule> {
  const { id, change } = input;
  // The scheduler locks the row too, so a run in the making and this change do not overwrite each other.
  await tx.$queryRaw`SELECT 1 FROM schedule WHERE id = ${id}::uuid FOR UPDATE`;
  const before = await tx.schedule.findUnique({ where: { id } });
  if (before === null) throw scheduleNotFound();
  requireVersion(before, input.version);
  const planned = { ...before, ...definedOf(change) };
  const isRetimed = planned.cron !== before.cron || planned.timeZone !== before.timeZone;
  const isReplanned = isRetimed || (planned.enabled && !before.enabled);
  const nextRunAt = isReplanned ? requireNextRun(planned, await databaseNow(tx)) : before.nextRunAt;
  const after = await writing('A schedule of this route', () =>
    tx.schedule.update({
      where: { id },
      data: { ...change, nextRunAt: planned.enabled ? nextRunAt : null },
      include: withRoute,
    }),
  );
  const changes = changesBetween(before, after, AUDITED_SCHEDULE);
  if (Object.keys(changes).length > 0)
    await appendEvent(tx, actor, {
      action: 'schedule.updated',
      object: { kind: 'schedule', id, name: after.name },
      partnerId: after.route.partnerId,
      details: { changes },
    });
  return getSchedule(tx, id);
}

/** Transfers that it has started stay on record. */
export async function deleteSchedule(
  tx: Tx,
  actor: Actor,
  input: { id: string; version?: string | undefined },
): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM schedule WHERE id = ${input.id}::uuid FOR UPDATE`;
  const row = await tx.schedule.findUnique({ where: { id: input.id }, include: withRoute });
  if (row === null) throw scheduleNotFound();
  requireVersion(row, input.version);
  await writing('The schedule', () => tx.schedule.delete({ where: { id: input.id } }));
  await appendEvent(tx, actor, {
    action: 'schedule.deleted',
    object: { kind: 'schedule', id: row.id, name: row.name },
    partnerId: row.route.partnerId,
    details: { values: valuesOf(row, AUDITED_SCHEDULE) },
  });
}

export async function getSchedule(tx: Tx, id: string): Promise<Schedule> {
  const row = await tx.schedule.findUnique({ where: { id }, include: withRoute });
  if (row === null) throw scheduleNotFound();
  return toSchedule(row, new Date());
}

/** Schedules by name, A to Z. */
export async function listSchedules(tx: Tx, query: ScheduleQuery) {
  const now = new Date();
  const rows = await tx.schedule.findMany({
    where: {
      AND: [
        afterName('schedules', query),
        query.search
          ? {
              OR: [{ name: containing(query.search) }, { route: { name: containing(query.search) } }],
            }
          : {},
        query.routeId ? { routeId: query.routeId } : {},
        query.partnerId ? { route: { partnerId: query.partnerId } } : {},
        query.enabled ? { enabled: query.enabled === 'true' } : {},
      ],
    },
    include: withRoute,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list: 'schedules',
    item: (row) => toSchedule(row, now),
    place: (row) => ({ at: row.name, id: row.id }),
  });
}

/** The runs that a schedule would have; for forms, before anything is saved. */
export function previewSchedule(
  input: { cron: string; timeZone: string; count?: number | undefined },
  now: Date,
) {
  requireNextRun(input, now);
  const runs = nextRuns(input, { after: now, count: input.count ?? DEFAULT_PREVIEW });
  return { runs: runs.map((run) => run.toISOString()) };
}

function scheduleNotFound(): Problem {
  return new Problem('not_found', 'There is no schedule with that id.');
}

function definedOf<Change extends object>(change: Change): Partial<Change> {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Partial<Change>;
}

/** None where the zone of an old row is not known any more: one bad row must not take the list away. */
function plannedRuns(row: ScheduleRow, now: Date): Date[] {
  try {
    return nextRuns(row, { after: now, count: SHOWN_RUNS });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [];
  }
}

/** A positive list of what leaves. */
function toSchedule(row: ScheduleRow, now: Date): Schedule {
  const runs = row.enabled ? plannedRuns(row, now) : [];
  return {
    id: row.id,
    route: {
      id: row.route.id,
      name: row.route.name,
      enabled: row.route.enabled,
      held: [row.route, row.route.source, row.route.target].some(({ heldAt }) => heldAt !== null),
    },
    name: row.name,
    cron: row.cron,
    timeZone: row.timeZone,
    enabled: row.enabled,
    nextRunAt: row.nextRunAt?.toISOString() ?? null,
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
    nextRuns: runs.map((run) => run.toISOString()),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
