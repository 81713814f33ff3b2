import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TransferState } from '@waybill/contracts/transfers.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { systemActor } from '../actor.js';
import { newId } from '../new-id.js';
import { claimTransfer } from './claim-transfer.js';
import { startTransfer } from './start-transfer.js';
import { findUnsettledFiles } from './unsettled-files.js';

let database: TestDatabase;
let routeId: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  routeId = (await aRoute(database.app, { afterAction: 'delete' })).id;
});

const MODIFIED_AT = new Date('2026-11-21T10:00:00Z');
type Left = Partial<Prisma.TransferFileCreateManyInput>;

/** A transfer that has ended, or stands, with these files, by their names. */
async function anEarlier(state: TransferState, files: Record<string, Left>, resendOfId?: string) {
  const { transferId } = await inTransaction(database.app, (tx) =>
    startTransfer(
      tx,
      anActor(),
      resendOfId === undefined
        ? { cause: 'manual', routeId }
        : { cause: 'resend', resendOfId, resendFiles: 'all', reason: 'partner asks' },
    ),
  );
  await database.app.transfer.update({ where: { id: transferId }, data: { state } });
  await database.app.transferFile.createMany({
    data: Object.entries(files).map(([name, left], position) => ({
      id: newId(),
      transferId,
      position,
      name,
      sourcePath: `/out/${name}`,
      targetPath: `/in/${name}`,
      sizeBytes: 5,
      modifiedAt: MODIFIED_AT,
      ...left,
    })),
  });
  return transferId;
}

const partOf = (path: string, sourceModifiedAt = MODIFIED_AT) => ({
  path,
  sourceSizeBytes: 5,
  sourceModifiedAt: sourceModifiedAt.toISOString(),
  resumedFrom: null,
});

/** What the next transfer of the route finds unsettled, as "name, how long it is, whether it is delivered". */
async function unsettled() {
  const { transferId } = await inTransaction(database.app, (tx) =>
    startTransfer(tx, anActor(), { cause: 'manual', routeId }),
  );
  const claim = await inTransaction(database.worker, (tx) =>
    claimTransfer(tx, systemActor('worker test'), { transferId, workerId: 'w', leaseMs: 60_000 }),
  );
  if (claim === null) throw new Error('not claimed');
  const files = await findUnsettledFiles(database.worker, claim);
  expect(files.every(({ modifiedAt }) => modifiedAt?.getTime() === MODIFIED_AT.getTime())).toBe(true);
  return files.map((one) => [one.sourcePath, one.sizeBytes, one.isDelivered]).toSorted();
}

test('what is uncertain or owes its after-action is unsettled, and nothing else is', async () => {
  await anEarlier('partial', {
    a: { state: 'uncertain' },
    b: { state: 'delivered', movedBytes: 6 },
    c: { state: 'delivered', movedBytes: 5, afterActionAt: new Date() },
    d: { state: 'failed' },
    e: { state: 'skipped' },
  });
  await anEarlier('cancelled', { f: { state: 'delivered', movedBytes: 5 } });
  await anEarlier('succeeded', { g: { state: 'delivered', movedBytes: 5 } });
  expect(await unsettled()).toEqual([
    ['/out/a', null, false],
    ['/out/b', 6, true],
    ['/out/f', 5, true],
  ]);
});

test('what a transfer on hold was about to give its final name, or began under it, is unsettled', async () => {
  await anEarlier('held', {
    a: { state: 'moving', sha256: 'a'.repeat(64), movedBytes: 5 },
    b: { state: 'moving' },
    c: { state: 'planned' },
    d: { state: 'moving', movedBytes: 3, partial: partOf('/in/d') },
    e: { state: 'moving', movedBytes: 3, partial: partOf('/in/.waybill-e.part') },
  });
  expect(await unsettled()).toEqual([
    ['/out/a', 5, false],
    ['/out/d', 5, false],
  ]);
});

test('of what was begun under its final name the source counts that was read, whatever was planned', async () => {
  const planned = { sizeBytes: 4, modifiedAt: new Date(0) };
  await anEarlier('held', {
    a: { state: 'uncertain', sha256: 'a'.repeat(64), ...planned, partial: partOf('/in/a') },
    b: { state: 'moving', movedBytes: 3, ...planned, partial: partOf('/in/b') },
    // Verified by a later try, under a temporary name.
    c: { state: 'moving', sha256: 'a'.repeat(64), movedBytes: 6, partial: partOf('/in/c', new Date(0)) },
  });
  expect(await unsettled()).toEqual([
    ['/out/a', 5, false],
    ['/out/b', 5, false],
    ['/out/c', 6, false],
  ]);
});

test('sources that are kept owe nothing; what is uncertain of them is unsettled all the same', async () => {
  routeId = (await aRoute(database.app, { afterAction: 'keep' })).id;
  await anEarlier('partial', { a: { state: 'delivered', movedBytes: 5 }, b: { state: 'uncertain' } });
  expect(await unsettled()).toEqual([['/out/b', null, false]]);
});

test('a route that was set to keep its sources meanwhile sends what it could not delete', async () => {
  await anEarlier('partial', { a: { state: 'delivered', movedBytes: 5 } });
  await database.app.route.update({ where: { id: routeId }, data: { afterAction: 'keep' } });
  expect(await unsettled()).toEqual([]);
});

test('another route, and another source of the same route, are another matter', async () => {
  await anEarlier('partial', { a: { state: 'uncertain' } });
  const other = await aRoute(database.app, { afterAction: 'delete' });
  await database.app.route.update({
    where: { id: routeId },
    data: { sourceEndpointId: other.source.id },
  });
  expect(await unsettled()).toEqual([]);
  routeId = other.id;
  expect(await unsettled()).toEqual([]);
});

test('what was delivered when a person sent it again is settled, and only that', async () => {
  const first = await anEarlier('partial', { a: { state: 'uncertain' }, b: { state: 'uncertain' } });
  const second = await anEarlier(
    'partial',
    {
      a: { state: 'delivered', movedBytes: 5, afterActionAt: new Date() },
      b: { state: 'failed' },
    },
    first,
  );
  expect(await unsettled()).toEqual([['/out/b', null, false]]);
  await database.app.transfer.updateMany({
    where: { state: 'running' },
    data: { state: 'cancelled', leaseOwner: null, leaseUntil: null },
  });
  const last = { b: { state: 'delivered' as const, movedBytes: 5, afterActionAt: new Date() } };
  await anEarlier('succeeded', last, second);
  expect(await unsettled()).toEqual([]);
});
