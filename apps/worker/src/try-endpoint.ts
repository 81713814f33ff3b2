/** Answers a connection test: opens a session as a transfer would, lists the base folder, shows each step at once. */
import type { FailureKind, TimelineStep } from '@waybill/contracts/session-facts.js';
import {
  type TestFacts,
  type TestResult,
  claimEndpointTest,
  finishEndpointTest,
  recordTestSteps,
} from '@waybill/domain/endpoints/record-endpoint-test.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { SessionRecord, Transport } from '@waybill/transports/transport.js';
import { failureOf } from './explain-failure.js';
import { openSide } from './open-side.js';
import { type Worker, transact } from './worker.js';

/** A test that takes longer than this has failed. */
const TEST_MS = 120_000;
/** Somebody is looking: that all connections are in use is an answer too. */
const SLOT_WAIT_MS = 15_000;

export async function tryEndpoint(worker: Worker, testId: string): Promise<void> {
  const claimed = await transact(worker, (tx) => claimEndpointTest(tx, { testId }));
  if (claimed === null) return;
  const steps = showSteps(worker, testId);
  let session: Transport | null = null;
  let result: TestResult;
  try {
    session = await openSide(worker, {
      endpointId: claimed.endpointId,
      side: 'target',
      signal: AbortSignal.any([AbortSignal.timeout(TEST_MS), worker.stopping]),
      onStep: steps.add,
      slotWaitMs: SLOT_WAIT_MS,
    });
    const { entries } = await session.list('/');
    // What is said before the end belongs to the test.
    await session.close();
    result = { ...factsOf(session.record()), passed: true, entryCount: entries.length };
  } catch (error) {
    const record = session?.record() ?? (error instanceof TransportError ? error.record : undefined);
    const facts = record ? factsOf(record) : { steps: steps.all(), connection: null, dialogue: [] };
    if (!(error instanceof TransportError))
      worker.log.error({ err: error, endpointTestId: testId }, 'an endpoint test met an unexpected fault');
    result = { ...facts, passed: false, ...explain(worker, error) };
  } finally {
    await session?.close();
  }
  await steps.done();
  await transact(worker, (tx) => finishEndpointTest(tx, worker.actor, { testId, result }));
}

function explain(worker: Worker, error: unknown): { failureKind: FailureKind; failureText: string } {
  if (worker.stopping.aborted)
    return { failureKind: 'worker_stopped', failureText: 'The worker was told to stop. Test again.' };
  const { kind, text } = failureOf(error);
  if (kind !== 'cancelled') return { failureKind: kind, failureText: text };
  return { failureKind: 'stalled', failureText: `The test took longer than ${TEST_MS / 1000} s.` };
}

/** A test has one side only. */
function factsOf(record: SessionRecord): TestFacts {
  return {
    steps: record.timeline.map((step) => ({ ...step, side: null })),
    connection: record.connection,
    dialogue: record.dialogue,
  };
}

/** Writes the steps as they happen, the newest state of all of them, one statement at a time. */
function showSteps(worker: Worker, testId: string) {
  let steps: TimelineStep[] = [];
  let writing: Promise<void> | null = null;
  let isNewer = false;
  const write = async (): Promise<void> => {
    while (isNewer) {
      isNewer = false;
      const facts = { steps: [...steps], connection: null, dialogue: [] };
      await recordTestSteps(worker.database, { testId, facts });
    }
    writing = null;
  };
  return {
    add(step: TimelineStep): void {
      const others = steps.filter((one) => one.startedAt !== step.startedAt || one.step !== step.step);
      steps = [...others, { ...step, side: null }];
      isNewer = true;
      writing ??= write().catch((error: unknown) => {
        writing = null;
        worker.log.warn({ err: error, endpointTestId: testId }, 'showing the steps of a test failed');
      });
    },
    all: () => steps,
    done: async (): Promise<void> => {
      await writing;
    },
  };
}
