import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Tx } from '@waybill/db/transaction.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { atWrongTime } from '@waybill/testing/wrong-time.js';
import type { Actor } from '../actor.js';
import { systemActor } from '../actor.js';
import { holdEndpoint, releaseEndpoint } from '../endpoints/hold-endpoint.js';
import { updateRoute } from '../routes/routes.js';
import { pauseInstallation, resumeInstallation } from '../settings/pause.js';
import { cancelTransfer, finishCancelled } from './cancel-transfer.js';
import type { Claim } from './claim.js';
import { claimTransfer } from './claim-transfer.js';
import { finishTry } from './finish-transfer.js';
import { LeaseLostError, renewLease } from './lease.js';
import { planFiles } from './plan-files.js';
import { type EndedAttempt, beginFiles, recordAttempts, recordVerified } from './record-attempts.js';
import { recordPlan } from './record-plan.js';
import { findOpenFiles } from './settle-files.js';
import { startTransfer } from './start-transfer.js';
import { sweep } from './sweep.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
afterAll(() => database.close());

const person = anActor();
const worker = systemActor('worker test');
const asApp = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(database.app, work);
const asWorker = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(database.worker, work);
const read = (id: string) =>
  database.app.transfer.findUniqueOrThrow({ where: { id }, include: { files: true } });
const actionsOf = async (objectId: string) =>
  (await database.app.auditEvent.findMany({ where: { objectId }, orderBy: { seq: 'asc' } })).map(
    (one) => one.action,
  );

async function aTransfer(routeId?: string): Promise<string> {
  const id = routeId ?? (await aRoute(database.app)).id;
  const { transferId } = await asApp((tx) => startTransfer(tx, person, { cause: 'manual', routeId: id }));
  return transferId;
}

const claim = (transferId: string, workerId = 'w1', leaseMs = 60_000) =>
  asWorker((tx) => claimTransfer(tx, worker, { transferId, workerId, leaseMs }));

async function aRun(names: string[] = ['a', 'b']): Promise<Claim> {
  const claimed = await claim(await aTransfer());
  if (claimed === null) throw new Error('not claimed');
  const entries = names.map((name) => ({
    name,
    path: `/out/${name}`,
    kind: 'file' as const,
    sizeBytes: 5,
    modifiedAt: null,
  }));
  const files = planFiles({ entries, refused: [] }, claimed.snapshot);
  await asWorker((tx) => recordPlan(tx, worker, { claim: claimed, files }));
  return claimed;
}

async function begin(run: Claim) {
  const files = (await findOpenFiles(database.worker, run)).map((file) => ({
    ...file,
    temporaryPath: `/in/.waybill-${file.id}.part`,
  }));
  await asWorker((tx) => beginFiles(tx, run.lease, files));
  return files;
}

function ended(file: EndedAttempt['file'], change: Partial<EndedAttempt> = {}): EndedAttempt {
  return {
    file,
    outcome: 'delivered',
    fileState: 'delivered',
    temporaryPath: null,
    bytes: 5,
    sha256: 'a'.repeat(64),
    verification: 'size',
    failure: null,
    recovered: false,
    startedAt: new Date(),
    durationMs: 3,
    timeline: [],
    connections: [],
    dialogue: [],
    ...change,
  };
}

const finish = (run: Claim, failure: Parameters<typeof finishTry>[2]['failure'] = null) =>
  asWorker((tx) => finishTry(tx, worker, { claim: run, failure, mail: null }));

/** Waits for its next try with something left at the target, and is to be cancelled. */
async function aCancelledOne() {
  const run = await aRun(['a']);
  const [file] = await begin(run);
  const failure = { kind: 'connection_lost', text: 'Lost.', step: 'transfer' } as const;
  const temporaryPath = '/in/.waybill-x';
  const attempts = [ended(file!, { outcome: 'failed', fileState: 'planned', failure, temporaryPath })];
  await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 0 }));
  await finish(run, { ...failure, endpointId: null });
  const id = run.lease.transferId;
  expect(await asApp((tx) => cancelTransfer(tx, person, { id }))).toEqual({ ring: true });
  return { id, endpointId: run.snapshot.targetEndpointId };
}

