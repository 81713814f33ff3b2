import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Exception, ExceptionRequest } from '@waybill/contracts/exceptions.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aLocalFolder, anActor, anEndpoint, testSeal } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import pg from 'pg';
import { type Actor, systemActor } from '../actor.js';
import { getEndpoint, listEndpoints } from '../endpoints/endpoint-views.js';
import { updateEndpoint } from '../endpoints/endpoints.js';
import { type LoadedServer, loadEndpoint } from '../endpoints/load-endpoint.js';
import { newId } from '../new-id.js';
import { approveException, endException, listExceptions, requestException } from './exceptions.js';

const DAY_MS = 24 * 3600_000;
const operator = anActor('operator');
const administrator = anActor('administrator');
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.app.user.deleteMany();
});

const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const plainFtp = () => anEndpoint(database.app, { protocol: 'ftp' });
const request = (endpointId: string, input: Partial<ExceptionRequest> = {}, actor: Actor = operator) =>
  inTransaction(database.app, (tx) =>
    requestException(tx, actor, {
      endpointId,
      input: {
        deviations: ['plain_ftp'],
        justification: 'Their server knows no TLS; a VPN is between us.',
        endsAt: inDays(90),
        ...input,
      },
    }),
  );
const approve = ({ id }: Exception, actor: Actor = administrator) =>
  inTransaction(database.app, (tx) => approveException(tx, actor, { id }));
const end = ({ id }: Exception, actor: Actor = operator) =>
  inTransaction(database.app, (tx) => endException(tx, actor, { id }));
const deviationsNow = async (id: string) => (await getEndpoint(database.app, id)).deviations;
const loaded = (id: string) => loadEndpoint(database.worker, id) as Promise<LoadedServer>;
const addAdministrator = (actor: Actor) =>
  database.app.user.create({
    data: {
      id: actor.id ?? newId(),
      email: `${actor.id}@example.com`,
      name: 'A',
      role: 'administrator',
      passwordHash: 'x',
    },
  });

test('an exception counts once somebody else has approved it, and until it is ended', async () => {
  const endpoint = await plainFtp();
  expect(endpoint.deviations).toEqual([{ kind: 'plain_ftp', coveredBy: null, coveredUntil: null }]);
  const asked = await request(endpoint.id);
  expect(asked).toMatchObject({ state: 'requested', requestedBy: operator.name, host: endpoint.host });
  expect(await loaded(endpoint.id)).toMatchObject({ permitted: [], notPermitted: ['plain_ftp'] });

  const approved = await approve(asked);
  expect(approved).toMatchObject({ state: 'in_force', approvedBy: administrator.name, selfApproved: false });
  expect(await deviationsNow(endpoint.id)).toEqual([
    { kind: 'plain_ftp', coveredBy: asked.id, coveredUntil: asked.endsAt },
  ]);
  expect(await loaded(endpoint.id)).toMatchObject({ permitted: ['plain_ftp'], notPermitted: [] });
  await expect(approve(asked)).rejects.toMatchObject({ code: 'wrong_state' });

  expect(await end(asked)).toMatchObject({ state: 'ended', endedBy: operator.name });
  const none = { permitted: [], notPermitted: ['plain_ftp'], permittedUntil: null };
  expect(await loaded(endpoint.id)).toMatchObject(none);
  await expect(end(asked)).rejects.toMatchObject({ code: 'wrong_state' });
  await expect(approve(asked)).rejects.toMatchObject({ code: 'wrong_state' });

  const events = await database.app.auditEvent.findMany({
    where: { objectId: endpoint.id, action: { startsWith: 'exception.' } },
    orderBy: { seq: 'asc' },
  });
  expect(events).toMatchObject([
    { action: 'exception.requested', details: { exceptionId: asked.id, deviations: ['plain_ftp'] } },
    { action: 'exception.approved', details: { requestedBy: operator.name, selfApproved: false } },
    { action: 'exception.ended', details: { wasApproved: true } },
  ]);
});

test('it ends by itself', async () => {
  const endpoint = await plainFtp();
  const exception = await approve(await request(endpoint.id));
  expect(await loaded(endpoint.id)).toMatchObject({ permittedUntil: null });
  await request(endpoint.id);
  // Nobody who runs may move the end.
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(
    `UPDATE endpoint_exception
     SET ends_at = CASE WHEN approved_at IS NULL THEN now() ELSE '2026-01-02T03:04:05Z' END WHERE endpoint_id = $1`,
    [endpoint.id],
  );
  await owner.end();
  expect(await loaded(endpoint.id)).toMatchObject({
    permitted: [],
    notPermitted: ['plain_ftp'],
    // Of what was approved: the other was never in force.
    permittedUntil: new Date('2026-01-02T03:04:05Z'),
  });
  expect((await deviationsNow(endpoint.id))[0]?.coveredBy).toBeNull();
  const { items } = await listExceptions(database.app, { endpointId: endpoint.id });
  expect(items).toMatchObject([{ state: 'expired' }, { state: 'expired' }]);
  await expect(end(exception)).rejects.toMatchObject({ code: 'wrong_state' });
});

