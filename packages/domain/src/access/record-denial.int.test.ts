import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import type { Actor } from '../actor.js';
import { TELL_AFTER_MS, recordDenial, tellDenials } from './record-denial.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const denied = { permission: 'user:read', operation: 'GET /api/v1/users' };
const deny = (actor: Actor, what = denied) =>
  inTransaction(database.app, (tx) => recordDenial(tx, actor, what));
const tell = () => inTransaction(database.app, (tx) => tellDenials(tx));
const eventsOf = ({ id }: Actor) =>
  database.app.auditEvent.findMany({ where: { actorId: id }, orderBy: { seq: 'asc' } });
const countsOf = async (actor: Actor) =>
  (await eventsOf(actor)).map(({ details }) => (details as { count: number }).count);
/** Lets the ten minutes go by. */
const wait = (actor: Actor) =>
  database.app.accessDenial.updateMany({
    where: { actorId: actor.id ?? '' },
    data: { toldAt: new Date(Date.now() - TELL_AFTER_MS - 1000) },
  });

test('hundreds of denied calls are told by a handful of events, whose counts add up', async () => {
  const actor = anActor('operator');
  await deny(actor);
  const [first] = await eventsOf(actor);
  expect(first).toMatchObject({
    action: 'access.denied',
    outcome: 'denied',
    requestId: actor.requestId,
    objectName: denied.operation,
    details: { ...denied, count: 1, since: expect.stringMatching(/Z$/) },
  });
  for (let round = 0; round < 10; round += 1)
    await Promise.all(Array.from({ length: 50 }, () => deny(actor)));
  await deny({ ...actor, originIp: '203.0.113.4' });
  expect(await countsOf(actor)).toEqual([1]);
  const since = (await database.app.accessDenial.findFirstOrThrow({ where: { actorId: actor.id ?? '' } }))
    .since;
  await tell();
  expect(await countsOf(actor)).toEqual([1]);
  await wait(actor);
  await tell();
  await tell();
  expect((await eventsOf(actor))[1]).toMatchObject({
    actorKind: 'user',
    actorName: actor.name,
    originIp: '203.0.113.4',
    requestId: null,
    details: { ...denied, count: 501, since: since.toISOString() },
  });
  await deny(actor);
  await wait(actor);
  await deny(actor);
  expect(await countsOf(actor)).toEqual([1, 501, 2]);
});

test('each caller and each operation is told by itself', async () => {
  const [one, other] = [anActor('operator'), anActor('auditor')];
  await deny(one);
  await deny(other);
  await deny(one, { permission: 'user:write', operation: 'POST /api/v1/users' });
  expect((await eventsOf(one)).map(({ objectName }) => objectName)).toEqual([
    'GET /api/v1/users',
    'POST /api/v1/users',
  ]);
  expect(await countsOf(other)).toEqual([1]);
});

test('who has stopped leaves no row behind', async () => {
  const actor = anActor('operator');
  await deny(actor);
  await wait(actor);
  await tell();
  expect(await database.app.accessDenial.count({ where: { actorId: actor.id ?? '' } })).toBe(0);
  expect(await countsOf(actor)).toEqual([1]);
});