describe('starting', () => {
  test('keeps the route as it was and says so in the audit log', async () => {
    const route = await aRoute(database.app, { filePattern: '*.csv' });
    const id = await aTransfer(route.id);
    await database.app.route.update({ where: { id: route.id }, data: { filePattern: '*.xml' } });
    expect(await read(id)).toMatchObject({
      state: 'queued',
      requestedBy: person.name,
      routeSnapshot: { name: route.name, filePattern: '*.csv', maxTries: 5 },
    });
    expect(await actionsOf(id)).toEqual(['transfer.requested']);
  });

  test('with one Idempotency-Key starts one transfer, also when twenty ask at once', async () => {
    const route = await aRoute(database.app);
    const input = { cause: 'api', routeId: route.id, idempotencyKey: 'key-1' } as const;
    const all = await Promise.all(
      Array.from({ length: 20 }, () => asApp((tx) => startTransfer(tx, person, input))),
    );
    expect(new Set(all.map((one) => one.transferId)).size).toBe(1);
    expect(all.filter((one) => one.isNew)).toHaveLength(1);
    expect(await database.app.transfer.count({ where: { routeId: route.id } })).toBe(1);
  });

  test('with a key that was used for another route is refused, and with one of somebody else is not', async () => {
    const [one, other] = await Promise.all([aRoute(database.app), aRoute(database.app)]);
    const start = (actor: Actor, routeId: string) =>
      asApp((tx) => startTransfer(tx, actor, { cause: 'api', routeId, idempotencyKey: 'key-2' }));
    await start(person, one.id);
    await expect(start(person, other.id)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(await start(anActor(), other.id)).toMatchObject({ isNew: true });
  });

  test('with a key of more than thirty days ago starts a new one, and old keys do not pile up', async () => {
    const route = await aRoute(database.app);
    const actor = anActor();
    const start = (idempotencyKey: string) =>
      asApp((tx) => startTransfer(tx, actor, { cause: 'api', routeId: route.id, idempotencyKey }));
    const first = await start('old');
    await start('older');
    const longAgo = new Date(Date.now() - 31 * 86_400_000);
    await database.app.idempotencyKey.updateMany({
      where: { actorId: actor.id ?? '' },
      data: { createdAt: longAgo },
    });
    const second = await start('old');
    expect(second.isNew).toBe(true);
    expect(second.transferId).not.toBe(first.transferId);
    const kept = await database.app.idempotencyKey.findMany({ where: { actorId: actor.id ?? '' } });
    expect(kept.map(({ key }) => key)).toEqual(['old']);
    expect(await start('old')).toEqual({ ...second, isNew: false });
  });

  test('is refused while paused, disabled or on hold, and says what to do', async () => {
    const route = await aRoute(database.app);
    await asApp((tx) => pauseInstallation(tx, person, { reason: 'maintenance' }));
    await expect(aTransfer(route.id)).rejects.toMatchObject({
      code: 'paused',
      detail: expect.stringContaining('maintenance'),
    });
    await asApp((tx) => resumeInstallation(tx, person));
    await asApp((tx) => holdEndpoint(tx, worker, { id: route.target.id, reason: 'Login refused.' }));
    await expect(aTransfer(route.id)).rejects.toMatchObject({
      code: 'held',
      detail: expect.stringContaining('Login refused.'),
    });
    await asApp((tx) => releaseEndpoint(tx, person, { id: route.target.id }));
    await database.app.route.update({ where: { id: route.id }, data: { enabled: false } });
    await expect(aTransfer(route.id)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(aTransfer(person.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    expect(await database.app.transfer.count({ where: { routeId: route.id } })).toBe(0);
  });
});

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
    const fact = { fileId: verified!.id, bytes: 5, sha256: 'b'.repeat(64), sourceModifiedAt: null };
    await recordVerified(database.worker, run.lease, fact);
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
    const verified = { fileId: file!.id, bytes: 5, sha256: 'b'.repeat(64), sourceModifiedAt: null };
    await database.app.transfer.update({ where: { id: transferId }, data: { leaseUntil: new Date(0) } });
    let late: Promise<unknown> = Promise.resolve();
    await asWorker(async (tx) => {
      await claimTransfer(tx, worker, { transferId, workerId: 'new', leaseMs: 60_000 });
      late = recordVerified(database.worker, run.lease, verified).catch((error: unknown) => error);
      await sleep(100);
    });
    expect(await late).toBeInstanceOf(LeaseLostError);
  });

  test('that is lost keeps a verified file from being renamed by the old run', async () => {
    const run = await aRun(['a']);
    const [file] = await begin(run);
    await database.app.transfer.update({
      where: { id: run.lease.transferId },
      data: { leaseUntil: new Date(0) },
    });
    await claim(run.lease.transferId, 'new');
    const verified = { fileId: file!.id, bytes: 5, sha256: 'b'.repeat(64), sourceModifiedAt: null };
    await expect(recordVerified(database.worker, run.lease, verified)).rejects.toBeInstanceOf(LeaseLostError);
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
    const run = await aRun(['a', 'b', 'c']);
    const [first, second] = await begin(run);
    await asWorker((tx) =>
      recordAttempts(tx, worker, { claim: run, attempts: [ended(first!)], movedBytes: 5 }),
    );
    const verified = { fileId: second!.id, bytes: 5, sha256: 'b'.repeat(64), sourceModifiedAt: null };
    await recordVerified(database.worker, run.lease, verified);
    const failure = { kind: 'permission_denied', text: 'No.', step: 'list', endpointId: null } as const;
    expect(await finish(run, failure)).toMatchObject({ state: 'partial' });
    const { files } = await read(run.lease.transferId);
    // The third was never verified under its temporary name, so it cannot have its final one.
    expect(files.map((file) => [file.name, file.state]).sort()).toEqual([
      ['a', 'delivered'],
      ['b', 'uncertain'],
      ['c', 'failed'],
    ]);
  });

  test('by a person, while the transfer is on hold, says what may have arrived, and leaves nothing moving', async () => {
    const run = await aRun(['a', 'b', 'c']);
    const { transferId } = run.lease;
    const [first, second] = await begin(run);
    const attempts = [ended(first!)];
    await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 5 }));
    const verified = { fileId: second!.id, bytes: 5, sha256: 'b'.repeat(64), sourceModifiedAt: null };
    await recordVerified(database.worker, run.lease, verified);
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
    expect(await actionsOf(endpointId)).toContain('endpoint.held');
  });
});

