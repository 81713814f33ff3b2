import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TransferCause, TransferFileState, TransferState } from '@waybill/contracts/transfers.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { newId } from '../new-id.js';
import { readOverview } from '../overview/read-overview.js';
import { startTransfer } from './start-transfer.js';
import { listTransfers } from './transfer-views.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let database: TestDatabase;
let routeId: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  routeId = (await aRoute(database.app)).id;
});

/** A transfer of the route in the state, asked for so long ago and over a minute later. */
async function ended(state: TransferState, agoMs: number, cause: TransferCause = 'manual'): Promise<string> {
  const { transferId: id } = await inTransaction(database.app, (tx) =>
    startTransfer(tx, anActor(), { cause: 'manual', routeId }),
  );
  const createdAt = new Date(Date.now() - agoMs);
  const finishedAt = new Date(createdAt.getTime() + MINUTE_MS);
  await database.app.transfer.update({
    where: { id },
    data: { state, createdAt, finishedAt, cause, ...(cause === 'resend' && { resendFiles: 'all' as const }) },
  });
  return id;
}

async function addFile(transferId: string, state: TransferFileState): Promise<void> {
  const paths = { name: 'a.csv', sourcePath: '/out/a.csv', targetPath: '/in/a.csv' };
  await database.app.transferFile.create({ data: { id: newId(), transferId, position: 0, state, ...paths } });
}

/** Which transfers of the route need somebody: on the overview, and by the filter of the list, which agree. */
async function inNeed(): Promise<string[]> {
  const { troubled } = await readOverview(database.app);
  const { items } = await listTransfers(database.app, { routeId, needsAttention: 'true' });
  const ids = items.map(({ id }) => id);
  expect(troubled.filter(({ route }) => route.id === routeId).map(({ id }) => id)).toEqual(ids);
  return ids;
}

test('a failure needs somebody until a later transfer of its route has succeeded', async () => {
  await ended('succeeded', 3 * HOUR_MS);
  const failed = await ended('failed', 2 * HOUR_MS);
  const partial = await ended('partial', HOUR_MS);
  expect(await inNeed()).toEqual([partial, failed]);
  await ended('failed', 50 * MINUTE_MS);
  expect(await inNeed()).toHaveLength(3);
  await ended('succeeded', 40 * MINUTE_MS);
  expect(await inNeed()).toEqual([]);
  const again = await ended('failed', 30 * MINUTE_MS);
  expect(await inNeed()).toEqual([again]);
});

test('the success of another route makes nothing good, nor does a run that was cancelled', async () => {
  const failed = await ended('failed', 2 * HOUR_MS);
  const own = routeId;
  routeId = (await aRoute(database.app)).id;
  await ended('succeeded', HOUR_MS);
  routeId = own;
  await ended('cancelled', HOUR_MS);
  expect(await inNeed()).toEqual([failed]);
});

test('a failure of more than a day ago needs nobody any more', async () => {
  await ended('failed', 25 * HOUR_MS);
  expect(await inNeed()).toEqual([]);
});

test('a file that may have arrived needs somebody until a resend has delivered it', async () => {
  const partial = await ended('partial', 3 * HOUR_MS);
  await addFile(partial, 'uncertain');
  await addFile(await ended('succeeded', 2 * HOUR_MS), 'skipped');
  expect(await inNeed()).toEqual([partial]);
  await addFile(await ended('succeeded', HOUR_MS, 'resend'), 'delivered');
  expect(await inNeed()).toEqual([]);
});

test('a file that was delivered and is still to be dealt with at the source needs somebody', async () => {
  const partial = await ended('partial', 2 * HOUR_MS);
  await addFile(partial, 'delivered');
  await ended('succeeded', HOUR_MS);
  expect(await inNeed()).toEqual([]);
  const { routeSnapshot } = await database.app.transfer.findUniqueOrThrow({ where: { id: partial } });
  await database.app.transfer.update({
    where: { id: partial },
    data: { routeSnapshot: { ...(routeSnapshot as object), afterAction: 'delete' } },
  });
  expect(await inNeed()).toEqual([partial]);
});

test('what is held or waits needs somebody, however the route went since', async () => {
  const held = await ended('held', 30 * HOUR_MS);
  await ended('succeeded', HOUR_MS);
  expect(await inNeed()).toEqual([held]);
});
