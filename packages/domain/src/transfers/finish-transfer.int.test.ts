import { afterAll, describe, expect, test } from '@jest/globals';
import { atWrongTime } from '@waybill/testing/wrong-time.js';
import { cancelTransfer, finishCancelled } from './cancel-transfer.js';
import { recordFilePart } from './file-part.js';
import { renewLease } from './lease.js';
import { recordAttempts, recordVerified } from './record-attempts.js';
import { openTransfers } from '../test-support/transfers.js';

const { database, person, worker, asApp, asWorker, read, claim, aRun, begin, ended, finish } =
  await openTransfers();
afterAll(() => database.close());

/** What is known of a file that lies whole under its temporary name. */
const verified = (fileId: string) => ({
  fileId,
  bytes: 5,
  sha256: 'b'.repeat(64),
  sourceModifiedAt: null,
  temporaryPath: '/t',
});

describe('the end of a try', () => {
  test('is success when every file is delivered', async () => {
    const run = await aRun();
    const files = await begin(run);
    await asWorker((tx) =>
      recordAttempts(tx, worker, { claim: run, attempts: files.map((file) => ended(file)), movedBytes: 10 }),
    );
    expect(await finish(run)).toEqual({ state: 'succeeded', notificationIds: [] });
    expect(await read(run.lease.transferId)).toMatchObject({
      deliveredCount: 2,
      movedBytes: 10n,
      leaseOwner: null,
    });
  });

  test('is a retry with the file planned again, then a failure when no try is left', async () => {
    const run = await aRun(['a']);
    const [file] = await begin(run);
    const failure = { kind: 'connection_lost', text: 'Lost.', step: 'transfer' } as const;
    const attempt = ended(file!, {
      outcome: 'failed',
      fileState: 'planned',
      failure,
      bytes: 2,
      sha256: null,
    });
    await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts: [attempt], movedBytes: 0 }));
    expect(await finish(run, { ...failure, endpointId: null })).toMatchObject({ state: 'waiting' });
    const waiting = await read(run.lease.transferId);
    expect(waiting.nextTryAt!.getTime()).toBeGreaterThan(Date.now());
    expect(waiting.files).toMatchObject([{ state: 'planned', movedBytes: 0n, attemptCount: 1 }]);
    expect(await claim(run.lease.transferId)).toBeNull();

    await database.app.transfer.update({
      where: { id: run.lease.transferId },
      data: { nextTryAt: new Date(), tryCount: 4 },
    });
    const last = await claim(run.lease.transferId);
    expect(await finish(last!, { ...failure, endpointId: null })).toMatchObject({ state: 'failed' });
    expect((await read(run.lease.transferId)).files).toMatchObject([
      { state: 'failed', failureKind: 'connection_lost' },
    ]);
  });

  test('by a worker whose clock is wrong puts the next try off no longer than by one whose clock is right', async () => {
    const run = await aRun(['a']);
    const failure = { kind: 'connection_lost', text: 'Lost.', step: 'transfer', endpointId: null } as const;
    await atWrongTime(() => finish(run, failure));
    const wait = (await read(run.lease.transferId)).nextTryAt!.getTime() - Date.now();
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThan(10_000);
  });

  test('is partial when a file that may have arrived cannot be compared any more', async () => {
    const run = await aRun(['a', 'b', 'c', 'd']);
    const [first, second, , fourth] = await begin(run);
    const path = fourth!.targetPath;
    const part = { path, sourceSizeBytes: 5, sourceModifiedAt: null, resumedFrom: null };
    await recordFilePart(database.worker, run.lease, { fileId: fourth!.id, part });
    await asWorker((tx) =>
      recordAttempts(tx, worker, { claim: run, attempts: [ended(first!)], movedBytes: 5 }),
    );
    await recordVerified(database.worker, run.lease, [verified(second!.id)]);
    const failure = { kind: 'permission_denied', text: 'No.', step: 'list', endpointId: null } as const;
    expect(await finish(run, failure)).toMatchObject({ state: 'partial' });
    const { files } = await read(run.lease.transferId);
    // The third was never verified under its temporary name, so it cannot have its final one. The fourth was begun
    // under that.
    expect(files.map((file) => [file.name, file.state]).sort()).toEqual([
      ['a', 'delivered'],
      ['b', 'uncertain'],
      ['c', 'failed'],
      ['d', 'uncertain'],
    ]);
  });

  test('by a person, while the transfer is on hold, says what may have arrived, and leaves nothing moving', async () => {
    const run = await aRun(['a', 'b', 'c']);
    const { transferId } = run.lease;
    const [first, second] = await begin(run);
    const attempts = [ended(first!)];
    await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 5 }));
    await recordVerified(database.worker, run.lease, [verified(second!.id)]);
    const endpointId = run.snapshot.targetEndpointId;
    const failure = { kind: 'login_refused', text: 'Wrong password.', step: 'login', endpointId } as const;
    expect(await finish(run, failure)).toMatchObject({ state: 'held' });
    expect(await asApp((tx) => cancelTransfer(tx, person, { id: transferId }))).toEqual({ ring: false });
    const { state, files } = await read(transferId);
    expect([state, ...files.map((file) => file.state)]).toEqual([
      'cancelled',
      'delivered',
      'uncertain',
      'skipped',
    ]);
    expect(await database.app.auditEvent.count({ where: { objectId: second!.id } })).toBe(1);
  });

  test('after a cancellation keeps the bytes that were delivered before', async () => {
    const run = await aRun(['a', 'b']);
    const [first] = await begin(run);
    const attempts = [ended(first!)];
    await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 5 }));
    await renewLease(database.worker, run.lease, {
      leaseMs: 60_000,
      progress: { movedBytes: 99, files: new Map() },
    });
    await asWorker((tx) => finishCancelled(tx, worker, run));
    expect(await read(run.lease.transferId)).toMatchObject({ state: 'cancelled', movedBytes: 5n });
  });

  test('with something on record that only a person can cure puts transfer and endpoint on hold', async () => {
    const run = await aRun(['a']);
    const endpointId = run.snapshot.targetEndpointId;
    const failure = { kind: 'login_refused', text: 'Wrong password.', step: 'login', endpointId } as const;
    expect(await finish(run, failure)).toMatchObject({ state: 'held' });
    expect(await database.app.endpoint.findUniqueOrThrow({ where: { id: endpointId } })).toMatchObject({
      heldReason: 'Wrong password.',
      heldKind: 'login_refused',
    });
    expect(
      await database.app.auditEvent.findFirstOrThrow({
        where: { objectId: endpointId, action: 'endpoint.held' },
      }),
    ).toMatchObject({ outcome: 'failed', details: { reason: 'Wrong password.' } });
  });
});
