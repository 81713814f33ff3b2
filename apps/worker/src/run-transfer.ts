/**
 * READ THIS FIRST: one transfer from its ring to its end. The row in the database says what is to be done and
 * what has been done; this only goes on from there, so it does not matter how often it is rung or killed.
 */
import { finishCancelled } from '@waybill/domain/transfers/cancel-transfer.js';
import { claimTransfer } from '@waybill/domain/transfers/claim-transfer.js';
import { type RunFailure, finishTry } from '@waybill/domain/transfers/finish-transfer.js';
import { interruptTransfer } from '@waybill/domain/transfers/interrupt-transfer.js';
import { LeaseLostError } from '@waybill/domain/transfers/lease.js';
import { findNextInLine } from '@waybill/domain/transfers/line.js';
import { recordVerified } from '@waybill/domain/transfers/record-attempts.js';
import { RETRY_TIMING } from '@waybill/domain/transfers/retry-policy.js';
import { clearUp } from './clear-up.js';
import { graver } from './course.js';
import { explainFailure } from './explain-failure.js';
import { gather } from './gather.js';
import { finishEarlierTries } from './finish-earlier-tries.js';
import { moveFiles } from './move-files.js';
import { planOnce } from './plan-once.js';
import { removeLeftovers } from './remove-leftovers.js';
import type { Run } from './run.js';
import { openSessions } from './sessions.js';
import { watchRun } from './watch-run.js';
import { type Worker, mailPolicy, ringAll, transact } from './worker.js';

export async function runTransfer(worker: Worker, transferId: string): Promise<void> {
  const input = { transferId, workerId: worker.id, leaseMs: worker.config.leaseMs };
  const claim = await transact(worker, (tx) => claimTransfer(tx, worker.actor, input));
  if (claim === null) return;
  worker.crashAt('claimed');
  const watch = watchRun(worker, claim);
  const sessions = openSessions(worker, claim, watch.signal);
  const run: Run = {
    worker,
    claim,
    watch,
    sessions,
    recordVerified: gather((files) => recordVerified(worker.database, claim.lease, files)),
    listing: null,
    cleanups: new Map(),
    deliveredNames: new Map(),
    left: new Map(),
  };
  try {
    const failure = await workOn(run)
      .catch((error: unknown) => explainFailure(run, error))
      .finally(() => run.sessions.close());
    await endTry(run, failure);
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
    worker.log.info({ transferId, workerId: worker.id }, 'another worker has taken the transfer over');
  } finally {
    await watch.stop();
  }
  // Transfers of one route go one after the other.
  const next = await transact(worker, (tx) => findNextInLine(tx, transferId));
  if (next !== null) await ringAll(worker, 'transfer', [next]);
}

/** @returns what is left to be tried again and why; null where nothing is */
async function workOn(run: Run): Promise<RunFailure | null> {
  if (run.claim.cancelRequested) return null;
  const earlier = await finishEarlierTries(run);
  if (run.claim.exhausted) return EXHAUSTED;
  const files = await planOnce(run);
  run.worker.crashAt('planned');
  // Only for that, nobody logs in at the target.
  if (files.length > 0) await removeLeftovers(run);
  return graver(await moveFiles(run, files), earlier);
}

const EXHAUSTED: RunFailure = {
  kind: 'worker_lost',
  text: 'The worker was lost with this transfer time and again. Look for the reason in its log before you send it again.',
  step: null,
  endpointId: null,
};

async function endTry(run: Run, failure: RunFailure | null): Promise<void> {
  const { worker, claim, watch } = run;
  const { transferId } = claim.lease;
  switch (watch.reason()) {
    case 'lease-lost':
      throw new LeaseLostError(claim.lease);
    case 'stopping': {
      const reason = 'The worker was told to stop.';
      return transact(worker, (tx) => interruptTransfer(tx, worker.actor, { claim, reason }));
    }
    case 'cancelled':
      await clearUp(run);
      return transact(worker, (tx) => finishCancelled(tx, worker.actor, claim));
    case null: {
      worker.crashAt('before-finish');
      const timing = { ...RETRY_TIMING, baseMs: worker.config.retryBaseMs };
      const finish = { claim, failure, mail: mailPolicy(worker), timing };
      const finished = await transact(worker, (tx) => finishTry(tx, worker.actor, finish));
      const facts = { transferId, state: finished.state, failureKind: failure?.kind };
      worker.log.info(facts, 'a try of a transfer has ended');
      await ringAll(worker, 'notification', finished.notificationIds);
    }
  }
}
