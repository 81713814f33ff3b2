import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TransferState } from '@waybill/contracts/transfers.js';
import { aRoute } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { newId } from '../new-id.js';
import { readEndedTotals } from './ended-totals.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let database: TestDatabase;
let routeId: string;
beforeAll(async () => {
  database = await testDatabase();
  routeId = (await aRoute(database.app)).id;
});
afterAll(() => database.close());

const start = Date.now();
const at = (ms: number): Date => new Date(start + ms);

async function end(state: TransferState, finishedAt: Date): Promise<void> {
  await database.app.transfer.create({
    data: {
      id: newId(),
      routeId,
      cause: 'manual',
      requestedBy: 'ada@example.com',
      state,
      routeSnapshot: {},
      createdAt: finishedAt,
      finishedAt,
      deliveredCount: 2,
      movedBytes: 1000,
    },
  });
}

/** "succeeded, failed", as counted at an instant. */
async function countsAt(now: Date): Promise<string> {
  const totals = await readEndedTotals(database.app, now);
  const of = (state: TransferState) => totals.find((total) => total.state === state)?.count;
  return `${of('succeeded')}, ${of('failed')}`;
}
const keptUntil = async () => {
  const { value } = await database.app.setting.findUniqueOrThrow({ where: { key: 'ended_totals' } });
  return (value as { until: string }).until;
};

test('what has ended is counted once, however often and by whomever it is asked, and old rows are not read again', async () => {
  await end('succeeded', at(-3 * HOUR_MS));
  await end('failed', at(-90 * MINUTE_MS));
  await end('succeeded', at(-MINUTE_MS));
  const all = await Promise.all(Array.from({ length: 4 }, () => countsAt(at(0))));
  expect(all).toEqual(Array.from({ length: 4 }, () => '2, 1'));
  expect(await keptUntil()).toBe(at(-HOUR_MS).toISOString());

  // A worker whose clock is half an hour behind.
  await end('failed', at(-30 * MINUTE_MS));
  expect(await countsAt(at(0))).toBe('2, 2');
  expect(await countsAt(at(59 * MINUTE_MS))).toBe('2, 2');
  expect(await keptUntil()).toBe(at(-HOUR_MS).toISOString());

  await end('succeeded', at(2 * HOUR_MS));
  expect(await countsAt(at(3 * HOUR_MS - 1))).toBe('3, 2');
  expect(await keptUntil()).toBe(at(2 * HOUR_MS - 1).toISOString());
  expect(await countsAt(at(3 * HOUR_MS))).toBe('3, 2');

  // What is below the kept sum is not looked at: rows that a clean-up takes away stay counted.
  await database.app.transfer.updateMany({
    where: { finishedAt: { lt: at(0) } },
    data: { finishedAt: at(-9 * HOUR_MS) },
  });
  expect(await countsAt(at(3 * HOUR_MS))).toBe('3, 2');
  expect((await readEndedTotals(database.app, at(3 * HOUR_MS)))[0]).toEqual({
    state: 'succeeded',
    count: 3,
    deliveredFiles: 6,
    movedBytes: 3000,
  });
});
