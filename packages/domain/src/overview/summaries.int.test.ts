import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ConnectionFacts } from '@waybill/contracts/session-facts.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aLocalFolder, aRoute, anActor, anEndpoint } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { deleteEndpoint } from '../endpoints/endpoints.js';
import { approveException, requestException } from '../exceptions/exceptions.js';
import { newId } from '../new-id.js';
import { updateRoute } from '../routes/routes.js';
import { startTransfer } from '../transfers/start-transfer.js';
import { summariesOf } from './summaries.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

type Facts = Partial<Pick<ConnectionFacts, 'protocol' | 'address' | 'dataProtection'>>;
const PRIVATE: Facts = { protocol: 'ftps_explicit', address: '203.0.113.7:21', dataProtection: 'private' };
const CLEAR: Facts = { ...PRIVATE, dataProtection: 'clear' };
const PLAIN: Facts = { protocol: 'ftp', address: '203.0.113.7:21', dataProtection: 'none' };
const NOT_DIALLED: Facts = { ...PLAIN, address: null, dataProtection: null };

/** A transfer whose attempts had these connections at the target, the oldest first. */
async function aTransfer(connections: Facts[]) {
  const { app, worker } = database;
  const endpoint = await anEndpoint(app, { protocol: 'ftp' });
  const asked = await inTransaction(app, (tx) =>
    requestException(tx, anActor(), {
      endpointId: endpoint.id,
      input: {
        deviations: ['plain_ftp', 'clear_data'],
        justification: 'Because of a test.',
        endsAt: new Date(Date.now() + 60_000).toISOString(),
      },
    }),
  );
  await inTransaction(app, (tx) => approveException(tx, anActor('administrator'), { id: asked.id }));
  const route = await aRoute(app, { targetEndpointId: endpoint.id });
  const { transferId } = await inTransaction(app, (tx) =>
    startTransfer(tx, anActor(), { cause: 'manual', routeId: route.id }),
  );
  await worker.attempt.createMany({
    data: connections.map((one, index) => ({
      id: newId(),
      transferId,
      tryNumber: index + 1,
      workerId: 'w',
      outcome: 'failed',
      connections: [{ side: 'target', ...one }],
      startedAt: new Date(Date.now() + index * 1000),
    })),
  });
  return { transferId, endpoint, route };
}

const isMarked = async (id: string): Promise<boolean | undefined> =>
  (await summariesOf(database.app, { where: { id } }))[0]?.notEncrypted;

test.each<[string, Facts[], boolean]>([
  ['plain FTP, then encrypted', [PLAIN, PRIVATE], true],
  ['files in the clear, then encrypted', [CLEAR, PRIVATE], true],
  ['encrypted, then files in the clear', [PRIVATE, CLEAR], true],
  ['plain FTP that was never dialled, then encrypted', [NOT_DIALLED, PRIVATE], false],
  ['encrypted', [PRIVATE], false],
])('whatever an attempt sent in the clear marks the transfer: %s', async (_name, connections, expected) => {
  expect(await isMarked((await aTransfer(connections)).transferId)).toBe(expected);
});

test('what went in the clear stays marked when the endpoint and its exceptions are gone', async () => {
  const { transferId, endpoint, route } = await aTransfer([PLAIN, PRIVATE]);
  const elsewhere = (await aLocalFolder(database.app)).id;
  await inTransaction(database.app, async (tx) => {
    await updateRoute(tx, anActor(), { id: route.id, change: { targetEndpointId: elsewhere } });
    await deleteEndpoint(tx, anActor(), { id: endpoint.id });
  });
  expect(await isMarked(transferId)).toBe(true);
});
