import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RouteUpdate } from '@waybill/contracts/routes.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aLocalFolder, aPartner, aRoute, aSchedule, anActor, anEndpoint } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { startTransfer } from '../transfers/start-transfer.js';
import { holdRoute, releaseRoute } from './hold-route.js';
import { getRoute, listRoutes } from './route-views.js';
import { deleteRoute, updateRoute } from './routes.js';

const actor = anActor();
const NOBODY = actor.id ?? '';
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const update = (id: string, change: RouteUpdate) =>
  inTransaction(database.app, (tx) => updateRoute(tx, actor, { id, change }));
const remove = (id: string) => inTransaction(database.app, (tx) => deleteRoute(tx, actor, { id }));
const start = (routeId: string) =>
  inTransaction(database.app, (tx) => startTransfer(tx, actor, { routeId, cause: 'manual' }));
const eventsOf = (objectId: string) =>
  database.app.auditEvent.findMany({ where: { objectId }, orderBy: { seq: 'asc' } });

describe('a new route', () => {
  test('takes what is left out from the usual, and its partner from its ends', async () => {
    const partner = await aPartner(database.app, { name: 'Bank' });
    const server = await anEndpoint(database.app, { name: 'Bank server', partnerId: partner.id });
    const route = await aRoute(database.app, { sourcePath: '/out//', targetEndpointId: server.id });
    expect(route).toMatchObject({
      partner: { id: partner.id, name: 'Bank' },
      sourcePath: '/out',
      filePattern: '*',
      target: { name: 'Bank server', protocol: 'ftps_explicit', partnerName: 'Bank' },
      ifExists: 'replace',
      afterAction: 'keep',
      archivePath: null,
      maxTries: 5,
      enabled: true,
      scheduleCount: 0,
      nextRunAt: null,
      lastTransfer: null,
    });
    expect(await eventsOf(route.id)).toMatchObject([
      {
        action: 'route.created',
        partnerId: partner.id,
        details: { values: { name: route.name, target: 'Bank server', sourcePath: '/out' } },
      },
    ]);
    const own = await aRoute(database.app, { targetEndpointId: server.id, partnerId: null });
    expect(own.partner).toBeNull();
  });

  test('between two partners belongs to neither by itself', async () => {
    const [one, other] = [await aPartner(database.app), await aPartner(database.app)];
    const route = await aRoute(database.app, {
      sourceEndpointId: (await anEndpoint(database.app, { partnerId: one.id })).id,
      targetEndpointId: (await anEndpoint(database.app, { partnerId: other.id })).id,
    });
    expect(route.partner).toBeNull();
  });

  test('needs ends that exist, a partner that exists and a name of its own', async () => {
    await expect(aRoute(database.app, { sourceEndpointId: NOBODY })).rejects.toMatchObject({
      errors: [{ path: 'sourceEndpointId' }],
    });
    await expect(aRoute(database.app, { targetEndpointId: NOBODY })).rejects.toMatchObject({
      errors: [{ path: 'targetEndpointId' }],
    });
    await expect(aRoute(database.app, { partnerId: NOBODY })).rejects.toMatchObject({
      errors: [{ path: 'partnerId' }],
    });
    const { name } = await aRoute(database.app);
    await expect(aRoute(database.app, { name })).rejects.toMatchObject({ code: 'name_taken' });
  });

  test('that would go round in circles is refused', async () => {
    const folder = await aLocalFolder(database.app, { basePath: '/a' });
    const same = await aLocalFolder(database.app, { basePath: '/a/b' });
    await expect(
      aRoute(database.app, {
        sourceEndpointId: folder.id,
        sourcePath: '/b/c',
        targetEndpointId: same.id,
        targetPath: '/c',
      }),
    ).rejects.toMatchObject({ errors: [{ path: 'targetPath' }] });
  });
});

