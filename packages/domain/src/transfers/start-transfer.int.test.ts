import { afterAll, describe, expect, test } from '@jest/globals';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import type { Actor } from '../actor.js';
import { holdEndpoint, releaseEndpoint } from '../endpoints/hold-endpoint.js';
import { pauseInstallation, resumeInstallation } from '../settings/pause.js';
import { startTransfer } from './start-transfer.js';
import { openTransfers } from '../test-support/transfers.js';

const { database, person, worker, asApp, read, actionsOf, aTransfer } = await openTransfers();
afterAll(() => database.close());

describe('starting', () => {
  test('keeps the route as it was and says so in the audit log', async () => {
    const route = await aRoute(database.app, { filePattern: '*.csv' });
    const id = await aTransfer(route.id);
    await database.app.route.update({ where: { id: route.id }, data: { filePattern: '*.xml' } });
    expect(await read(id)).toMatchObject({
      state: 'queued',
      requestedBy: person.name,
      routeSnapshot: { name: route.name, filePattern: '*.csv', maxTries: 5 },
    });
    expect(await actionsOf(id)).toEqual(['transfer.requested']);
  });

  test('with one Idempotency-Key starts one transfer, also when twenty ask at once', async () => {
    const route = await aRoute(database.app);
    const input = { cause: 'api', routeId: route.id, idempotencyKey: 'key-1' } as const;
    const all = await Promise.all(
      Array.from({ length: 20 }, () => asApp((tx) => startTransfer(tx, person, input))),
    );
    expect(new Set(all.map((one) => one.transferId)).size).toBe(1);
    expect(all.filter((one) => one.isNew)).toHaveLength(1);
    expect(await database.app.transfer.count({ where: { routeId: route.id } })).toBe(1);
  });

  test('with a key that was used for another route is refused, and with one of somebody else is not', async () => {
    const [one, other] = await Promise.all([aRoute(database.app), aRoute(database.app)]);
    const start = (actor: Actor, routeId: string) =>
      asApp((tx) => startTransfer(tx, actor, { cause: 'api', routeId, idempotencyKey: 'key-2' }));
    await start(person, one.id);
    await expect(start(person, other.id)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(await start(anActor(), other.id)).toMatchObject({ isNew: true });
  });

  test('with a key of more than thirty days ago starts a new one, and old keys do not pile up', async () => {
    const route = await aRoute(database.app);
    const actor = anActor();
    const start = (idempotencyKey: string) =>
      asApp((tx) => startTransfer(tx, actor, { cause: 'api', routeId: route.id, idempotencyKey }));
    const first = await start('old');
    await start('older');
    const longAgo = new Date(Date.now() - 31 * 86_400_000);
    await database.app.idempotencyKey.updateMany({
      where: { actorId: actor.id ?? '' },
      data: { createdAt: longAgo },
    });
    const second = await start('old');
    expect(second.isNew).toBe(true);
    expect(second.transferId).not.toBe(first.transferId);
    const kept = await database.app.idempotencyKey.findMany({ where: { actorId: actor.id ?? '' } });
    expect(kept.map(({ key }) => key)).toEqual(['old']);
    expect(await start('old')).toEqual({ ...second, isNew: false });
  });

  test('is refused while paused, disabled or on hold, and says what to do', async () => {
    const route = await aRoute(database.app);
    await asApp((tx) => pauseInstallation(tx, person, { reason: 'maintenance' }));
    await expect(aTransfer(route.id)).rejects.toMatchObject({
      code: 'paused',
      detail: expect.stringContaining('maintenance'),
    });
    await asApp((tx) => resumeInstallation(tx, person));
    await asApp((tx) => holdEndpoint(tx, worker, { id: route.target.id, reason: 'Login refused.' }));
    await expect(aTransfer(route.id)).rejects.toMatchObject({
      code: 'held',
      detail: expect.stringContaining('Login refused.'),
    });
    await asApp((tx) => releaseEndpoint(tx, person, { id: route.target.id }));
    await database.app.route.update({ where: { id: route.id }, data: { enabled: false } });
    await expect(aTransfer(route.id)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(aTransfer(person.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    expect(await database.app.transfer.count({ where: { routeId: route.id } })).toBe(0);
  });
});
