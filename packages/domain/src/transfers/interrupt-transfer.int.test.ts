import { afterAll, expect, test } from '@jest/globals';
import { openTransfers } from '../test-support/transfers.js';
import type { Claim } from './claim.js';
import { interruptTransfer } from './interrupt-transfer.js';
import { recordAttempts } from './record-attempts.js';
import { findOpenFiles } from './settle-files.js';

const { database, worker, asWorker, aRun, begin, ended, claim } = await openTransfers();
afterAll(() => database.close());

/** The numbers in the temporary names that the next run gives. */
async function interruptAndCount(run: Claim): Promise<number[]> {
  await asWorker((tx) => interruptTransfer(tx, worker, { claim: run, reason: 'It was told to stop.' }));
  const next = await claim(run.lease.transferId, 'w2');
  const files = await findOpenFiles(database.worker, next!);
  return files.map(({ attemptCount }) => next!.lease.tryNumber + attemptCount);
}

test('a try that was stopped does not count, and its numbers are not given once more', async () => {
  const run = await aRun();
  const files = await begin(run);
  const failure = { kind: 'worker_stopped', text: 'Stopped.', step: 'rename' } as const;
  const attempts = files.map((file) => ended(file, { outcome: 'failed', fileState: 'moving', failure }));
  await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 0 }));
  expect(await interruptAndCount(run)).toEqual([2, 2]);
  expect(await database.app.transfer.findFirst({ where: { id: run.lease.transferId } })).toMatchObject({
    tryCount: 1,
  });
});

test('files that an earlier try has left in the middle do not make a stopped try count', async () => {
  const run = await aRun();
  const [lost, recorded] = await begin(run);
  const failure = { kind: 'worker_stopped', text: 'Stopped.', step: 'rename' } as const;
  const attempts = [ended(recorded!, { outcome: 'failed', fileState: 'moving', failure })];
  await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 0 }));
  await database.app.transfer.update({
    where: { id: run.lease.transferId },
    data: { state: 'queued', leaseOwner: null, leaseUntil: null },
  });
  const next = await claim(run.lease.transferId, 'w2');
  await asWorker((tx) => interruptTransfer(tx, worker, { claim: next!, reason: 'It was told to stop.' }));
  const { tryCount } = await database.app.transfer.findFirstOrThrow({ where: { id: run.lease.transferId } });
  expect(tryCount).toBe(next!.lease.tryNumber - 1);
  expect(await database.app.transferFile.count({ where: { id: lost!.id, state: 'moving' } })).toBe(1);
});

test('where what was done to a file could not be written down, the stopped try counts, so that its number is not given once more', async () => {
  const run = await aRun();
  const [first] = await begin(run);
  const attempts = [ended(first!)];
  await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 5 }));
  expect(await interruptAndCount(run)).toEqual([2]);
});