describe('a change', () => {
  test('is checked as a whole, and drops the archive with the move', async () => {
    const route = await aRoute(database.app);
    await expect(update(route.id, { afterAction: 'move' })).rejects.toMatchObject({
      errors: [{ path: 'archivePath' }],
    });
    await expect(update(route.id, { archivePath: '/done' })).rejects.toMatchObject({
      errors: [{ path: 'archivePath' }],
    });
    await expect(update(route.id, { filePattern: '[a-z' })).rejects.toMatchObject({
      errors: [{ path: 'filePattern' }],
    });
    const moving = await update(route.id, { afterAction: 'move', archivePath: '/done/' });
    expect(moving).toMatchObject({ afterAction: 'move', archivePath: '/done' });
    await expect(update(route.id, { sourcePath: '/done' })).rejects.toMatchObject({
      errors: [{ path: 'archivePath' }],
    });
    expect(await update(route.id, { afterAction: 'delete' })).toMatchObject({ archivePath: null });
    await update(route.id, { enabled: false, maxTries: 9 });
    await update(route.id, { enabled: false });
    const [, ...events] = await eventsOf(route.id);
    expect(events.map((event) => event.details)).toEqual([
      {
        changes: {
          afterAction: { before: 'keep', after: 'move' },
          archivePath: { before: null, after: '/done' },
        },
      },
      {
        changes: {
          afterAction: { before: 'move', after: 'delete' },
          archivePath: { before: '/done', after: null },
        },
      },
      { changes: { maxTries: { before: 5, after: 9 }, enabled: { before: true, after: false } } },
    ]);
    await expect(update(NOBODY, { enabled: true })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what a list shows of a route', () => {
  test('is its next run of several schedules and its newest transfer', async () => {
    const route = await aRoute(database.app);
    const early = await aSchedule(database.app, { routeId: route.id, cron: '* * * * *' });
    await aSchedule(database.app, { routeId: route.id, cron: '0 0 1 1 *' });
    await aSchedule(database.app, { routeId: route.id, cron: '* * * * *', enabled: false });
    await start(route.id);
    const { transferId } = await start(route.id);
    const shown = await getRoute(database.app, route.id);
    expect(shown).toMatchObject({
      scheduleCount: 3,
      nextRunAt: early.nextRunAt,
      lastTransfer: { id: transferId, state: 'queued' },
    });
    expect((await listRoutes(database.app, { search: route.name })).items).toContainEqual(shown);
    expect((await update(route.id, { enabled: false })).nextRunAt).toBeNull();
  });

  test('is found by partner, end, name and state', async () => {
    const partner = await aPartner(database.app);
    const server = await anEndpoint(database.app, { partnerId: partner.id });
    const out = await aRoute(database.app, { name: 'Needle out', targetEndpointId: server.id });
    const back = await aRoute(database.app, {
      name: 'Needle in',
      sourceEndpointId: server.id,
      targetEndpointId: (await aLocalFolder(database.app)).id,
      enabled: false,
    });
    const namesOf = async (query: Parameters<typeof listRoutes>[1]) =>
      (await listRoutes(database.app, query)).items.map((item) => item.name);
    expect(await namesOf({ partnerId: partner.id })).toEqual(['Needle in', 'Needle out']);
    expect(await namesOf({ endpointId: server.id })).toEqual(['Needle in', 'Needle out']);
    expect(await namesOf({ endpointId: out.source.id })).toEqual(['Needle out']);
    expect(await namesOf({ search: 'NEEDLE', enabled: 'false' })).toEqual([back.name]);
    const first = await listRoutes(database.app, { search: 'needle', limit: 1 });
    expect(await namesOf({ search: 'needle', limit: 1, cursor: first.nextCursor ?? '' })).toEqual([
      'Needle out',
    ]);
  });
});

test('a route on hold keeps its first reason until a person releases it', async () => {
  const route = await aRoute(database.app);
  const release = (id: string) => inTransaction(database.app, (tx) => releaseRoute(tx, actor, { id }));
  await expect(release(route.id)).rejects.toMatchObject({ code: 'wrong_state' });
  for (const reason of ['the folder is gone', 'again'])
    await inTransaction(database.worker, (tx) => holdRoute(tx, actor, { id: route.id, reason }));
  expect(await getRoute(database.app, route.id)).toMatchObject({ heldReason: 'the folder is gone' });
  expect((await listRoutes(database.app, { held: 'true' })).items.map((item) => item.id)).toEqual([route.id]);
  await expect(start(route.id)).rejects.toMatchObject({ code: 'held' });
  expect(await release(route.id)).toMatchObject({
    heldAt: null,
    heldReason: null,
    updatedAt: route.updatedAt,
  });
  expect((await eventsOf(route.id)).map(({ action, outcome }) => [action, outcome])).toEqual([
    ['route.created', 'succeeded'],
    ['route.held', 'failed'],
    ['route.released', 'succeeded'],
  ]);
  await expect(release(NOBODY)).rejects.toMatchObject({ code: 'not_found' });
});

test('a route of an endpoint on hold tells which one, and has no next run', async () => {
  const route = await aRoute(database.app);
  await aSchedule(database.app, { routeId: route.id });
  expect(await getRoute(database.app, route.id)).toMatchObject({
    nextRunAt: expect.any(String),
    source: { held: false },
    target: { held: false },
  });
  await database.app.endpoint.update({ where: { id: route.target.id }, data: { heldAt: new Date() } });
  expect(await getRoute(database.app, route.id)).toMatchObject({
    heldAt: null,
    nextRunAt: null,
    source: { held: false },
    target: { held: true },
  });
});

describe('deleting a route', () => {
  test('takes its schedules along, each with an event', async () => {
    const route = await aRoute(database.app);
    const schedule = await aSchedule(database.app, { routeId: route.id });
    await remove(route.id);
    await expect(getRoute(database.app, route.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await database.app.schedule.count({ where: { id: schedule.id } })).toBe(0);
    expect((await eventsOf(route.id)).at(-1)?.action).toBe('route.deleted');
    expect((await eventsOf(schedule.id)).at(-1)?.action).toBe('schedule.deleted');
    await expect(remove(route.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is refused once it has transfers on record', async () => {
    const route = await aRoute(database.app);
    await start(route.id);
    await expect(remove(route.id)).rejects.toMatchObject({
      code: 'in_use',
      detail: expect.stringContaining('Disable it instead'),
    });
  });
});
