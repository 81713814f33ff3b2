/**
 * Writes down that sources were deleted or moved as the route asks, or that this failed. It comes after the
 * delivery is committed, and is tried again with the transfer's next try.
 *
 * In     the claim, the files with what was done or why not
 * Out    nothing
 * Errors LeaseLostError
 * Events transfer_file.after_action_done, transfer_file.after_action_failed
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvents } from '../audit/append-event.js';
import type { Claim } from './claim.js';
import { holdLease } from './lease.js';
import type { Failure, RunFile } from './record-attempts.js';

export interface AfterActionResult {
  file: RunFile;
  action: 'delete' | 'move';
  /** Where the source is now; null where it is gone: deleted, or taken by somebody else before. */
  movedTo: string | null;
  failure: Failure | null;
}

export async function recordAfterActions(
  tx: Tx,
  actor: Actor,
  input: { claim: Claim; results: AfterActionResult[] },
): Promise<void> {
  const { claim, results } = input;
  if (results.length === 0) return;
  await holdLease(tx, claim.lease);
  const done = results.filter((result) => result.failure === null).map((result) => result.file.id);
  await tx.transferFile.updateMany({
    where: { id: { in: done }, afterActionAt: null },
    data: { afterActionAt: new Date(), failureKind: null, failureText: null },
  });
  for (const { file, failure } of results)
    if (failure !== null)
      await tx.transferFile.update({
        where: { id: file.id },
        data: { failureKind: failure.kind, failureText: failure.text },
      });
  await appendEvents(
    tx,
    actor,
    results.map(({ file, action, movedTo, failure }) => {
      const common = {
        object: { kind: 'transfer_file', id: file.id, name: file.name },
        partnerId: claim.partnerId,
      };
      const ids = { transferId: claim.lease.transferId, sourcePath: file.sourcePath };
      if (failure === null)
        return {
          ...common,
          action: 'transfer_file.after_action_done' as const,
          details: { ...ids, action, movedTo },
        };
      return {
        ...common,
        action: 'transfer_file.after_action_failed' as const,
        outcome: 'failed' as const,
        details: { ...ids, failureKind: failure.kind, failureText: failure.text },
      };
    }),
  );
}
