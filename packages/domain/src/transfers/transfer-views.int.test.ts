import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TransferQuery } from '@waybill/contracts/transfers.js';
import {
  attempt as attemptContract,
  attemptPage,
  transfer as transferContract,
  transferFilePage,
  transferPage,
} from '@waybill/contracts/transfers.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aPartner, aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { newId } from '../new-id.js';
import { startTransfer } from './start-transfer.js';
import { getAttempt, getTransfer, listAttempts, listTransferFiles, listTransfers } from './transfer-views.js';

const DIALOGUE = [{ at: '2026-01-01T00:00:00.000Z', from: 'us', text: 'NOOP', side: 'target' }];

let database: TestDatabase;
let partnerId: string;
let routeIds: string[];
let ids: string[];
beforeAll(async () => {
  database = await testDatabase();
  partnerId = (await aPartner(database.app)).id;
  routeIds = [
    (await aRoute(database.app, { name: 'Invoices to the bank', partnerId })).id,
    (await aRoute(database.app, { name: 'Payroll' })).id,
  ];
  ids = [];
  for (let i = 0; i < 12; i++) {
    const routeId = routeIds[i % 2]!;
    const cause = i % 3 === 0 ? 'api' : 'manual';
    const { transferId } = await inTransaction(database.app, (tx) =>
      startTransfer(tx, anActor(), { cause, routeId }),
    );
    ids.push(transferId);
  }
  await addFiles(ids[0]!, 60);
});
afterAll(() => database.close());

async function addFiles(transferId: string, count: number): Promise<void> {
  const files = Array.from({ length: count }, (_, position) => ({
    id: newId(),
    transferId,
    position,
    name: `PAY_${position}.csv`,
    sourcePath: `/out/PAY_${position}.csv`,
    targetPath: `/in/PAY_${position}.csv`,
    state: position % 2 === 0 ? ('delivered' as const) : ('planned' as const),
    sha256: 'a'.repeat(64),
    sizeBytes: 5_000_000_000n,
  }));
  await database.worker.transferFile.createMany({ data: files });
  await database.worker.attempt.createMany({
    data: files.map((file, i) => ({
      id: newId(),
      transferId,
      transferFileId: i === 0 ? null : file.id,
      tryNumber: 1,
      workerId: 'w',
      outcome: 'delivered' as const,
      bytes: 3_000n,
      timeline: [
        {
          step: 'transfer',
          side: 'target',
          startedAt: '2026-01-01T00:00:00Z',
          durationMs: 3,
          outcome: 'ok',
          detail: null,
        },
      ],
      dialogue: DIALOGUE,
      startedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, i % 10)),
    })),
  });
}

