import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ResendFiles, TransferFileState } from '@waybill/contracts/transfers.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { newId } from '../new-id.js';
import { cancelTransfer } from './cancel-transfer.js';
import { namesToResend } from './resend-transfer.js';
import { startTransfer } from './start-transfer.js';

let database: TestDatabase;
let routeId: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  routeId = (await aRoute(database.app)).id;
});

const person = anActor();
const startFirst = async () =>
  (
    await inTransaction(database.app, (tx) =>
      startTransfer(tx, person, { cause: 'manual' as const, routeId }),
    )
  ).transferId;
const resend = (
  resendOfId: string,
  { resendFiles = 'not_delivered', ...rest }: { resendFiles?: ResendFiles; idempotencyKey?: string } = {},
) =>
  inTransaction(database.app, (tx) =>
    startTransfer(tx, person, { cause: 'resend', resendOfId, resendFiles, reason: 'partner asks', ...rest }),
  );
const cancel = (id: string) => inTransaction(database.app, (tx) => cancelTransfer(tx, person, { id }));
const namesOf = async (resendOfId: string, resendFiles: ResendFiles = 'not_delivered') => {
  const names = await namesToResend(database.worker, { resendOfId, resendFiles });
  return names && [...names].toSorted();
};

/** The transfer has ended with its files in these states, by their names. */
async function ends(id: string, files: Record<string, TransferFileState | 'cancelled'>): Promise<void> {
  await database.app.transfer.update({ where: { id }, data: { state: 'partial' } });
  await database.app.transferFile.createMany({
    data: Object.entries(files).map(([name, state], position) => ({
      id: newId(),
      transferId: id,
      position,
      name,
      sourcePath: `/out/${name}`,
      targetPath: `/in/${name}`,
      ...(state === 'cancelled' ? { state: 'skipped', failureKind: 'cancelled' } : { state }),
    })),
  });
}

describe('sending again', () => {
  test('is for what is over, and makes a new transfer with the reason on record', async () => {
    const id = await startFirst();
    await expect(resend(id)).rejects.toMatchObject({ code: 'wrong_state' });
    await cancel(id);
    const { transferId } = await resend(id);
    expect(await database.app.transfer.findUniqueOrThrow({ where: { id: transferId } })).toMatchObject({
      cause: 'resend',
      resendOfId: id,
      resendFiles: 'not_delivered',
      state: 'queued',
    });
    const [event] = await database.app.auditEvent.findMany({ where: { objectId: transferId } });
    const details = { cause: 'resend', resendOfId: id, resendFiles: 'not_delivered', reason: 'partner asks' };
    expect(event?.details).toMatchObject(details);
    await expect(resend(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  test('takes what was not delivered, and all only where all are asked for', async () => {
    const id = await startFirst();
    await ends(id, { a: 'delivered', b: 'failed', c: 'uncertain', d: 'cancelled', e: 'skipped' });
    expect(await namesOf(id)).toEqual(['b', 'c', 'd']);
    expect(await namesOf(id, 'all')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('does not take what was delivered by one that sent it again, nor by one that sent that again', async () => {
    const first = await startFirst();
    await ends(first, { a: 'failed', b: 'failed', c: 'uncertain' });
    const second = (await resend(first)).transferId;
    // Whoever asks at the same moment gets what is left when its turn comes.
    const beside = await resend(first);
    await ends(second, { a: 'delivered', b: 'failed', c: 'uncertain' });
    expect(await namesOf(first)).toEqual(['b', 'c']);
    await ends((await resend(second)).transferId, { b: 'delivered', c: 'delivered' });
    expect(await namesOf(first)).toEqual([]);
    expect(await namesOf(second)).toEqual([]);
    expect(beside.isNew).toBe(true);
    const refusal = { code: 'wrong_state', detail: expect.stringMatching(/was delivered.*ask for all/) };
    await expect(resend(first)).rejects.toMatchObject(refusal);
    expect(await resend(first, { resendFiles: 'all' })).toMatchObject({ isNew: true });
  });

  test('with one key is one transfer, also when nothing is left to be sent by then', async () => {
    const id = await startFirst();
    await ends(id, { a: 'failed' });
    const again = await resend(id, { idempotencyKey: 'key' });
    await ends(again.transferId, { a: 'delivered' });
    expect(await resend(id, { idempotencyKey: 'key' })).toEqual({ ...again, isNew: false });
    await expect(resend(id, { idempotencyKey: 'key', resendFiles: 'all' })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
  });

  test('of what never came to a plan, or had nothing to send, goes by the pattern of the route', async () => {
    const [unplanned, empty] = [await startFirst(), await startFirst()];
    await cancel(unplanned);
    await ends(empty, { a: 'skipped' });
    expect(await namesOf(unplanned)).toBeNull();
    expect(await namesOf(empty)).toBeNull();
    expect(await resend(empty)).toMatchObject({ isNew: true });
  });
});
