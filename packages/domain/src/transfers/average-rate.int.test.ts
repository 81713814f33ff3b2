import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { newId } from '../new-id.js';
import { readAverageRate } from './average-rate.js';
import { startTransfer } from './start-transfer.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** A transfer with tries that moved so many bytes, from one second to another. */
async function withTries(...tries: [bytes: number, fromS: number, toS: number][]): Promise<string> {
  const { id: routeId } = await aRoute(database.app);
  const { transferId } = await inTransaction(database.app, (tx) =>
    startTransfer(tx, anActor(), { cause: 'manual', routeId }),
  );
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
  await database.worker.attempt.createMany({
    data: tries.map(([bytes, fromS, toS], index) => ({
      id: newId(),
      transferId,
      tryNumber: index + 1,
      workerId: 'w',
      outcome: 'failed' as const,
      bytes,
      startedAt: at(fromS),
      finishedAt: at(toS),
    })),
  });
  return transferId;
}
const rateOf = async (...tries: [number, number, number][]) =>
  readAverageRate(database.app, await withTries(...tries));

test('what a transfer waited between its tries does not slow it down', async () => {
  expect(await rateOf([1000, 0, 10], [3000, 3600, 3610])).toBe(200);
});

test('tries at the same time share their time', async () => {
  expect(await rateOf([1000, 0, 10], [1000, 5, 15], [1000, 5, 15])).toBe(200);
});

test('tries that moved nothing do not count, nor do those of a lost worker, whose time is not known', async () => {
  expect(await rateOf([0, 0, 50], [1000, 60, 70], [9999, 80, 80])).toBe(100);
});

test('where nothing was moved there is no rate', async () => {
  expect(await rateOf([0, 0, 50])).toBeNull();
  expect(await rateOf()).toBeNull();
});
