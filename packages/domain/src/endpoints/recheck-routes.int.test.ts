import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Endpoint, EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { inTransaction } from '@waybill/db/transaction.js';
import {
  type ServerInput,
  TEST_ROOT,
  aLocalFolder,
  aRoute,
  anActor,
  anEndpoint,
  testSeal,
} from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { type EndpointMeans, updateEndpoint } from './endpoints.js';

let database: TestDatabase;
let means: EndpointMeans;
beforeAll(async () => {
  database = await testDatabase();
  means = { seal: await testSeal(), localRoots: [TEST_ROOT, 'other'] };
});
afterAll(() => database.close());

const update = (id: string, change: EndpointUpdate) =>
  inTransaction(database.app, (tx) => updateEndpoint(tx, anActor(), { id, change }, means));
const at = (path: string, message: RegExp) => ({
  code: 'invalid_input',
  errors: [{ path, message: expect.stringMatching(message) }],
});

/** Two endpoints with one account. */
async function twoEndpoints(one: ServerInput, other: ServerInput): Promise<[Endpoint, Endpoint]> {
  const [first, second] = [await anEndpoint(database.app, one), await anEndpoint(database.app, other)];
  const account = { credentialId: first.credential?.id, password: 'test-password' };
  return [first, await update(second.id, account)];
}

/** A route from /a of one server to /b of the same one. */
async function aRouteWithin(change: { name: string; archivePath?: string }) {
  const host = 'ftp.one.invalid';
  const [source, target] = await twoEndpoints({ basePath: '/a', host }, { basePath: '/b', host });
  const route = await aRoute(database.app, {
    ...change,
    sourceEndpointId: source.id,
    sourcePath: '/',
    targetEndpointId: target.id,
    targetPath: '/',
    afterAction: change.archivePath === undefined ? 'delete' : 'move',
  });
  return { source, target, route };
}

describe('an endpoint that is changed', () => {
  test('does not make the target of a route the folder that its files come from', async () => {
    const { source, target } = await aRouteWithin({ name: 'Payments' });
    const refusal = at('basePath', /Payments.*targetPath is the folder that the files come from/);
    await expect(update(target.id, { basePath: '/a' })).rejects.toMatchObject(refusal);
    await expect(update(source.id, { basePath: '/b/' })).rejects.toMatchObject(refusal);
    expect(await update(target.id, { basePath: '/c' })).toMatchObject({ basePath: '/c' });
    // What does not say where the files are is not held up by anything.
    expect(await update(target.id, { name: 'Renamed' })).toMatchObject({ name: 'Renamed' });
  });

  test('does not make the archive of a route the folder that its files go to', async () => {
    const { target } = await aRouteWithin({ name: 'Archived', archivePath: '/old' });
    await expect(update(target.id, { basePath: '/a/old' })).rejects.toMatchObject(
      at('basePath', /Archived.*archivePath is the folder that the files go to/),
    );
  });

  test('does not become the other end of a route by its host, its account or its local root', async () => {
    const [here, there] = await twoEndpoints({ host: 'ftp.here.invalid' }, { host: 'ftp.there.invalid' });
    const same = { sourcePath: '/x', targetPath: '/x', afterAction: 'delete' } as const;
    await aRoute(database.app, { ...same, sourceEndpointId: here.id, targetEndpointId: there.id });
    await expect(
      update(there.id, { host: 'ftp.here.invalid', password: 'test-password' }),
    ).rejects.toMatchObject(at('host', /targetPath/));
    const other = await anEndpoint(database.app, { host: 'ftp.here.invalid' });
    await aRoute(database.app, { ...same, sourceEndpointId: here.id, targetEndpointId: other.id });
    await expect(update(other.id, { credentialId: here.credential?.id })).rejects.toMatchObject(
      at('credentialId', /targetPath/),
    );

    const [ours, theirs] = [
      await aLocalFolder(database.app),
      await aLocalFolder(database.app, { rootName: 'other' }),
    ];
    await aRoute(database.app, { ...same, sourceEndpointId: ours.id, targetEndpointId: theirs.id });
    await expect(update(theirs.id, { rootName: TEST_ROOT })).rejects.toMatchObject(
      at('rootName', /targetPath/),
    );
  });

  test('and the other end, changed at the same moment, do not meet', async () => {
    const { source, target } = await aRouteWithin({ name: 'Meeting' });
    const moved = await Promise.allSettled([
      update(source.id, { basePath: '/meeting' }),
      update(target.id, { basePath: '/meeting' }),
    ]);
    expect(moved.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});
