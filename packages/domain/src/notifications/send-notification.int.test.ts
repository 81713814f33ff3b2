import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { atWrongTime } from '@waybill/testing/wrong-time.js';
import { systemActor } from '../actor.js';
import { newId } from '../new-id.js';
import { MAX_MAIL_TRIES, recordNotSent, recordSent, takeNotification } from './send-notification.js';

let database: TestDatabase;
let id: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  id = newId();
  const message = { recipients: ['a@example.com'], subject: 'Failed', body: '', nextTryAt: new Date() };
  await database.app.notification.create({ data: { id, ...message } });
});

const worker = systemActor('worker test');
const read = () => database.app.notification.findUniqueOrThrow({ where: { id } });
const take = () => inTransaction(database.worker, (tx) => takeNotification(tx, id));
const events = async () =>
  (await database.app.auditEvent.findMany({ where: { objectId: id } })).map(({ action }) => action);

/** Two workers have it: the first was so slow that it fell due again. */
async function takeTwice(tryCount = 0) {
  await database.app.notification.update({ where: { id }, data: { tryCount } });
  const slow = await take();
  await database.app.notification.update({ where: { id }, data: { nextTryAt: new Date() } });
  const quick = await take();
  if (slow === null || quick === null) throw new Error('not taken');
  return { slow, quick };
}

test('a message is taken by one worker at a time', async () => {
  const taken = await Promise.all([take(), take(), take()]);
  expect(taken.filter((one) => one !== null)).toHaveLength(1);
});

test('a failure that comes late does not undo that another worker has sent the message', async () => {
  const { slow, quick } = await takeTwice(MAX_MAIL_TRIES - 1);
  await inTransaction(database.worker, (tx) => recordSent(tx, worker, quick));
  await inTransaction(database.worker, (tx) => recordNotSent(tx, worker, slow, 'timed out'));
  expect(await read()).toMatchObject({ state: 'sent', lastError: null, nextTryAt: null });
  expect(await events()).toEqual(['notification.sent']);
});

test('a failure that comes late does not put off the try of another worker', async () => {
  const { slow, quick } = await takeTwice();
  const { nextTryAt } = await read();
  await inTransaction(database.worker, (tx) => recordNotSent(tx, worker, slow, 'timed out'));
  expect(await read()).toMatchObject({ state: 'queued', nextTryAt, lastError: null });
  await inTransaction(database.worker, (tx) => recordNotSent(tx, worker, quick, 'refused'));
  expect(await read()).toMatchObject({ state: 'queued', lastError: 'refused' });
});

test('a message that two workers have sent is called sent once', async () => {
  const { slow, quick } = await takeTwice();
  await inTransaction(database.worker, (tx) => recordSent(tx, worker, slow));
  await inTransaction(database.worker, (tx) => recordSent(tx, worker, quick));
  expect(await events()).toEqual(['notification.sent']);
});

test('whatever the mail server said is kept, up to where it is cut', async () => {
  const { quick } = await takeTwice(MAX_MAIL_TRIES - 1);
  const said = `\0${'x'.repeat(499)}😀`;
  await inTransaction(database.worker, (tx) => recordNotSent(tx, worker, quick, said));
  expect(await read()).toMatchObject({ state: 'failed', lastError: 'x'.repeat(499) });
  expect(await events()).toEqual(['notification.failed']);
});

test('a worker whose clock is wrong takes no message early, and puts none off for longer', async () => {
  const message = await atWrongTime(take);
  if (message === null) throw new Error('not taken');
  expect(await atWrongTime(take)).toBeNull();
  await atWrongTime(() =>
    inTransaction(database.worker, (tx) => recordNotSent(tx, worker, message, 'refused')),
  );
  const wait = (await read()).nextTryAt!.getTime() - Date.now();
  expect(wait).toBeGreaterThan(20_000);
  expect(wait).toBeLessThan(40_000);
});