/** Every page in turn. */
async function walk<Item>(list: (cursor?: string) => Promise<{ items: Item[]; nextCursor: string | null }>) {
  const items: Item[] = [];
  for (let cursor: string | undefined, pages = 0; pages < 100; pages++) {
    const page = await list(cursor);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
  throw new Error('the pages do not end');
}

const idsOf = async (query: TransferQuery) =>
  (await walk((cursor) => listTransfers(database.app, { limit: 5, ...query, cursor }))).map((one) => one.id);

describe('the list of transfers', () => {
  test('is newest first, page by page, each once', async () => {
    expect(await idsOf({})).toEqual(ids.toReversed());
    transferPage.parse(await listTransfers(database.app, {}));
  });

  test.each<[string, () => TransferQuery, (id: string, index: number) => boolean]>([
    ['route', () => ({ routeId: routeIds[1] }), (_, i) => i % 2 === 1],
    ['partner', () => ({ partnerId }), (_, i) => i % 2 === 0],
    ['cause', () => ({ cause: 'api' }), (_, i) => i % 3 === 0],
    ['several states', () => ({ state: 'queued,failed' }), () => true],
    ['a state that none has', () => ({ state: 'failed' }), () => false],
    ['part of the name of the route', () => ({ search: 'invoICES' }), (_, i) => i % 2 === 0],
    ['the start of the name of a file', () => ({ search: 'PAY_1' }), (_, i) => i === 0],
    ['a time that has passed', () => ({ to: '2020-01-01T00:00:00Z' }), () => false],
    ['a partner that is not there', () => ({ partnerId: newId() }), () => false],
  ])('can be narrowed by %s', async (_name, query, isExpected) => {
    expect(await idsOf(query())).toEqual(ids.filter(isExpected).toReversed());
  });

  test('refuses a state that there is not, and a cursor that is not ours', async () => {
    await expect(listTransfers(database.app, { state: 'queued,sleeping' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(listTransfers(database.app, { cursor: 'x' })).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
  });
});

describe('one transfer', () => {
  test('shows its snapshot, how many files are in which state, and what was sent again', async () => {
    const shown = transferContract.parse(await getTransfer(database.app, ids[0]!));
    expect(shown).toMatchObject({ id: ids[0], fileStates: { delivered: 30, planned: 30 }, resends: [] });
    expect(shown.snapshot.filePattern).toBe('*');
    await expect(getTransfer(database.app, newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  test('lists its files in their order, sizes above 4 GiB included, and no hash before delivery', async () => {
    const files = await walk((cursor) => listTransferFiles(database.app, ids[0]!, { limit: 7, cursor }));
    expect(files.map((file) => file.position)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(files[0]).toMatchObject({ sizeBytes: 5_000_000_000, sha256: 'a'.repeat(64) });
    expect(files[1]?.sha256).toBeNull();
    transferFilePage.parse(await listTransferFiles(database.app, ids[0]!, {}));
    const planned = await walk((cursor) =>
      listTransferFiles(database.app, ids[0]!, { state: 'planned', cursor }),
    );
    expect(planned).toHaveLength(30);
    const { nextCursor } = await listTransferFiles(database.app, ids[0]!, { limit: 1 });
    const ofAnother = listTransferFiles(database.app, ids[1]!, { limit: 1, cursor: nextCursor! });
    await expect(ofAnother).rejects.toMatchObject({ code: 'invalid_cursor' });
    await expect(listTransferFiles(database.app, newId(), {})).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each(['3000000000', '-3000000000', '-1', '1.5', ''])(
    'refuses a cursor of its files whose position, %j, is none',
    async (position) => {
      const { nextCursor } = await listTransferFiles(database.app, ids[0]!, { limit: 1 });
      const given = Buffer.from(nextCursor!, 'base64url').toString();
      const cursor = Buffer.from(given.replace('"0"', JSON.stringify(position))).toString('base64url');
      expect(cursor).not.toBe(nextCursor);
      await expect(listTransferFiles(database.app, ids[0]!, { limit: 1, cursor })).rejects.toMatchObject({
        code: 'invalid_cursor',
        detail: 'It cannot be read. Start again without a cursor.',
      });
    },
  );

  test('lists its attempts, newest first, each once although many began at the same instant', async () => {
    const attempts = await walk((cursor) => listAttempts(database.app, ids[0]!, { limit: 7, cursor }));
    expect(new Set(attempts.map((one) => one.id)).size).toBe(60);
    expect(attempts.map((one) => one.startedAt)).toEqual(
      attempts
        .map((one) => one.startedAt)
        .toSorted()
        .toReversed(),
    );
    expect(attempts[0]).toMatchObject({
      bytesPerSecond: 1_000_000,
      fileName: expect.stringContaining('PAY_'),
    });
    attemptPage.parse(await listAttempts(database.app, ids[0]!, {}));
    const [newest] = attempts;
    expect(attemptContract.parse(await getAttempt(database.app, ids[0]!, newest!.id))).toEqual({
      ...newest,
      dialogue: DIALOGUE,
    });
    await expect(getAttempt(database.app, ids[1]!, newest!.id)).rejects.toMatchObject({ code: 'not_found' });
    const fileId = attempts[0]!.fileId!;
    expect((await listAttempts(database.app, ids[0]!, { fileId })).items).toHaveLength(1);
  });
});
