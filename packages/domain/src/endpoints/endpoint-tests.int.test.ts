import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import type { EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { anActor, anEndpoint, testSeal } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { untilWaiting } from '@waybill/testing/until-waiting.js';
import { atWrongTime } from '@waybill/testing/wrong-time.js';
import pg from 'pg';
import { systemActor } from '../actor.js';
import { updateCredential } from '../trust/credentials.js';
import { LIVE_CHANNEL } from '../live/notify-live.js';
import { getEndpointTest, listEndpointTests, requestEndpointTest } from './endpoint-tests.js';
import { getEndpoint } from './endpoint-views.js';
import { updateEndpoint } from './endpoints.js';
import { holdEndpoint } from './hold-endpoint.js';
import {
  type TestFacts,
  claimEndpointTest,
  endLostTests,
  finishEndpointTest,
  recordTestSteps,
} from './record-endpoint-test.js';

const person = anActor();
const worker = systemActor('worker test');
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const request = (endpointId: string) =>
  inTransaction(database.app, (tx) => requestEndpointTest(tx, person, { endpointId }));
const claim = (testId: string) => inTransaction(database.worker, (tx) => claimEndpointTest(tx, { testId }));

const facts: TestFacts = {
  steps: [
    {
      step: 'connect',
      side: null,
      startedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 12,
      outcome: 'ok',
      detail: 'Connected to 203.0.113.7:21.',
    },
  ],
  connection: null,
  dialogue: [{ at: '2026-01-01T00:00:00.000Z', from: 'server', text: '220 ready' }],
};

describe('a connection test', () => {
  test('is outdated when the endpoint or its password is changed, and not by a hold', async () => {
    const { id } = await anEndpoint(database.app);
    const isOutdated = async () => (await getEndpoint(database.app, id)).lastTest?.isOutdated;
    const means = { seal: await testSeal(), localRoots: [] };
    const update = (change: EndpointUpdate) =>
      inTransaction(database.app, (tx) => updateEndpoint(tx, person, { id, change }, means));
    const testAgain = async () => {
      const { test: asked } = await request(id);
      await claim(asked.id);
      const result = { ...facts, passed: true, entryCount: 1 } as const;
      await inTransaction(database.worker, (tx) =>
        finishEndpointTest(tx, worker, { testId: asked.id, result }),
      );
    };
    await testAgain();
    await inTransaction(database.worker, (tx) => holdEndpoint(tx, worker, { id, reason: 'refused' }));
    expect(await isOutdated()).toBe(false);
    const { credential } = await update({ host: 'ftp.other.invalid', password: 'second' });
    expect(await isOutdated()).toBe(true);
    await testAgain();
    expect(await isOutdated()).toBe(false);
    const password = { id: credential?.id ?? '', change: { password: 'third' } };
    await inTransaction(database.app, (tx) => updateCredential(tx, person, password, means.seal));
    expect(await isOutdated()).toBe(true);
  });

  test('is asked for, taken by one worker, watched and answered', async () => {
    const endpoint = await anEndpoint(database.app);
    const { test: asked, isNew } = await request(endpoint.id);
    expect({ asked, isNew }).toMatchObject({
      isNew: true,
      asked: { state: 'queued', steps: [], requestedBy: person.name, endpointId: endpoint.id },
    });
    const claims = await Promise.all([claim(asked.id), claim(asked.id)]);
    expect(claims.filter((one) => one !== null)).toEqual([{ endpointId: endpoint.id }]);
    const record = (steps: TestFacts['steps']) =>
      inTransaction(database.worker, (tx) =>
        recordTestSteps(tx, { testId: asked.id, facts: { ...facts, steps } }),
      );
    await record(facts.steps);
    expect(await getEndpointTest(database.app, asked.id)).toMatchObject({
      state: 'running',
      steps: facts.steps,
    });
    const finish = (entryCount: number) =>
      inTransaction(database.worker, (tx) =>
        finishEndpointTest(tx, worker, { testId: asked.id, result: { ...facts, passed: true, entryCount } }),
      );
    await finish(3);
    // What comes later changes nothing and is no event.
    await finish(4);
    await record([]);
    expect(await getEndpointTest(database.app, asked.id)).toMatchObject({
      state: 'passed',
      entryCount: 3,
      steps: facts.steps,
      dialogue: facts.dialogue,
      failureKind: null,
      finishedAt: expect.any(String),
    });
    expect((await getEndpoint(database.app, endpoint.id)).lastTest).toMatchObject({
      id: asked.id,
      state: 'passed',
    });
    const events = await database.app.auditEvent.findMany({
      where: { objectId: endpoint.id },
      orderBy: { seq: 'asc' },
    });
    expect(events.slice(1)).toMatchObject([
      { action: 'endpoint.test_requested', actorName: person.name, outcome: 'succeeded' },
      {
        action: 'endpoint.tested',
        actorName: 'worker test',
        outcome: 'succeeded',
        details: { passed: true, failureKind: null },
      },
    ]);
  });

  test('that fails says what and is an event with that outcome', async () => {
    const endpoint = await anEndpoint(database.app);
    const { test: asked } = await request(endpoint.id);
    await claim(asked.id);
    await inTransaction(database.worker, (tx) =>
      finishEndpointTest(tx, worker, {
        testId: asked.id,
        result: {
          ...facts,
          passed: false,
          failureKind: 'login_refused',
          failureText: 'The password is wrong.',
        },
      }),
    );
    expect(await getEndpointTest(database.app, asked.id)).toMatchObject({
      state: 'failed',
      failureKind: 'login_refused',
      failureText: 'The password is wrong.',
      entryCount: null,
    });
    const [event] = await database.app.auditEvent.findMany({
      where: { action: 'endpoint.tested', outcome: 'failed' },
    });
    expect(event).toMatchObject({ details: { passed: false, failureKind: 'login_refused' } });
  });

  test('is not asked for twice while one is under way, not even at the same moment', async () => {
    const endpoint = await anEndpoint(database.app);
    const answers = await Promise.all([request(endpoint.id), request(endpoint.id), request(endpoint.id)]);
    expect(answers.filter((answer) => answer.isNew)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.test.id)).size).toBe(1);
    await expect(request(person.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of an endpoint that is deleted at the same moment is of none', async () => {
    const { id } = await anEndpoint(database.app);
    const { asked } = await inTransaction(database.app, async (tx) => {
      await tx.endpoint.delete({ where: { id } });
      const pending = request(id).catch((error: unknown) => error);
      // It waits for this end.
      await untilWaiting(database.app);
      return { asked: pending };
    });
    expect(await asked).toMatchObject({ code: 'not_found' });
  });

  test('whose worker died is ended, and another may be asked for', async () => {
    const endpoint = await anEndpoint(database.app);
    const { test: asked } = await request(endpoint.id);
    await atWrongTime(() => claim(asked.id), -3_600_000);
    const end = () => inTransaction(database.worker, (tx) => endLostTests(tx, worker));
    // Neither the worker that took it nor the one that looks need know what time it is.
    expect(await atWrongTime(end)).toBe(0);
    await database.app.$executeRaw`UPDATE endpoint_test SET started_at = now() - interval '200 seconds',
      created_at = now() - interval '200 seconds' WHERE id = ${asked.id}::uuid`;
    expect(await end()).toBe(1);
    expect(await getEndpointTest(database.app, asked.id)).toMatchObject({
      state: 'failed',
      failureKind: 'worker_lost',
    });
    expect((await request(endpoint.id)).isNew).toBe(true);
  });

  test('tells the open pages at each step', async () => {
    const listener = new pg.Client({ connectionString: database.appUrl });
    await listener.connect();
    const heard: string[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await listener.query(`LISTEN ${LIVE_CHANNEL}`);
    try {
      const { test: asked } = await request((await anEndpoint(database.app)).id);
      await claim(asked.id);
      await inTransaction(database.worker, (tx) => recordTestSteps(tx, { testId: asked.id, facts }));
      await inTransaction(database.worker, (tx) =>
        finishEndpointTest(tx, worker, {
          testId: asked.id,
          result: { ...facts, passed: true, entryCount: 0 },
        }),
      );
      await listener.query('SELECT 1');
      const event = JSON.stringify({ kind: 'endpoint_test', endpointTestId: asked.id });
      expect(heard).toEqual([event, event, event]);
    } finally {
      await listener.end();
    }
  });

  test('is kept among the newest twenty, newest first', async () => {
    const endpoint = await anEndpoint(database.app);
    for (let round = 0; round < 23; round += 1) {
      const { test: asked } = await request(endpoint.id);
      await claim(asked.id);
      await inTransaction(database.worker, (tx) =>
        finishEndpointTest(tx, worker, {
          testId: asked.id,
          result: { ...facts, passed: true, entryCount: round },
        }),
      );
    }
    const page = await listEndpointTests(database.app, { endpointId: endpoint.id, limit: 15 });
    const rest = await listEndpointTests(database.app, {
      endpointId: endpoint.id,
      limit: 15,
      cursor: page.nextCursor ?? '',
    });
    const counts = [...page.items, ...rest.items].map((item) => item.entryCount);
    expect(counts).toEqual(Array.from({ length: 20 }, (_, index) => 22 - index));
    expect(rest.nextCursor).toBeNull();
  });
});
