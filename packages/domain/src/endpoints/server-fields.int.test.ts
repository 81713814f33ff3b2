import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { TEST_ROOT, anActor, anEndpoint, testSeal } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { getEndpoint } from './endpoint-views.js';
import { type EndpointMeans, updateEndpoint } from './endpoints.js';
import { loadEndpoint } from './load-endpoint.js';

let database: TestDatabase;
let means: EndpointMeans;
beforeAll(async () => {
  database = await testDatabase();
  means = { seal: await testSeal(), localRoots: [TEST_ROOT] };
});
afterAll(() => database.close());

const update = (id: string, change: EndpointUpdate) =>
  inTransaction(database.app, (tx) => updateEndpoint(tx, anActor(), { id, change }, means));
const refused = (path: string) => ({ code: 'invalid_input', errors: [{ path }] });

test('a host of the other family is refused, whichever of the two is changed last', async () => {
  const named = await anEndpoint(database.app, { settings: { ipFamily: 'ipv4' } });
  await expect(update(named.id, { host: '::1' })).rejects.toMatchObject(refused('settings.ipFamily'));
  const literal = await anEndpoint(database.app, { host: '2a00:db8::7' });
  const onlyV4: EndpointUpdate = { settings: { ipFamily: 'ipv4' } };
  await expect(update(literal.id, onlyV4)).rejects.toMatchObject(refused('settings.ipFamily'));
});

test('AUTH SSL does not go along to a protocol that asks for no TLS', async () => {
  const { id } = await anEndpoint(database.app, { settings: { authCommand: 'SSL' } });
  const protocol = 'ftps_implicit' as const;
  await expect(update(id, { protocol })).rejects.toMatchObject(refused('settings.authCommand'));
  const changed = await update(id, { protocol, settings: { authCommand: 'TLS' } });
  expect(changed).toMatchObject({ protocol, settings: { authCommand: 'TLS' } });
});

test('what was stored before and contradicts itself loads, and can be changed elsewhere', async () => {
  const { id } = await anEndpoint(database.app);
  const settings = { authCommand: 'SSL', ipFamily: 'ipv4' };
  await database.app.endpoint.update({
    where: { id },
    data: { protocol: 'ftps_implicit', host: '::1', settings },
  });
  expect((await update(id, { name: 'As it was' })).settings).toMatchObject(settings);
  expect((await inTransaction(database.app, (tx) => getEndpoint(tx, id))).settings).toMatchObject(settings);
  expect(await loadEndpoint(database.worker, id)).toMatchObject({ host: '::1' });
});
