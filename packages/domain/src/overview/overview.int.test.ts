import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { overview as overviewContract } from '@waybill/contracts/overview.js';
import type { RouteSnapshot } from '@waybill/contracts/routes.js';
import type { TransferState } from '@waybill/contracts/transfers.js';
import { aPartner, aRoute, aSchedule, anEndpoint } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { newId } from '../new-id.js';
import { listTransfers } from '../transfers/transfer-views.js';
import { readMeasures } from './read-measures.js';
import { readOverview } from './read-overview.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const ago = (ms: number): Date => new Date(Date.now() - ms);

test('tells which exceptions somebody has to approve, then which end soon', async () => {
  const { app } = database;
  const add = async (name: string, days: number, isApproved: boolean) => {
    const endpoint = await anEndpoint(app, { name });
    await app.endpointException.create({
      data: {
        id: newId(),
        endpointId: endpoint.id,
        host: 'ftp.partner.invalid',
        deviations: ['plain_ftp'],
        justification: 'Because of a test.',
        requestedById: newId(),
        requestedBy: 'ada@example.com',
        endsAt: new Date(Date.now() + days * DAY_MS),
        ...(isApproved && { approvedBy: 'bob@example.com', approvedAt: new Date() }),
      },
    });
  };
  await add('Ends soon', 13, true);
  await add('Ends late', 15, true);
  await add('Is over', -1, true);
  await add('Asks', 90, false);
  const { exceptions } = overviewContract.parse(await readOverview(app));
  expect(exceptions.map(({ endpointName, state }) => [endpointName, state])).toEqual([
    ['Asks', 'requested'],
    ['Ends soon', 'in_force'],
  ]);
});

