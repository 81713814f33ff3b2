import { afterAll, expect, test } from '@jest/globals';
import { sweep } from './sweep.js';
import { openTransfers } from '../test-support/transfers.js';

const { database, worker, asWorker, aTransfer, aRun } = await openTransfers();
afterAll(() => database.close());

test('the sweeper leaves alone what is young, running, waiting for later, or over', async () => {
  const running = (await aRun(['a'])).lease.transferId;
  const old = await aTransfer();
  await database.app.transfer.update({
    where: { id: old },
    data: { createdAt: new Date(Date.now() - 10_000) },
  });
  // Last: it grows old in two seconds.
  const young = await aTransfer();
  const { transferIds } = await asWorker((tx) => sweep(tx, worker));
  expect(transferIds).toContain(old);
  expect(transferIds).not.toContain(young);
  expect(transferIds).not.toContain(running);
});

test('the worker may do all of this with its own role, and only this', async () => {
  await expect(database.worker.user.findMany()).rejects.toThrow(/denied/);
  await expect(database.worker.attempt.deleteMany()).rejects.toThrow(/denied/);
});