test('it is for the deviations that it names and for the host that it was asked for', async () => {
  const endpoint = await anEndpoint(database.app, {
    settings: { dataProtection: 'clear', verification: 'none' },
  });
  await approve(await request(endpoint.id, { deviations: ['clear_data'] }));
  expect(await loaded(endpoint.id)).toMatchObject({
    permitted: ['clear_data'],
    notPermitted: ['no_verification'],
  });
  const means = { seal: await testSeal(), localRoots: [] };
  await inTransaction(database.app, (tx) =>
    updateEndpoint(
      tx,
      operator,
      { id: endpoint.id, change: { host: 'elsewhere.example', password: 'p' } },
      means,
    ),
  );
  expect(await loaded(endpoint.id)).toMatchObject({
    permitted: [],
    notPermitted: ['clear_data', 'no_verification'],
  });
});

test('who asks does not approve, unless nobody else could', async () => {
  const endpoint = await plainFtp();
  const asked = await request(endpoint.id, {}, administrator);
  await addAdministrator(administrator);
  await addAdministrator(anActor('administrator'));
  await expect(approve(asked)).rejects.toMatchObject({ code: 'forbidden' });

  await database.app.user.updateMany({
    where: { id: { not: administrator.id ?? '' } },
    data: { disabledAt: new Date() },
  });
  expect(await approve(asked)).toMatchObject({ state: 'in_force', selfApproved: true });
  const event = await database.app.auditEvent.findFirstOrThrow({
    where: { action: 'exception.approved', objectId: endpoint.id },
  });
  expect(event.details).toMatchObject({ selfApproved: true });
});

test('only people ask and approve', async () => {
  const endpoint = await plainFtp();
  const key: Actor = { ...administrator, kind: 'api_key' };
  for (const actor of [key, systemActor('scheduler')]) {
    await expect(request(endpoint.id, {}, actor)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(approve(await request(endpoint.id), actor)).rejects.toMatchObject({ code: 'forbidden' });
  }
});

test('it has an end, within a year', async () => {
  const { id } = await plainFtp();
  for (const endsAt of [inDays(-1), inDays(366)])
    await expect(request(id, { endsAt })).rejects.toMatchObject({ errors: [{ path: 'endsAt' }] });
  await expect(request(id, { endsAt: inDays(364) })).resolves.toMatchObject({ state: 'requested' });
});

test('a folder of ours needs none, and an unknown endpoint has none', async () => {
  const folder = await aLocalFolder(database.app);
  await expect(request(folder.id)).rejects.toMatchObject({ code: 'unprocessable' });
  await expect(request(newId())).rejects.toMatchObject({ code: 'not_found' });
  const nothing = { id: newId() };
  await expect(
    inTransaction(database.app, (tx) => approveException(tx, administrator, nothing)),
  ).rejects.toMatchObject({ code: 'not_found' });
});

test('requests that nobody answers do not pile up', async () => {
  const { id } = await plainFtp();
  for (let number = 0; number < 10; number += 1) await request(id);
  await expect(request(id)).rejects.toMatchObject({ code: 'unprocessable' });
});

test('are found by endpoint and state, newest first', async () => {
  const { id } = await plainFtp();
  const first = await request(id);
  const second = await approve(await request(id));
  const third = await end(await request(id));
  const list = async (query: object) =>
    (await listExceptions(database.app, { endpointId: id, ...query })).items.map((one) => one.id);
  expect(await list({})).toEqual([third.id, second.id, first.id]);
  expect(await list({ state: 'requested' })).toEqual([first.id]);
  expect(await list({ state: 'in_force' })).toEqual([second.id]);
  expect(await list({ state: 'ended' })).toEqual([third.id]);
  expect(await list({ state: 'expired' })).toEqual([]);
});

test('deviating endpoints are found in the list', async () => {
  const plain = await plainFtp();
  const clear = await anEndpoint(database.app, { settings: { dataProtection: 'clear' } });
  const folder = await aLocalFolder(database.app);
  const usual = await anEndpoint(database.app);
  const { items } = await listEndpoints(database.app, { deviating: 'true', limit: 200 });
  const found = items.map(({ id }) => id);
  expect(found).toEqual(expect.arrayContaining([plain.id, clear.id]));
  expect(found).not.toContain(usual.id);
  expect(found).not.toContain(folder.id);
});
