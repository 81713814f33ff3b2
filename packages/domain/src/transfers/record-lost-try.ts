/**
 * Keeps a try that ended otherwise than with a file: the connection, the login or the listing failed, a session that was
 * lost could not be had again, or what an earlier try had left could not be finished. Files may have moved before.
 *
 * In     the claim, the failure and the evidence of both sides
 * Out    nothing
 * Errors LeaseLostError
 * Events none; what becomes of the transfer is said by `finishTry`
 */
import type { Tx } from '@waybill/db/transaction.js';
import { newId } from '../new-id.js';
import type { Claim } from './claim.js';
import { holdLease } from './lease.js';
import type { EndedAttempt } from './record-attempts.js';

export type LostTry = Pick<
  EndedAttempt,
  'failure' | 'startedAt' | 'durationMs' | 'timeline' | 'connections' | 'dialogue'
> & { outcome: 'failed' | 'cancelled' };

export async function recordLostTry(tx: Tx, claim: Claim, lost: LostTry): Promise<void> {
  const { lease } = claim;
  await holdLease(tx, lease);
  await tx.attempt.create({
    data: {
      id: newId(),
      transferId: lease.transferId,
      tryNumber: lease.tryNumber,
      workerId: lease.workerId,
      outcome: lost.outcome,
      durationMs: Math.round(lost.durationMs),
      failureKind: lost.failure?.kind ?? null,
      failureText: lost.failure?.text ?? null,
      failureStep: lost.failure?.step ?? null,
      timeline: lost.timeline,
      connections: lost.connections,
      dialogue: lost.dialogue,
      startedAt: lost.startedAt,
      finishedAt: new Date(lost.startedAt.getTime() + lost.durationMs),
    },
  });
}
