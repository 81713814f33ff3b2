import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { aRoute } from '@waybill/testing/builders.js';
import { untilWaiting } from '@waybill/testing/until-waiting.js';
import { holdEndpoint, releaseEndpoint } from '../endpoints/hold-endpoint.js';
import { updateRoute } from '../routes/routes.js';
import { finishCancelled } from './cancel-transfer.js';
import { claimTransfer } from './claim-transfer.js';
import { LeaseLostError, renewLease } from './lease.js';
import { recordVerified } from './record-attempts.js';
import { recordPlan } from './record-plan.js';
import { sweep } from './sweep.js';
import { openTransfers } from '../test-support/transfers.js';

const {
  database,
  person,
  worker,
  asApp,
  asWorker,
  read,
  actionsOf,
  aTransfer,
  claim,
  aRun,
  begin,
  finish,
  aCancelledOne,
} = await openTransfers();
afterAll(() => database.close());

describe('the lease', () => {
  test('is given to one of many workers', async () => {
    const id = await aTransfer();
    const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(id, `w${i}`)));
    expect(claims.filter((one) => one !== null)).toHaveLength(1);
    expect(await actionsOf(id)).toEqual(['transfer.requested', 'transfer.started']);
  });

  test('that ran out is taken over, and the old run can write nothing any more', async () => {
    const id = await aTransfer();
    const old = await claim(id, 'old', 1);
    await sleep(20);
    const fresh = await claim(id, 'new');
    expect(fresh?.lease).toMatchObject({ workerId: 'new', tryNumber: 2 });
    expect(await actionsOf(id)).toContain('transfer.recovered');
    const progress = { movedBytes: 1, files: new Map() };
    for (const write of [
      () => renewLease(database.worker, old!.lease, { leaseMs: 1000, progress }),
      () => asWorker((tx) => recordPlan(tx, worker, { claim: old!, files: [] })),
      () => finish(old!),
      () => asWorker((tx) => finishCancelled(tx, worker, old!)),
    ])
      await expect(write()).rejects.toBeInstanceOf(LeaseLostError);
    expect(await read(id)).toMatchObject({ state: 'running', leaseOwner: 'new' });
  });

  test('that ran out leaves an attempt of each file that was begun, and none of those that only had their turn', async () => {
    const run = await aRun(['a', 'b', 'c']);
    const { transferId } = run.lease;
    const [verified, half] = await begin(run);
    const fact = {
      fileId: verified!.id,
      bytes: 5,
      sha256: 'b'.repeat(64),
      sourceModifiedAt: null,
      temporaryPath: '/t',
    };
    await recordVerified(database.worker, run.lease, [fact]);
    const progress = { movedBytes: 7, files: new Map([[half!.id, 2]]) };
    await renewLease(database.worker, run.lease, { leaseMs: 0, progress });
    const { tryStartedAt, leaseRenewedAt } = await read(transferId);
    await sleep(20);
    await claim(transferId, 'new');
    const attempts = await database.app.attempt.findMany({
      where: { transferId },
      orderBy: { bytes: 'asc' },
    });
    const lost = {
      tryNumber: 1,
      workerId: 'w1',
      outcome: 'failed',
      failureKind: 'worker_lost',
      failureText: 'The worker w1 was lost during this try.',
      startedAt: tryStartedAt,
      finishedAt: leaseRenewedAt,
      durationMs: leaseRenewedAt!.getTime() - tryStartedAt!.getTime(),
    };
    expect(lost.durationMs).toBeGreaterThan(0);
    expect((await read(transferId)).tryStartedAt!.getTime()).toBeGreaterThan(leaseRenewedAt!.getTime());
    expect(attempts).toMatchObject([
      { ...lost, transferFileId: half!.id, bytes: 2n },
      { ...lost, transferFileId: verified!.id, bytes: 5n },
    ]);
  });

  test('that ran out is told of though the transfer goes on hold, and only once', async () => {
    const run = await aRun(['a']);
    const { transferId } = run.lease;
    const [file] = await begin(run);
    const progress = { movedBytes: 2, files: new Map([[file!.id, 2]]) };
    await renewLease(database.worker, run.lease, { leaseMs: 0, progress });
    const id = run.snapshot.targetEndpointId;
    await asApp((tx) => holdEndpoint(tx, worker, { id, reason: 'Broken.' }));
    expect(await claim(transferId, 'new')).toBeNull();
    expect((await actionsOf(transferId)).slice(-2)).toEqual(['transfer.recovered', 'transfer.held']);
    await asApp((tx) => releaseEndpoint(tx, person, { id }));
    await asWorker((tx) => sweep(tx, worker));
    expect(await claim(transferId, 'new')).toMatchObject({ lease: { tryNumber: 2 } });
    expect(await database.app.attempt.findMany({ where: { transferId } })).toMatchObject([
      { tryNumber: 1, workerId: 'w1', failureKind: 'worker_lost', transferFileId: file!.id, bytes: 2n },
    ]);
    const told = (await actionsOf(transferId)).filter((action) => action === 'transfer.recovered');
    expect(told).toHaveLength(1);
  });

  test('that is lost while a file is verified waits for who takes it over, and is lost to both sides alike', async () => {
    const run = await aRun(['a']);
    const { transferId } = run.lease;
    const [file] = await begin(run);
    const verified = {
      fileId: file!.id,
      bytes: 5,
      sha256: 'b'.repeat(64),
      sourceModifiedAt: null,
      temporaryPath: '/t',
    };
    await database.app.transfer.update({ where: { id: transferId }, data: { leaseUntil: new Date(0) } });
    let late: Promise<unknown> = Promise.resolve();
    await asWorker(async (tx) => {
      await claimTransfer(tx, worker, { transferId, workerId: 'new', leaseMs: 60_000 });
      late = recordVerified(database.worker, run.lease, [verified]).catch((error: unknown) => error);
      await untilWaiting(database.worker);
    });
    expect(await late).toBeInstanceOf(LeaseLostError);
  });

  test('that is lost while files are begun waits for who takes it over, and none of them is begun', async () => {
    const run = await aRun(['a']);
    const { transferId } = run.lease;
    await database.app.transfer.update({ where: { id: transferId }, data: { leaseUntil: new Date(0) } });
    let late: Promise<unknown> = Promise.resolve();
    await asWorker(async (tx) => {
      await claimTransfer(tx, worker, { transferId, workerId: 'new', leaseMs: 60_000 });
      late = begin(run).catch((error: unknown) => error);
      await untilWaiting(database.worker);
    });
    expect(await late).toBeInstanceOf(LeaseLostError);
    expect((await read(transferId)).files).toMatchObject([{ state: 'planned', temporaryPath: null }]);
  });

  test('is renewed without waiting for a file that is being written down', async () => {
    const run = await aRun(['a', 'b']);
    const [first, second] = await begin(run);
    const progress = { movedBytes: 6, files: new Map([first!, second!].map(({ id }) => [id, 3])) };
    await asWorker(async (tx) => {
      await tx.transferFile.update({ where: { id: first!.id }, data: { movedBytes: 5 } });
      await renewLease(database.worker, run.lease, { leaseMs: 60_000, progress });
    });
    const moved = (await read(run.lease.transferId)).files.map(({ movedBytes }) => movedBytes);
    expect(moved).toEqual([5n, 3n]);
  });

  test('that is lost keeps a verified file from being renamed by the old run', async () => {
    const run = await aRun(['a']);
    const [file] = await begin(run);
    await database.app.transfer.update({
      where: { id: run.lease.transferId },
      data: { leaseUntil: new Date(0) },
    });
    await claim(run.lease.transferId, 'new');
    const verified = {
      fileId: file!.id,
      bytes: 5,
      sha256: 'b'.repeat(64),
      sourceModifiedAt: null,
      temporaryPath: '/t',
    };
    await expect(recordVerified(database.worker, run.lease, [verified])).rejects.toBeInstanceOf(
      LeaseLostError,
    );
  });

  test('is not given for a transfer whose endpoint is on hold; it waits, and goes on after the release', async () => {
    const route = await aRoute(database.app);
    const id = await aTransfer(route.id);
    await asApp((tx) => holdEndpoint(tx, worker, { id: route.source.id, reason: 'Broken.' }));
    expect(await claim(id)).toBeNull();
    expect(await read(id)).toMatchObject({ state: 'held', failureKind: 'endpoint_held' });
    expect((await asWorker((tx) => sweep(tx, worker))).transferIds).not.toContain(id);
    await asApp((tx) => releaseEndpoint(tx, person, { id: route.source.id }));
    expect((await asWorker((tx) => sweep(tx, worker))).transferIds).toContain(id);
    expect(await claim(id)).not.toBeNull();
    expect(await actionsOf(id)).toEqual(
      expect.arrayContaining(['transfer.held', 'transfer.released', 'transfer.started']),
    );
  });

  test('is not given for a transfer whose route was disabled meanwhile; it goes on when that is enabled again', async () => {
    const route = await aRoute(database.app);
    const [id, waiting] = [await aTransfer(route.id), await aTransfer(route.id)];
    const failure = { kind: 'connection_lost', text: 'Lost.', step: 'list', endpointId: null } as const;
    await finish((await claim(id))!, failure);
    await database.app.transfer.update({ where: { id }, data: { nextTryAt: new Date(0) } });
    const enable = (enabled: boolean) =>
      asApp((tx) => updateRoute(tx, person, { id: route.id, change: { enabled } }));
    await enable(false);
    for (const one of [id, waiting]) {
      expect(await claim(one)).toBeNull();
      expect(await read(one)).toMatchObject({
        state: 'held',
        failureKind: 'route_disabled',
        failureText: expect.stringMatching(`${route.name} was disabled .* Enable it again`),
      });
    }
    const swept = async () => (await asWorker((tx) => sweep(tx, worker))).transferIds;
    expect(await swept()).not.toContain(id);
    await enable(true);
    expect(await swept()).toEqual(expect.arrayContaining([id, waiting]));
    expect(await claim(id)).not.toBeNull();
  });

  test('is given for clearing up what is to be cancelled, though its route was disabled', async () => {
    const { id } = await aCancelledOne();
    await database.app.route.updateMany({ data: { enabled: false } });
    expect(await claim(id)).toMatchObject({ cancelRequested: true });
    await database.app.route.updateMany({ data: { enabled: true } });
  });

  test('is not needed where what is to be cancelled cannot be cleared up, because its endpoint is on hold', async () => {
    const { id, endpointId } = await aCancelledOne();
    await asApp((tx) => holdEndpoint(tx, worker, { id: endpointId, reason: 'Login refused.' }));
    expect(await claim(id)).toBeNull();
    expect(await read(id)).toMatchObject({ state: 'cancelled', files: [{ state: 'skipped' }] });
    expect(await actionsOf(id)).toEqual(expect.arrayContaining(['transfer.held', 'transfer.cancelled']));
  });

  test('of a worker that dies time and again is given a few times more than the route has tries, and no more files go then', async () => {
    const id = await aTransfer((await aRoute(database.app, { maxTries: 1 })).id);
    const flags: boolean[] = [];
    for (let round = 0; round < 5; round++) {
      flags.push((await claim(id, `w${round}`, 1))!.exhausted);
      await sleep(10);
    }
    expect(flags).toEqual([false, false, false, false, true]);
  });
});
