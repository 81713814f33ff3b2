import { afterAll, describe, expect, test } from '@jest/globals';
import { pauseInstallation, resumeInstallation } from '../settings/pause.js';
import { cancelTransfer, finishCancelled } from './cancel-transfer.js';
import { renewLease } from './lease.js';
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
