import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TransferFileState, TransferState } from '@waybill/contracts/transfers.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { newId } from '../new-id.js';
import { readOverview } from '../overview/read-overview.js';
import { settleFailures } from './settle-failures.js';
import { startTransfer } from './start-transfer.js';
import { isOver } from './transfer-state.js';
import { getTransfer, listTransfers } from './transfer-views.js';

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

interface Ending {
  /** The files by name, and what became of them. */
  files?: Record<string, TransferFileState>;
  /** The transfer that it sends again. */
  resendOfId?: string;
}

/** A transfer of the route in the state, asked for so long ago and over a minute later. */
async function ended(state: TransferState, agoMs: number, { files = {}, resendOfId }: Ending = {}) {
  const { transferId: id } = await inTransaction(database.app, (tx) =>
    startTransfer(tx, anActor(), { cause: 'manual', routeId }),
  );
  const createdAt = new Date(Date.now() - agoMs);
  const finishedAt = new Date(createdAt.getTime() + MINUTE_MS);
  await database.app.transferFile.createMany({
    data: Object.entries(files).map(([name, fileState], position) => {
      const paths = { name, sourcePath: `/out/${name}`, targetPath: `/in/${name}` };
      return { id: newId(), transferId: id, position, state: fileState, ...paths };
    }),
  });
  const deliveredCount = Object.values(files).filter((one) => one === 'delivered').length;
  const resend = resendOfId && ({ cause: 'resend', resendFiles: 'not_delivered', resendOfId } as const);
  await database.app.transfer.update({
    where: { id },
    data: { state, createdAt, finishedAt: isOver(state) ? finishedAt : null, deliveredCount, ...resend },
  });
  await inTransaction(database.worker, (tx) => settleFailures(tx, id));
  return id;
}

const settledBy = async (id: string) => (await getTransfer(database.app, id)).settledBy?.id ?? null;

/** Which transfers of the route need somebody: on the overview, and by the filter of the list, which agree. */
async function inNeed(): Promise<string[]> {
  const { troubled } = await readOverview(database.app);
  const { items } = await listTransfers(database.app, { routeId, needsAttention: 'true' });
  const ids = items.map(({ id }) => id);
  expect(troubled.filter(({ route }) => route.id === routeId).map(({ id }) => id)).toEqual(ids);
  return ids;
}

test('a failure needs somebody until later transfers of its route have delivered its files', async () => {
  await ended('succeeded', 3 * HOUR_MS, { files: { 'a.csv': 'delivered', 'b.csv': 'delivered' } });
  const failed = await ended('failed', 2 * HOUR_MS, { files: { 'a.csv': 'failed', 'b.csv': 'failed' } });
  const partial = await ended('partial', HOUR_MS, { files: { 'a.csv': 'delivered', 'b.csv': 'failed' } });
  expect(await inNeed()).toEqual([partial, failed]);
  await ended('succeeded', 50 * MINUTE_MS, { files: { 'c.csv': 'delivered' } });
  expect(await inNeed()).toEqual([partial, failed]);
  const last = await ended('succeeded', 40 * MINUTE_MS, { files: { 'b.csv': 'delivered' } });
  expect(await inNeed()).toEqual([]);
  expect([await settledBy(failed), await settledBy(partial)]).toEqual([last, last]);
  const again = await ended('failed', 30 * MINUTE_MS, { files: { 'b.csv': 'failed' } });
  expect(await inNeed()).toEqual([again]);
});

test('a later run that found nothing to move makes nothing good', async () => {
  const failed = await ended('failed', 2 * HOUR_MS, { files: { 'a.csv': 'failed' } });
  const unlisted = await ended('failed', 2 * HOUR_MS);
  await ended('succeeded', HOUR_MS);
  expect(new Set(await inNeed())).toEqual(new Set([failed, unlisted]));
  const delivering = await ended('succeeded', 30 * MINUTE_MS, { files: { 'b.csv': 'delivered' } });
  expect(await inNeed()).toEqual([failed]);
  expect([await settledBy(failed), await settledBy(unlisted)]).toEqual([null, delivering]);
});

test('sending a failure again makes it good, whatever there was left to send; unless that fails too', async () => {
  const failed = await ended('failed', 2 * HOUR_MS, { files: { 'a.csv': 'failed' } });
  const second = await ended('failed', HOUR_MS, { resendOfId: failed });
  expect(new Set(await inNeed())).toEqual(new Set([failed, second]));
  const third = await ended('succeeded', 30 * MINUTE_MS, { resendOfId: failed });
  expect(await inNeed()).toEqual([second]);
  expect(await settledBy(failed)).toBe(third);
});

test('a run that was held until a later one had delivered its files needs nobody when it fails', async () => {
  const delivering = await ended('succeeded', HOUR_MS, { files: { 'a.csv': 'delivered' } });
  const failed = await ended('failed', 2 * HOUR_MS, { files: { 'a.csv': 'failed' } });
  expect(await inNeed()).toEqual([]);
  expect(await settledBy(failed)).toBe(delivering);
});

test('the success of another route makes nothing good, nor does a run that was cancelled', async () => {
  const failed = await ended('failed', 2 * HOUR_MS);
  const own = routeId;
  routeId = (await aRoute(database.app)).id;
  await ended('succeeded', HOUR_MS, { files: { 'a.csv': 'delivered' } });
  routeId = own;
  await ended('cancelled', HOUR_MS);
  expect(await inNeed()).toEqual([failed]);
});

test('a failure of more than a day ago needs nobody any more, and is made good all the same', async () => {
  const failed = await ended('failed', 25 * HOUR_MS, { files: { 'a.csv': 'failed' } });
  expect(await inNeed()).toEqual([]);
  const later = await ended('succeeded', HOUR_MS, { files: { 'a.csv': 'delivered' } });
  expect(await settledBy(failed)).toBe(later);
});

test('a file that may have arrived needs somebody until a resend has delivered it', async () => {
  const partial = await ended('partial', 3 * HOUR_MS, { files: { 'a.csv': 'uncertain' } });
  await ended('succeeded', 2 * HOUR_MS, { files: { 'a.csv': 'skipped', 'b.csv': 'delivered' } });
  await ended('succeeded', 2 * HOUR_MS, { files: { 'a.csv': 'delivered' } });
  expect(await inNeed()).toEqual([partial]);
  await ended('succeeded', HOUR_MS, { files: { 'a.csv': 'delivered' }, resendOfId: partial });
  expect(await inNeed()).toEqual([]);
});

test('a file that was delivered and is still to be dealt with at the source needs somebody', async () => {
  const files = { 'a.csv': 'delivered' } as const;
  const partial = await ended('partial', 2 * HOUR_MS, { files });
  const { routeSnapshot } = await database.app.transfer.findUniqueOrThrow({ where: { id: partial } });
  await database.app.transfer.update({
    where: { id: partial },
    data: { routeSnapshot: { ...(routeSnapshot as object), afterAction: 'delete' } },
  });
  await ended('succeeded', HOUR_MS, { files });
  expect(await inNeed()).toEqual([partial]);
  const ofAnother = await ended('partial', HOUR_MS, { files });
  expect(new Set(await inNeed())).toEqual(new Set([ofAnother, partial]));
  await ended('succeeded', 30 * MINUTE_MS, { files: { 'b.csv': 'delivered' } });
  expect(await inNeed()).toEqual([partial]);
});

test('what is held or waits needs somebody, however the route went since', async () => {
  const held = await ended('held', 30 * HOUR_MS);
  await ended('succeeded', HOUR_MS, { files: { 'a.csv': 'delivered' } });
  expect(await inNeed()).toEqual([held]);
});
