/** Turns whatever stopped a run into a failure that the retry policy can decide on. */
import type { RunFailure } from '@waybill/domain/transfers/finish-transfer.js';
import { LeaseLostError } from '@waybill/domain/transfers/lease.js';
import type { Failure } from '@waybill/domain/transfers/record-attempts.js';
import { recordLostTry } from '@waybill/domain/transfers/record-lost-try.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

/**
 * Also keeps the try, which ended without a file, with what the two sessions have recorded.
 * @throws LeaseLostError
 */
export async function explainFailure(run: Run, error: unknown): Promise<RunFailure> {
  const { worker, claim } = run;
  if (error instanceof LeaseLostError) throw error;
  if (!(error instanceof TransportError))
    worker.log.error(
      { err: error, transferId: claim.lease.transferId },
      'a transfer met an unexpected fault',
    );
  const failure = failureIn(run, error);
  const endpointId = error instanceof TransportError ? run.sessions.endpointAtFault(error) : null;
  const evidence = run.sessions.drain();
  const startedAt = new Date(evidence.timeline[0]?.startedAt ?? Date.now());
  await transact(worker, (tx) =>
    recordLostTry(tx, claim, {
      ...evidence,
      outcome: outcomeIn(run),
      failure,
      startedAt,
      durationMs: Math.max(0, Date.now() - startedAt.getTime()),
    }),
  );
  return { ...failure, endpointId };
}

/** What an attempt that did not end well is called: only what somebody asked to end is cancelled. */
export function outcomeIn(run: Run): 'failed' | 'cancelled' {
  return run.watch.reason() === 'cancelled' ? 'cancelled' : 'failed';
}

/** Why it ended; where the worker itself was told to stop, that and not the signal that broke it off. */
export function failureIn(run: Run, error: unknown): Failure {
  const failure = failureOf(error);
  if (run.watch.reason() !== 'stopping') return failure;
  const text = 'Waybill was stopped while this was under way. It goes on at the next start.';
  return { kind: 'worker_stopped', text, step: failure.step };
}

export function failureOf(error: unknown): Failure {
  if (error instanceof TransportError) return { kind: error.kind, text: error.message, step: error.step };
  return {
    kind: 'internal',
    text: 'An unexpected fault of Waybill stopped the transfer. Its log says more.',
    step: null,
  };
}
