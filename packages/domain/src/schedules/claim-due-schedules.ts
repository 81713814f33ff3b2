/**
 * The scheduler's tick: starts what is due and plans the next run, in one transaction. Several workers may tick
 * at once; each takes other rows, and a run (schedule, due time) starts at most once.
 *
 * After a time in which no worker ran, a schedule runs once, for the first of the runs that were missed.
 *
 * Out    ids of the new transfers: ring `transfer` for each after commit
 * Events transfer.requested, or schedule.run_skipped with the reason (route disabled or held, Waybill paused)
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { databaseNow } from '../database-now.js';
import { Problem } from '../problem.js';
import { startTransfer } from '../transfers/start-transfer.js';
import { nextRuns } from './next-runs.js';

export interface DueInput {
  /** Most schedules to take; ask again while `taken` reaches it. */
  limit: number;
  /** The database's clock unless told. */
  now?: Date;
}

export interface ClaimedRuns {
  transferIds: string[];
  /** Schedules that were due, started or not. */
  taken: number;
}

interface DueSchedule {
  id: string;
  name: string;
  routeId: string;
  partnerId: string | null;
  cron: string;
  timeZone: string;
  dueAt: Date;
  updatedAt: Date;
}

export async function claimDueSchedules(tx: Tx, actor: Actor, input: DueInput): Promise<ClaimedRuns> {
  const now = input.now ?? (await databaseNow(tx));
  const due = await tx.$queryRaw<DueSchedule[]>`
    SELECT schedule.id, schedule.name, route_id AS "routeId", partner_id AS "partnerId", cron,
      time_zone AS "timeZone", next_run_at AS "dueAt", schedule.updated_at AS "updatedAt"
    FROM schedule JOIN route ON route.id = schedule.route_id
    WHERE schedule.enabled AND next_run_at <= ${now}
    ORDER BY next_run_at LIMIT ${input.limit}
    FOR UPDATE OF schedule SKIP LOCKED`;
  const transferIds: string[] = [];
  for (const schedule of due) {
    const started = await startRun(tx, actor, schedule);
    if (started !== null) transferIds.push(started);
    await tx.schedule.update({
      where: { id: schedule.id },
      data: {
        nextRunAt: await planNext(tx, actor, { schedule, now }),
        ...(started !== null && { lastRunAt: now }),
        // Whoever has the schedule open in a form has seen it as it is: a run is no change that somebody made.
        updatedAt: schedule.updatedAt,
      },
    });
  }
  return { transferIds, taken: due.length };
}

/** @returns the id of the new transfer; null where the run is skipped or was started before */
async function startRun(tx: Tx, actor: Actor, schedule: DueSchedule): Promise<string | null> {
  const { id: scheduleId, routeId, dueAt } = schedule;
  try {
    const started = await startTransfer(tx, actor, { cause: 'schedule', routeId, scheduleId, dueAt });
    return started.isNew ? started.transferId : null;
  } catch (error) {
    // It says so before it writes anything, so the transaction is still good.
    if (!(error instanceof Problem)) throw error;
    await appendSkip(tx, actor, { schedule, reason: error.message });
    return null;
  }
}

/** Null, which stops the schedule, where its cron or zone is not valid any more (zones do get renamed). */
async function planNext(
  tx: Tx,
  actor: Actor,
  { schedule, now }: { schedule: DueSchedule; now: Date },
): Promise<Date | null> {
  try {
    return nextRuns(schedule, { after: now, count: 1 })[0] ?? null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await appendSkip(tx, actor, { schedule, reason: `No further run can be planned: ${error.message}` });
    return null;
  }
}

async function appendSkip(
  tx: Tx,
  actor: Actor,
  { schedule, reason }: { schedule: DueSchedule; reason: string },
): Promise<void> {
  await appendEvent(tx, actor, {
    action: 'schedule.run_skipped',
    object: { kind: 'schedule', id: schedule.id, name: schedule.name },
    partnerId: schedule.partnerId,
    // What was due did not run: nobody who looks for that should have to know the action's name.
    outcome: 'failed',
    details: { dueAt: schedule.dueAt.toISOString(), reason },
  });
}