test('tells what runs, what failed lately, what is due and what is stopped, and the measures agree', async () => {
  const { app } = database;
  const partner = await aPartner(app, { name: 'Acme' });
  const route = await aRoute(app, { name: 'Invoices', partnerId: partner.id });
  const held = await aRoute(app, { name: 'Held route' });
  await app.route.update({ where: { id: held.id }, data: { heldAt: new Date(), heldReason: 'why' } });
  const snapshot: RouteSnapshot = {
    name: 'Invoices',
    sourceEndpointId: route.source.id,
    sourceEndpointName: 'Out',
    sourcePath: '/out',
    filePattern: '*',
    targetEndpointId: route.target.id,
    targetEndpointName: 'In',
    targetPath: '/in',
    ifExists: 'replace',
    afterAction: 'keep',
    archivePath: null,
    maxTries: 5,
  };
  const addTransfer = (state: TransferState, createdAt: Date, finishedAt: Date | null = null) =>
    app.transfer.create({
      data: {
        id: newId(),
        routeId: route.id,
        cause: 'manual',
        requestedBy: 'ada@example.com',
        state,
        routeSnapshot: snapshot,
        createdAt,
        finishedAt,
        deliveredCount: 2,
        fileCount: 3,
        totalBytes: 2n ** 40n,
        movedBytes: 1000,
        ...(state === 'running' ? { leaseOwner: 'w', leaseUntil: new Date() } : {}),
        ...(state === 'waiting' ? { nextTryAt: new Date() } : {}),
      },
      select: { id: true },
    });
  const running = await addTransfer('running', ago(1000));
  await addTransfer('queued', ago(30_000));
  await addTransfer('queued', ago(90_000));
  const waiting = await addTransfer('waiting', ago(500));
  const heldTransfer = await addTransfer('held', ago(4 * DAY_MS));
  const failed = await addTransfer('failed', ago(2 * HOUR_MS), ago(HOUR_MS));
  await app.transfer.update({ where: { id: failed.id }, data: { failureKind: 'login_refused' } });
  await database.worker.attempt.create({
    data: {
      id: newId(),
      transferId: failed.id,
      tryNumber: 1,
      workerId: 'alive',
      outcome: 'failed',
      failureKind: 'login_refused',
      timeline: [
        { step: 'connect', side: 'source', outcome: 'ok' },
        { step: 'login', side: 'target', outcome: 'failed' },
      ],
      startedAt: ago(HOUR_MS),
    },
  });
  const partial = await addTransfer('partial', ago(3 * HOUR_MS), ago(HOUR_MS));
  await database.worker.transferFile.create({
    data: {
      id: newId(),
      transferId: partial.id,
      position: 0,
      name: 'a.csv',
      sourcePath: '/out/a.csv',
      targetPath: '/in/a.csv',
      state: 'uncertain',
    },
  });
  await addTransfer('failed', ago(3 * DAY_MS), ago(2 * DAY_MS));
  // Before those that failed: a later one would have made them good.
  await addTransfer('succeeded', ago(30 * HOUR_MS), ago(HOUR_MS));
  await addTransfer('succeeded', ago(3 * DAY_MS), ago(2 * DAY_MS));

  const due = await aSchedule(app, { routeId: route.id, name: 'Hourly', cron: '0 * * * *' });
  const late = await aSchedule(app, { routeId: route.id, name: 'Late' });
  await app.schedule.update({ where: { id: late.id }, data: { nextRunAt: ago(2 * 60_000) } });
  await aSchedule(app, { routeId: route.id, name: 'Off', enabled: false });
  const ofHeld = await aSchedule(app, { routeId: held.id, name: 'Of a held route' });
  await app.schedule.update({ where: { id: ofHeld.id }, data: { nextRunAt: ago(2 * 60_000) } });

  const broken = await aRoute(app, { name: 'Of a held endpoint' });
  await app.endpoint.update({ where: { id: broken.target.id }, data: { heldAt: new Date() } });
  const ofBroken = await aSchedule(app, { routeId: broken.id, name: 'Of a held endpoint' });
  await app.schedule.update({ where: { id: ofBroken.id }, data: { nextRunAt: ago(2 * 60_000) } });

  const certificate = { kind: 'ca', spkiSha256: 'a'.repeat(64) } as const;
  await app.certificate.createMany({
    data: [
      {
        ...certificate,
        id: newId(),
        name: 'Soon',
        notAfter: new Date(Date.now() + 10.5 * DAY_MS),
        fingerprintSha256: '1',
      },
      { ...certificate, id: newId(), name: 'Past', notAfter: ago(DAY_MS / 2), fingerprintSha256: '2' },
      {
        ...certificate,
        id: newId(),
        name: 'Later',
        notAfter: new Date(Date.now() + 61 * DAY_MS),
        fingerprintSha256: '3',
      },
    ],
  });
  const worker = { version: '0.1.0', hostName: 'h', startedAt: ago(HOUR_MS) };
  await database.worker.worker.createMany({
    data: [
      { ...worker, id: 'alive', lastSeenAt: ago(1000) },
      { ...worker, id: 'gone', lastSeenAt: ago(31_000) },
    ],
  });

  const overview = overviewContract.parse(await readOverview(app));
  expect(overview.counts).toEqual({
    running: 1,
    queued: 2,
    waiting: 1,
    held: 1,
    failed24h: 1,
    succeeded24h: 1,
    partial24h: 1,
    bytes24h: 3000,
    heldRoutes: 1,
    heldEndpoints: 1,
  });
  // The figures count by the end, so that is what their links list by.
  for (const [state, count] of [
    ['failed', overview.counts.failed24h],
    ['succeeded', overview.counts.succeeded24h],
    ['partial', overview.counts.partial24h],
  ] as const) {
    const query = { state, finishedFrom: ago(DAY_MS).toISOString(), limit: 50 };
    expect((await listTransfers(app, query)).items).toHaveLength(count);
  }
  expect(overview.workers.alive).toBe(1);
  expect(overview.running).toEqual([
    expect.objectContaining({
      id: running.id,
      partner: { id: partner.id, name: 'Acme' },
      route: { id: route.id, name: 'Invoices' },
      sourceName: 'Out',
      totalBytes: 2 ** 40,
    }),
  ]);
  expect(overview.troubled.map(({ id }) => id)).toEqual([heldTransfer.id, failed.id, partial.id, waiting.id]);
  const target = { side: 'target', endpointId: route.target.id, endpointName: 'In', isLocal: false };
  expect(overview.troubled.map(({ uncertainCount }) => uncertainCount)).toEqual([0, 0, 1, 0]);
  expect(overview.troubled.map(({ failedEnd }) => failedEnd)).toEqual([null, target, null, null]);
  expect(overview.due.map(({ scheduleName }) => scheduleName)).toEqual(['Late', 'Hourly']);
  expect(overview.due[1]?.scheduleId).toBe(due.id);
  expect(overview.expiringCertificates.map(({ name }) => name)).toEqual(['Past', 'Soon']);

  const measures = await readMeasures(app);
  const counts = Object.fromEntries(measures.openTransfers.map(({ state, count }) => [state, count]));
  expect(counts).toEqual({ running: 1, queued: 2, waiting: 1, held: 1 });
  expect(measures).toMatchObject({
    endedTransfers: [
      { state: 'succeeded', count: 2, deliveredFiles: 4, movedBytes: 2000 },
      { state: 'partial', count: 1, deliveredFiles: 2, movedBytes: 1000 },
      { state: 'failed', count: 2, deliveredFiles: 4, movedBytes: 2000 },
      { state: 'cancelled', count: 0, deliveredFiles: 0, movedBytes: 0 },
    ],
    schedulesDue: 1,
    schedulesLate: 1,
    workersAlive: 1,
    isPaused: false,
    heldRoutes: 1,
  });
  expect(Math.round(measures.oldestQueuedSeconds / 10)).toBe(9);
  expect(measures.certificates.map(({ name, days }) => [name, days])).toEqual([
    ['Past', -1],
    ['Soon', 10],
    ['Later', 60],
  ]);
});
