import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ScheduleUpdate } from '@waybill/contracts/schedules.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aPartner, aRoute, aSchedule, anActor, anEndpoint } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { systemActor } from '../actor.js';
import { holdEndpoint } from '../endpoints/hold-endpoint.js';
import { updateRoute } from '../routes/routes.js';
import { pauseInstallation, resumeInstallation } from '../settings/pause.js';
import { claimDueSchedules } from './claim-due-schedules.js';
import { deleteSchedule, getSchedule, listSchedules, previewSchedule, updateSchedule } from './schedules.js';

const actor = anActor();
const NOBODY = actor.id ?? '';
const scheduler = systemActor('scheduler');
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const update = (id: string, change: ScheduleUpdate) =>
  inTransaction(database.app, (tx) => updateSchedule(tx, actor, { id, change }));
const eventsOf = (objectId: string) =>
  database.app.auditEvent.findMany({ where: { objectId }, orderBy: { seq: 'asc' } });

describe('a schedule', () => {
  test('plans its next run when it is saved and shows five', async () => {
    const schedule = await aSchedule(database.app, { cron: '30 6 * * *', timeZone: 'Europe/Zurich' });
    expect(schedule.nextRuns).toHaveLength(5);
    expect(schedule.nextRunAt).toBe(schedule.nextRuns[0]);
    expect(schedule).toMatchObject({ enabled: true, lastRunAt: null, route: { enabled: true, held: false } });
    expect(await eventsOf(schedule.id)).toMatchObject([
      {
        action: 'schedule.created',
        details: { values: { cron: '30 6 * * *', timeZone: 'Europe/Zurich', enabled: true } },
      },
    ]);
  });

  test('needs a route, and a name that the route does not have yet', async () => {
    await expect(aSchedule(database.app, { routeId: NOBODY })).rejects.toMatchObject({
      errors: [{ path: 'routeId' }],
    });
    const schedule = await aSchedule(database.app, { name: 'Every morning' });
    await expect(
      aSchedule(database.app, { name: 'Every morning', routeId: schedule.route.id }),
    ).rejects.toMatchObject({ code: 'name_taken' });
    expect((await aSchedule(database.app, { name: 'Every morning' })).name).toBe('Every morning');
  });

  test('is planned anew by a change of time, and not by a change of name', async () => {
    const schedule = await aSchedule(database.app, { cron: '0 6 1 1 *' });
    const renamed = await update(schedule.id, { name: 'New year' });
    expect(renamed.nextRunAt).toBe(schedule.nextRunAt);
    const moved = await update(schedule.id, { timeZone: 'America/New_York' });
    expect(moved.nextRunAt).toBe(schedule.nextRunAt?.replace('T05', 'T11'));
    const off = await update(schedule.id, { enabled: false });
    expect(off).toMatchObject({ nextRunAt: null, nextRuns: [] });
    expect((await update(schedule.id, { enabled: true })).nextRunAt).toBe(moved.nextRunAt);
    await expect(update(schedule.id, { cron: '0 0 31 2 *' })).rejects.toMatchObject({
      errors: [{ path: 'cron' }],
    });
    await expect(update(NOBODY, { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    expect((await eventsOf(schedule.id)).map((event) => event.details).slice(1, 3)).toEqual([
      { changes: { name: { before: schedule.name, after: 'New year' } } },
      { changes: { timeZone: { before: 'Europe/Zurich', after: 'America/New_York' } } },
    ]);
  });

  test('is deleted with its event, and its transfers stay', async () => {
    const schedule = await aSchedule(database.app, { cron: '* * * * *' });
    const { transferIds } = await inTransaction(database.worker, (tx) =>
      claimDueSchedules(tx, scheduler, { limit: 10, now: new Date(Date.now() + 61_000) }),
    );
    await inTransaction(database.app, (tx) => deleteSchedule(tx, actor, { id: schedule.id }));
    await expect(getSchedule(database.app, schedule.id)).rejects.toMatchObject({ code: 'not_found' });
    const [transfer] = await database.app.transfer.findMany({ where: { id: { in: transferIds } } });
    expect(transfer).toMatchObject({ routeId: schedule.route.id, scheduleId: null });
    expect((await eventsOf(schedule.id)).at(-1)?.action).toBe('schedule.deleted');
    await expect(
      inTransaction(database.app, (tx) => deleteSchedule(tx, actor, { id: schedule.id })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is found by its name, its route, its partner and whether it is on', async () => {
    const partner = await aPartner(database.app);
    const server = await anEndpoint(database.app, { partnerId: partner.id });
    const route = await aRoute(database.app, { name: 'Needle route', targetEndpointId: server.id });
    await aSchedule(database.app, { name: 'A', routeId: route.id });
    await aSchedule(database.app, { name: 'B', routeId: route.id, enabled: false });
    const namesOf = async (query: Parameters<typeof listSchedules>[1]) =>
      (await listSchedules(database.app, query)).items.map((item) => item.name);
    for (const query of [{ routeId: route.id }, { partnerId: partner.id }, { search: 'NEEDLE' }])
      expect(await namesOf(query)).toEqual(['A', 'B']);
    expect(await namesOf({ routeId: route.id, enabled: 'false' })).toEqual(['B']);
  });

  test('with a zone that is not known any more does not take the list away', async () => {
    const schedule = await aSchedule(database.app, { name: 'Old zone' });
    await database.app.schedule.update({ where: { id: schedule.id }, data: { timeZone: 'Mars/Base' } });
    const { items } = await listSchedules(database.app, { search: 'Old zone' });
    expect(items).toMatchObject([{ name: 'Old zone', nextRuns: [] }]);
  });

  test('with a zone that is not known any more can be switched off, and on again only with another zone', async () => {
    const schedule = await aSchedule(database.app);
    await database.app.schedule.update({ where: { id: schedule.id }, data: { timeZone: 'Mars/Base' } });
    expect(await update(schedule.id, { enabled: false })).toMatchObject({ enabled: false, nextRunAt: null });
    await expect(update(schedule.id, { enabled: true })).rejects.toMatchObject({
      errors: [{ path: 'timeZone' }],
    });
    expect(await update(schedule.id, { enabled: true, timeZone: 'UTC' })).toMatchObject({ enabled: true });
  });

  test('is not given a time that never comes while it is off', async () => {
    const schedule = await aSchedule(database.app, { enabled: false });
    await expect(update(schedule.id, { cron: '0 0 31 2 *' })).rejects.toMatchObject({
      errors: [{ path: 'cron' }],
    });
    expect(await update(schedule.id, { cron: '0 7 * * *' })).toMatchObject({ nextRunAt: null });
  });
});

test('a preview shows runs before anything is saved', () => {
  const now = new Date('2026-03-28T12:00:00Z');
  expect(previewSchedule({ cron: '30 2 * * *', timeZone: 'Europe/Zurich', count: 2 }, now)).toEqual({
    runs: ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
  });
  expect(previewSchedule({ cron: '* * * * *', timeZone: 'UTC' }, now).runs).toHaveLength(5);
});

describe("the scheduler's tick", () => {
  beforeEach(async () => {
    await database.app.schedule.updateMany({ data: { enabled: false, nextRunAt: null } });
  });

  const tick = (now: Date, limit = 100) =>
    inTransaction(database.worker, (tx) => claimDueSchedules(tx, scheduler, { limit, now }));
  const dueAtOf = (schedule: { nextRunAt: string | null }) => new Date(schedule.nextRunAt ?? '');

  test('is no change that somebody made: whoever has read the schedule may still change it', async () => {
    const schedule = await aSchedule(database.app);
    expect((await tick(dueAtOf(schedule))).taken).toBe(1);
    const after = await getSchedule(database.app, schedule.id);
    expect(after.nextRunAt).not.toBe(schedule.nextRunAt);
    expect(after.updatedAt).toBe(schedule.updatedAt);
  });
  const after = (instant: Date, ms: number) => new Date(instant.getTime() + ms);

  test('starts what is due, once, and plans the next run', async () => {
    const schedule = await aSchedule(database.app, { cron: '* * * * *', timeZone: 'UTC' });
    const dueAt = dueAtOf(schedule);
    expect(await tick(after(dueAt, -1))).toEqual({ transferIds: [], taken: 0 });
    const { transferIds, taken } = await tick(dueAt);
    expect(taken).toBe(1);
    const [transfer] = await database.app.transfer.findMany({ where: { id: { in: transferIds } } });
    expect(transfer).toMatchObject({
      cause: 'schedule',
      scheduleId: schedule.id,
      dueAt,
      requestedBy: 'scheduler',
    });
    expect(await tick(dueAt)).toEqual({ transferIds: [], taken: 0 });
    expect(await getSchedule(database.app, schedule.id)).toMatchObject({
      lastRunAt: dueAt.toISOString(),
      nextRunAt: after(dueAt, 60_000).toISOString(),
    });
  });

  test('goes by the clock of the database when it is not told another', async () => {
    const schedule = await aSchedule(database.app);
    await database.app.$executeRaw`UPDATE schedule SET next_run_at = now() - interval '1 second'
      WHERE id = ${schedule.id}::uuid`;
    const claimed = await inTransaction(database.worker, (tx) =>
      claimDueSchedules(tx, scheduler, { limit: 10 }),
    );
    expect(claimed.taken).toBe(1);
    expect(dueAtOf(await getSchedule(database.app, schedule.id)).getTime()).toBeGreaterThan(Date.now());
  });

  test('of two workers at once takes each run once', async () => {
    const made = [];
    for (let number = 0; number < 6; number += 1)
      made.push(await aSchedule(database.app, { cron: '* * * * *', timeZone: 'UTC' }));
    const now = after(dueAtOf(made.at(-1) ?? { nextRunAt: null }), 1000);
    const ticks = await Promise.all([tick(now, 4), tick(now, 4), tick(now, 4)]);
    const rest = await tick(now);
    const ids = [...ticks, rest].flatMap((one) => one.transferIds);
    expect(new Set(ids).size).toBe(6);
    expect(ids).toHaveLength(6);
  });

  test('runs once for all that was missed while no worker was there', async () => {
    const schedule = await aSchedule(database.app, { cron: '* * * * *', timeZone: 'UTC' });
    const dueAt = dueAtOf(schedule);
    const late = after(dueAt, 3 * 3_600_000 + 30_000);
    expect((await tick(late)).transferIds).toHaveLength(1);
    expect((await tick(late)).transferIds).toHaveLength(0);
    const { nextRunAt } = await getSchedule(database.app, schedule.id);
    expect(nextRunAt).toBe(after(dueAt, 3 * 3_600_000 + 60_000).toISOString());
    const [transfer] = await database.app.transfer.findMany({ where: { scheduleId: schedule.id } });
    expect(transfer?.dueAt).toEqual(dueAt);
  });

  test('does not start a run again that it has started, even when the plan goes back', async () => {
    const schedule = await aSchedule(database.app, { cron: '* * * * *', timeZone: 'UTC' });
    const dueAt = dueAtOf(schedule);
    await tick(dueAt);
    await database.app.schedule.update({ where: { id: schedule.id }, data: { nextRunAt: dueAt } });
    expect(await tick(dueAt)).toEqual({ transferIds: [], taken: 1 });
    expect(await database.app.transfer.count({ where: { scheduleId: schedule.id } })).toBe(1);
  });

  test('skips a run of a route that is disabled or held, and says so', async () => {
    const off = await aSchedule(database.app, { cron: '* * * * *' });
    await inTransaction(database.app, (tx) =>
      updateRoute(tx, actor, { id: off.route.id, change: { enabled: false } }),
    );
    const server = await anEndpoint(database.app, { name: 'Held server' });
    const route = await aRoute(database.app, { targetEndpointId: server.id });
    const held = await aSchedule(database.app, { cron: '* * * * *', routeId: route.id });
    await inTransaction(database.worker, (tx) =>
      holdEndpoint(tx, scheduler, { id: server.id, reason: 'bad login' }),
    );
    const good = await aSchedule(database.app, { cron: '* * * * *' });
    const claimed = await tick(after(dueAtOf(good), 1000));
    expect(claimed.taken).toBe(3);
    expect(claimed.transferIds).toHaveLength(1);
    for (const [schedule, reason] of [
      [off, /disabled/],
      [held, /Held server is on hold: bad login/],
    ] as const) {
      expect((await eventsOf(schedule.id)).at(-1)).toMatchObject({
        action: 'schedule.run_skipped',
        outcome: 'failed',
        actorName: 'scheduler',
        details: { dueAt: schedule.nextRunAt, reason: expect.stringMatching(reason) },
      });
      const now = await getSchedule(database.app, schedule.id);
      expect(now.lastRunAt).toBeNull();
      expect(dueAtOf(now).getTime()).toBeGreaterThan(dueAtOf(schedule).getTime());
    }
  });

  test('skips while Waybill is paused, and runs again from the next time on', async () => {
    const schedule = await aSchedule(database.app, { cron: '* * * * *' });
    const dueAt = dueAtOf(schedule);
    await inTransaction(database.app, (tx) => pauseInstallation(tx, actor, { reason: 'maintenance' }));
    expect(await tick(dueAt)).toEqual({ transferIds: [], taken: 1 });
    expect((await eventsOf(schedule.id)).at(-1)).toMatchObject({
      action: 'schedule.run_skipped',
      outcome: 'failed',
      details: { reason: expect.stringMatching(/paused.*maintenance/) },
    });
    await inTransaction(database.app, (tx) => resumeInstallation(tx, actor));
    expect((await tick(dueAt)).taken).toBe(0);
    expect((await tick(after(dueAt, 60_000))).transferIds).toHaveLength(1);
  });

  test('stops a schedule whose zone is not known any more, and goes on with the others', async () => {
    const broken = await aSchedule(database.app, { cron: '* * * * *' });
    await database.app.schedule.update({ where: { id: broken.id }, data: { timeZone: 'Mars/Base' } });
    const good = await aSchedule(database.app, { cron: '* * * * *' });
    const claimed = await tick(after(dueAtOf(good), 1000));
    expect(claimed.transferIds).toHaveLength(2);
    expect((await getSchedule(database.app, broken.id)).nextRunAt).toBeNull();
    expect((await eventsOf(broken.id)).at(-1)).toMatchObject({
      action: 'schedule.run_skipped',
      outcome: 'failed',
      details: { reason: expect.stringMatching(/Mars\/Base/) },
    });
  });
});
