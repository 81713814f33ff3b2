import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RouteSnapshot } from '@waybill/contracts/routes.js';
import { type Tx, inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { systemActor } from '../actor.js';
import { holdEndpoint, releaseEndpoint } from '../endpoints/hold-endpoint.js';
import { newId } from '../new-id.js';
import { cancelTransfer } from './cancel-transfer.js';
import type { Claim } from './claim.js';
import { claimTransfer } from './claim-transfer.js';
import { finishTry } from './finish-transfer.js';
import { holdTransfer } from './hold-transfer.js';
import { interruptTransfer } from './interrupt-transfer.js';
import { findNextInLine } from './line.js';
import { startTransfer } from './start-transfer.js';
import { sweep } from './sweep.js';
import { getTransfer } from './transfer-views.js';

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
const worker = systemActor('worker test');
const asApp = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(database.app, work);
const asWorker = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(database.worker, work);
const start = async () =>
  (await asApp((tx) => startTransfer(tx, person, { cause: 'manual', routeId }))).transferId;
const claim = (transferId: string, workerId = 'w1', leaseMs = 60_000) =>
  asWorker((tx) => claimTransfer(tx, worker, { transferId, workerId, leaseMs }));
const nextAfter = (transferId: string) => asWorker((tx) => findNextInLine(tx, transferId));
const LOST = { kind: 'connection_lost', text: 'Lost.', step: 'list', endpointId: null } as const;
const finish = (run: Claim, failure: typeof LOST | null = null) =>
  asWorker((tx) => finishTry(tx, worker, { claim: run, failure, mail: null }));
const falls = (id: string) =>
  database.app.transfer.update({ where: { id }, data: { nextTryAt: new Date(Date.now() - 60_000) } });

/** The claim, which must be had. */
async function run(transferId: string, leaseMs?: number): Promise<Claim> {
  const claimed = await claim(transferId, 'w1', leaseMs);
  if (claimed === null) throw new Error('not claimed');
  return claimed;
}

/** Holds a transfer for an endpoint that its route does not use any more. */
async function holdElsewhere(transferId: string): Promise<void> {
  const hold = { failureKind: 'endpoint_held', failureText: 'On hold.', mail: null };
  await asWorker((tx) => holdTransfer(tx, worker, { transferId, ...hold }));
  const { routeSnapshot } = await database.app.transfer.findUniqueOrThrow({ where: { id: transferId } });
  await database.app.transfer.update({
    where: { id: transferId },
    data: { routeSnapshot: { ...(routeSnapshot as RouteSnapshot), targetEndpointId: newId() } },
  });
}

/** A transfer that waits for its next try, with another one behind it. */
async function aWaitingOne() {
  const [first, second] = [await start(), await start()];
  await finish(await run(first), LOST);
  return { first, second };
}

describe('of the transfers of one route', () => {
  test('one runs at a time, the oldest first, whichever is asked for', async () => {
    const ids = [await start(), await start(), await start()];
    const claims = await Promise.all(ids.toReversed().map((id, n) => claim(id, `w${n}`)));
    expect(claims.map((one) => one?.lease.transferId)).toEqual([undefined, undefined, ids[0]]);
    expect(await nextAfter(ids[0]!)).toBeNull();
    await finish(claims[2]!);
    expect(await nextAfter(ids[0]!)).toBe(ids[1]);
    expect(await claim(ids[2]!)).toBeNull();
    await finish(await run(ids[1]!));
    await run(ids[2]!);
  });

  test('one that waits for its next try goes before those that have not begun', async () => {
    const { first, second } = await aWaitingOne();
    expect(await claim(second)).toBeNull();
    expect(await nextAfter(first)).toBeNull();
    await falls(first);
    expect(await claim(second)).toBeNull();
    await finish(await run(first));
    expect(await nextAfter(first)).toBe(second);
    await run(second);
  });

  test('one that is queued says which one it waits for, and the first says none', async () => {
    const { first, second } = await aWaitingOne();
    expect((await getTransfer(database.app, second)).waitsFor).toMatchObject({ id: first, state: 'waiting' });
    await falls(first);
    await finish(await run(first));
    expect((await getTransfer(database.app, second)).waitsFor).toBeNull();
    const { id: third, waitsFor } = await getTransfer(database.app, await start());
    expect(waitsFor).toMatchObject({ id: second, state: 'queued' });
    await run(second);
    expect((await getTransfer(database.app, third)).waitsFor).toMatchObject({ id: second, state: 'running' });
  });

  test('one whose worker was told to stop keeps its place', async () => {
    const [first, second] = [await start(), await start()];
    const reason = 'The worker was told to stop.';
    const claimed = await run(first);
    await asWorker((tx) => interruptTransfer(tx, worker, { claim: claimed, reason }));
    expect(await claim(second)).toBeNull();
    expect(await nextAfter(second)).toBe(first);
    await run(first);
  });

  test('one whose worker is lost keeps its place', async () => {
    const [first, second] = [await start(), await start()];
    await run(first, 1);
    await sleep(20);
    expect(await claim(second)).toBeNull();
    expect((await run(first)).lease.tryNumber).toBe(2);
  });

  test('two that have both begun do not wait for each other', async () => {
    const { first, second } = await aWaitingOne();
    await holdElsewhere(first);
    await finish(await run(second), LOST);
    await database.app.transfer.update({ where: { id: first }, data: { state: 'queued' } });
    await falls(second);
    expect(await claim(second)).toBeNull();
    await finish(await run(first));
    await run(second);
  });
});

describe('the line moves on', () => {
  test('when the transfer that waits is cancelled', async () => {
    const { first, second } = await aWaitingOne();
    await asApp((tx) => cancelTransfer(tx, person, { id: first }));
    expect(await nextAfter(first)).toBe(second);
    await run(second);
  });

  test('when the transfer that waits is put on hold, for an endpoint that the route has left', async () => {
    const { first, second } = await aWaitingOne();
    await holdElsewhere(first);
    expect(await nextAfter(first)).toBe(second);
    await run(second);
  });

  test('when what held it is released: then that which was held first goes before one that is new', async () => {
    const { first, second } = await aWaitingOne();
    const { target } = await database.app.route.findUniqueOrThrow({
      where: { id: routeId },
      include: { target: true },
    });
    await asWorker((tx) => holdEndpoint(tx, worker, { id: target.id, reason: 'Login refused.' }));
    await falls(first);
    expect(await claim(first)).toBeNull();
    await asApp((tx) => releaseEndpoint(tx, person, { id: target.id }));
    // The sweeper has not come round yet.
    expect(await claim(second)).toBeNull();
    expect((await asWorker((tx) => sweep(tx, worker))).transferIds).toContain(first);
    await finish(await run(first));
    await run(second);
  });

  test('when the last try of the transfer that waits has failed', async () => {
    const { first, second } = await aWaitingOne();
    await database.app.transfer.update({ where: { id: first }, data: { tryCount: 4 } });
    await falls(first);
    expect(await finish(await run(first), LOST)).toMatchObject({ state: 'failed' });
    expect(await nextAfter(first)).toBe(second);
    await run(second);
  });
});

test('another route is not kept waiting', async () => {
  const { first } = await aWaitingOne();
  routeId = (await aRoute(database.app)).id;
  const other = await start();
  expect(await nextAfter(first)).toBeNull();
  await run(other);
});

describe('the sweeper', () => {
  const swept = async () => (await asWorker((tx) => sweep(tx, worker))).transferIds;
  /** Old enough that the ring of whoever asked must have been lost. */
  const ages = () =>
    database.app.$executeRaw`UPDATE transfer SET created_at = created_at - interval '1 minute'`;
  beforeEach(async () => {
    await database.app
      .$executeRaw`UPDATE transfer SET state = 'cancelled', next_try_at = NULL, lease_owner = NULL,
      lease_until = NULL WHERE state IN ('queued', 'running', 'waiting', 'held')`;
  });

  test('rings the first in each line, so that a long one does not keep another route waiting', async () => {
    const long = await Promise.all(Array.from({ length: 250 }, start));
    await run((await nextAfter(long[0]!))!);
    routeId = (await aRoute(database.app)).id;
    const other = [await start(), await start()];
    await ages();
    expect(await swept()).toEqual([other[0]]);
  });

  test('rings one that waits when its time has come, and not those behind it', async () => {
    const { first } = await aWaitingOne();
    await ages();
    expect(await swept()).toEqual([]);
    await falls(first);
    expect(await swept()).toEqual([first]);
  });

  test('rings one that is to be cancelled wherever it stands', async () => {
    const [first, second] = [await start(), await start()];
    await run(first);
    await database.app.transfer.update({ where: { id: second }, data: { cancelRequestedAt: new Date() } });
    await ages();
    expect(await swept()).toEqual([second]);
  });
});
