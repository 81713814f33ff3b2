/**
 * The worker's side of a connection test.
 *
 *   queued → running          claimEndpointTest: one worker gets it, a second ring finds nothing
 *   running → running         recordTestSteps: what has happened so far, for the page that watches
 *   running → passed, failed  finishEndpointTest; endLostTests where the worker died
 *
 * The sweeper rings again for what stays queued.
 */
import type {
  ConnectionFacts,
  DialogueLine,
  FailureKind,
  TimelineStep,
} from '@waybill/contracts/session-facts.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { databaseIn, databaseNow } from '../database-now.js';
import { notifyLive } from '../live/notify-live.js';
import { TEST_TIMEOUT_MS } from './endpoint-tests.js';

/** What a session leaves behind, as far as it has come. */
export interface TestFacts {
  steps: TimelineStep[];
  connection: ConnectionFacts | null;
  dialogue: DialogueLine[];
}

export type TestResult = TestFacts &
  ({ passed: true; entryCount: number } | { passed: false; failureKind: FailureKind; failureText: string });

const MAX_DIALOGUE_LINES = 500;

/** @returns the endpoint to try; null where the test is taken, over or gone */
export async function claimEndpointTest(
  tx: Tx,
  input: { testId: string },
): Promise<{ endpointId: string } | null> {
  const { count } = await tx.endpointTest.updateMany({
    where: { id: input.testId, state: 'queued' },
    data: { state: 'running', startedAt: await databaseNow(tx) },
  });
  if (count === 0) return null;
  await notifyLive(tx, { kind: 'endpoint_test', endpointTestId: input.testId });
  return tx.endpointTest.findUniqueOrThrow({ where: { id: input.testId }, select: { endpointId: true } });
}

/** Records nothing where the test is not running any more. */
export async function recordTestSteps(tx: Tx, input: { testId: string; facts: TestFacts }): Promise<void> {
  const { count } = await tx.endpointTest.updateMany({
    where: { id: input.testId, state: 'running' },
    data: toColumns(input.facts),
  });
  if (count > 0) await notifyLive(tx, { kind: 'endpoint_test', endpointTestId: input.testId });
}

/**
 * Records nothing where the test is not running any more.
 *
 * Events endpoint.tested
 */
export async function finishEndpointTest(
  tx: Tx,
  actor: Actor,
  input: { testId: string; result: TestResult },
): Promise<void> {
  const { testId, result } = input;
  const failure = result.passed ? null : { failureKind: result.failureKind, failureText: result.failureText };
  const { count } = await tx.endpointTest.updateMany({
    where: { id: testId, state: 'running' },
    data: {
      ...toColumns(result),
      ...failure,
      state: result.passed ? 'passed' : 'failed',
      entryCount: result.passed ? result.entryCount : null,
      finishedAt: await databaseNow(tx),
    },
  });
  if (count === 0) return;
  const { endpoint } = await tx.endpointTest.findUniqueOrThrow({
    where: { id: testId },
    select: { endpoint: { select: { id: true, name: true, partnerId: true } } },
  });
  await notifyLive(tx, { kind: 'endpoint_test', endpointTestId: testId });
  await appendEvent(tx, actor, {
    action: 'endpoint.tested',
    object: { kind: 'endpoint', id: endpoint.id, name: endpoint.name },
    partnerId: endpoint.partnerId,
    outcome: result.passed ? 'succeeded' : 'failed',
    details: { passed: result.passed, failureKind: failure?.failureKind ?? null },
  });
}

/** Ends the tests whose worker has died in the middle; how many. */
export async function endLostTests(tx: Tx, actor: Actor): Promise<number> {
  const lost = await tx.endpointTest.findMany({
    where: { state: 'running', startedAt: { lt: await databaseIn(tx, -TEST_TIMEOUT_MS) } },
    take: 100,
  });
  let ended = 0;
  for (const row of lost) {
    const { count } = await tx.endpointTest.updateMany({
      where: { id: row.id, state: 'running' },
      data: {
        state: 'failed',
        failureKind: 'worker_lost',
        failureText: 'The worker stopped in the middle of the test. Test again.',
        finishedAt: await databaseNow(tx),
      },
    });
    ended += count;
    if (count === 0) continue;
    const { name, partnerId } = await tx.endpoint.findUniqueOrThrow({ where: { id: row.endpointId } });
    await notifyLive(tx, { kind: 'endpoint_test', endpointTestId: row.id });
    await appendEvent(tx, actor, {
      action: 'endpoint.tested',
      object: { kind: 'endpoint', id: row.endpointId, name },
      partnerId,
      outcome: 'failed',
      details: { passed: false, failureKind: 'worker_lost' },
    });
  }
  return ended;
}

function toColumns(facts: TestFacts) {
  return {
    steps: facts.steps,
    // Left out while there is no connection: the column is null from the start.
    ...(facts.connection && { connection: facts.connection }),
    dialogue: facts.dialogue.slice(-MAX_DIALOGUE_LINES),
  };
}