describe('cancelling', () => {
  test('what no worker has is over at once, and what is over cannot be cancelled', async () => {
    const id = await aTransfer();
    expect(await asApp((tx) => cancelTransfer(tx, person, { id }))).toEqual({ ring: false });
    expect(await read(id)).toMatchObject({ state: 'cancelled' });
    expect(await actionsOf(id)).toEqual([
      'transfer.requested',
      'transfer.cancel_requested',
      'transfer.cancelled',
    ]);
    await expect(asApp((tx) => cancelTransfer(tx, person, { id }))).rejects.toMatchObject({
      code: 'wrong_state',
    });
    expect(await claim(id)).toBeNull();
  });

  test('what runs asks its worker, once', async () => {
    const run = await aRun(['a']);
    const id = run.lease.transferId;
    await asApp((tx) => cancelTransfer(tx, person, { id }));
    await asApp((tx) => cancelTransfer(tx, person, { id }));
    const progress = { movedBytes: 0, files: new Map() };
    expect(await renewLease(database.worker, run.lease, { leaseMs: 1000, progress })).toEqual({
      cancelRequested: true,
    });
    await asWorker((tx) => finishCancelled(tx, worker, run));
    expect((await actionsOf(id)).filter((action) => action === 'transfer.cancel_requested')).toHaveLength(1);
    expect((await read(id)).files).toMatchObject([{ state: 'skipped', failureKind: 'cancelled' }]);
  });

  test('what fails in the moment of the request is due at once, to be cleared up', async () => {
    const run = await aRun(['a']);
    const id = run.lease.transferId;
    await begin(run);
    await asApp((tx) => cancelTransfer(tx, person, { id }));
    const failure = { kind: 'connection_lost', text: 'Lost.', step: 'transfer', endpointId: null } as const;
    expect(await finish(run, failure)).toMatchObject({ state: 'waiting' });
    expect(await claim(id)).toMatchObject({ cancelRequested: true });
  });

  test('what goes on hold in the moment of the request is over', async () => {
    const run = await aRun(['a']);
    const id = run.lease.transferId;
    await asApp((tx) => cancelTransfer(tx, person, { id }));
    const endpointId = run.snapshot.targetEndpointId;
    const failure = { kind: 'login_refused', text: 'Wrong password.', step: 'login', endpointId } as const;
    expect(await finish(run, failure)).toMatchObject({ state: 'cancelled' });
    expect(await read(id)).toMatchObject({ state: 'cancelled', files: [{ state: 'skipped' }] });
    expect(await actionsOf(endpointId)).toContain('endpoint.held');
    expect((await actionsOf(id)).slice(-2)).toEqual(['transfer.held', 'transfer.cancelled']);
  });

  test('what waits with something left at the target has a worker clear it, also in a pause', async () => {
    const { id } = await aCancelledOne();
    await asApp((tx) => pauseInstallation(tx, person, { reason: 'maintenance' }));
    expect((await asWorker((tx) => sweep(tx, worker))).transferIds).toContain(id);
    expect(await claim(id)).toMatchObject({ cancelRequested: true });
    await asApp((tx) => resumeInstallation(tx, person));
  });
});

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
