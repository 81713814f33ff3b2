import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { newId } from '../new-id.js';
import { startTransfer } from './start-transfer.js';
import { listTransfers } from './transfer-views.js';

const actor = anActor();
let database: TestDatabase;
/** Oldest first; each of a route with the name and a file with the name. */
const ids: string[] = [];
beforeAll(async () => {
  database = await testDatabase();
  for (const [routeName, fileName] of [
    ['Salaries to Bank', 'SAL_2026.xml'],
    ['Invoices to Bank', 'SAL-2026.xml'],
    ['Statements 100%', 'invoices of May.csv'],
    ['Other things', 'other.txt'],
  ] as const) {
    const route = await aRoute(database.app, { name: routeName });
    const started = await inTransaction(database.app, (tx) =>
      startTransfer(tx, actor, { routeId: route.id, cause: 'manual' }),
    );
    await database.app.transferFile.create({
      data: {
        id: newId(),
        transferId: started.transferId,
        position: 0,
        sourcePath: `/out/${fileName}`,
        name: fileName,
        targetPath: `/in/${fileName}`,
      },
    });
    ids.push(started.transferId);
  }
});
afterAll(() => database.close());

const found = async (search: string, more: { limit?: number; cursor?: string; routeId?: string } = {}) => {
  const page = await listTransfers(database.app, { search, ...more });
  return { numbers: page.items.map((item) => ids.indexOf(item.id)), nextCursor: page.nextCursor };
};

test('a search finds parts of route names and beginnings of file names, newest first, each once', async () => {
  expect((await found('to bank')).numbers).toEqual([1, 0]);
  expect((await found('SAL')).numbers).toEqual([1, 0]);
  expect((await found('invoices')).numbers).toEqual([2, 1]);
  expect((await found('nothing of that name')).numbers).toEqual([]);
});

test('signs that mean something in a pattern of the database mean themselves', async () => {
  expect((await found('SAL_')).numbers).toEqual([0]);
  expect((await found('%')).numbers).toEqual([2]);
  expect((await found('\\')).numbers).toEqual([]);
});

test('a search goes on page after page and along with other filters', async () => {
  const first = await found('SAL', { limit: 1 });
  expect(first.numbers).toEqual([1]);
  const second = await found('SAL', { limit: 1, cursor: first.nextCursor ?? '' });
  expect(second).toEqual({ numbers: [0], nextCursor: null });
  const { routeId } = await database.app.transfer.findUniqueOrThrow({ where: { id: ids[0] ?? '' } });
  expect((await found('SAL', { routeId })).numbers).toEqual([0]);
});
