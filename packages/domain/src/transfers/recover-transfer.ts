/**
 * Takes over after a worker that died or was cut off in the middle of a run. Files that it left as `moving` may
 * have arrived: the new run compares them with the target before it does anything else (`settleFiles`).
 *
 * In     the claim of the run that is to go on now or after a hold, and whose lease ran out
 * Out    nothing; each file of which bytes were on record gets an attempt that says what happened to its worker
 * Errors none of its own
 * Events transfer.recovered
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { newId } from '../new-id.js';
import type { Claim } from './claim.js';

/** What the lost worker was at, by the clock of the database. */
export interface LostRun {
  workerId: string;
  startedAt: Date;
  /** When it last renewed its lease; more is not known of its end. */
  lastSeenAt: Date;
}

export async function recoverTransfer(
  tx: Tx,
  actor: Actor,
  input: { claim: Claim; lost: LostRun },
): Promise<void> {
  const { claim, lost } = input;
  const lostTry = claim.lease.tryNumber - 1;
  const files = await tx.transferFile.findMany({
    where: {
      transferId: claim.lease.transferId,
      state: 'moving',
      // A group begins to move as one, but only one file of it really does at a time.
      OR: [{ movedBytes: { gt: 0 } }, { sha256: { not: null } }],
    },
    select: { id: true, movedBytes: true },
  });
  await tx.attempt.createMany({
    data: files.map((file) => ({
      id: newId(),
      transferId: claim.lease.transferId,
      transferFileId: file.id,
      tryNumber: lostTry,
      workerId: lost.workerId,
      outcome: 'failed' as const,
      bytes: file.movedBytes,
      failureKind: 'worker_lost',
      failureText: `The worker ${lost.workerId} was lost during this try.`,
      durationMs: lost.lastSeenAt.getTime() - lost.startedAt.getTime(),
      startedAt: lost.startedAt,
      finishedAt: lost.lastSeenAt,
    })),
  });
  await appendEvent(tx, actor, {
    action: 'transfer.recovered',
    object: claim.object,
    partnerId: claim.partnerId,
    details: { lostWorkerId: lost.workerId, tryNumber: lostTry },
  });
}
