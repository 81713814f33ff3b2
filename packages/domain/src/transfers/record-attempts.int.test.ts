import { afterAll, expect, test } from '@jest/globals';
import type { Tx } from '@waybill/db/transaction.js';
import { openTransfers } from '../test-support/transfers.js';
import { recordFilePart } from './file-part.js';
import { renewLease } from './lease.js';
import { beginFiles, recordAttempts, recordVerified } from './record-attempts.js';
import { findOpenFiles } from './settle-files.js';

const { database, worker, asWorker, aRun, begin, read, ended } = await openTransfers();
afterAll(() => database.close());

/** How many rows of files a transaction looks at. */
async function countLooks(work: (tx: Tx) => Promise<unknown>): Promise<number> {
  return asWorker(async (tx) => {
    const before = await looksOf(tx);
    await work(tx);
    return (await looksOf(tx)) - before;
  });
}

async function looksOf(tx: Tx): Promise<number> {
  const [row] = await tx.$queryRaw<{ looks: bigint }[]>`
    SELECT seq_tup_read + idx_tup_fetch AS looks FROM pg_stat_xact_user_tables WHERE relname = 'transfer_file'`;
  return Number(row!.looks);
}

test('attempts that are given once more, because nobody knows whether they were written down, are there once', async () => {
  const run = await aRun();
  const [first, second] = await begin(run);
  const failure = { kind: 'connection_lost', text: 'Lost.', step: 'rename' } as const;
  const attempts = [
    ended(first!),
    ended(second!, { outcome: 'failed', fileState: 'moving', temporaryPath: '/t', failure }),
  ];
  const record = () => asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 5 }));
  await record();
  await record();
  const id = run.lease.transferId;
  expect(await read(id)).toMatchObject({
    deliveredCount: 1,
    files: [
      { state: 'delivered', attemptCount: 1 },
      { state: 'moving', attemptCount: 1 },
    ],
  });
  expect(await database.app.attempt.count({ where: { transferId: id } })).toBe(2);
});

test('an uncertain file keeps on record what was begun under its final name, as long as nothing of it was verified', async () => {
  const run = await aRun(['a', 'b', 'c']);
  const { lease } = run;
  const [a, b, c] = await begin(run);
  const part = { sourceSizeBytes: 9, sourceModifiedAt: new Date(), resumedFrom: null };
  const begun = (file: { targetPath: string }) => ({ ...part, path: file.targetPath });
  const parts = [begun(a!), begun(b!), { ...part, path: '/in/.waybill-c' }];
  for (const [index, { id: fileId }] of [a!, b!, c!].entries())
    await asWorker((tx) => recordFilePart(tx, lease, { fileId, part: parts[index]! }));
  const verified = { bytes: 9, sha256: 'b'.repeat(64), sourceModifiedAt: null, temporaryPath: '/t' };
  await asWorker((tx) => recordVerified(tx, lease, [{ fileId: b!.id, ...verified }]));
  const attempts = [a!, b!, c!].map((file) => ended(file, { outcome: 'uncertain', fileState: 'uncertain' }));
  await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 0 }));
  const { files } = await read(lease.transferId);
  expect(files.toSorted((x, y) => x.position - y.position)).toMatchObject([
    { state: 'uncertain', partial: { path: a!.targetPath, sourceSizeBytes: 9 } },
    { state: 'uncertain', partial: null },
    { state: 'uncertain', partial: null },
  ]);
});

test('writing down what happened to a few files looks at those few, however many the transfer has', async () => {
  const run = await aRun(Array.from({ length: 3000 }, (_, index) => `order-${index}`));
  const { lease } = run;
  const files = (await findOpenFiles(database.worker, run)).map((file) => ({ ...file, temporaryPath: '/t' }));
  const few = files.slice(0, 4);
  const verified = few.map(({ id: fileId }) => ({
    fileId,
    bytes: 5,
    sha256: 'b'.repeat(64),
    sourceModifiedAt: null,
    temporaryPath: '/t',
  }));
  const attempts = few.map((file) => ended(file));
  // All of them, so that those that are looked for are no exception.
  await asWorker((tx) => beginFiles(tx, lease, files.slice(4)));
  const progress = { movedBytes: 7, files: new Map(few.map(({ id }) => [id, 2])) };
  const looks = [
    await countLooks((tx) => beginFiles(tx, lease, few)),
    await countLooks((tx) => renewLease(tx, lease, { leaseMs: 60_000, progress })),
    await countLooks((tx) => recordVerified(tx, lease, verified)),
    await countLooks((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 20 })),
  ];
  for (const count of looks) {
    expect(count).toBeGreaterThanOrEqual(4);
    expect(count).toBeLessThan(40);
  }
});
