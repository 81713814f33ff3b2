import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvents } from '../audit/append-event.js';

/**
 * Whatever is still `moving` when a transfer ends could not be looked at. Where its bytes were never verified the
 * final name was never asked for, so it goes back to planned; the others are uncertain, as is what was begun under its
 * final name.
 */
export async function closeMovingFiles(
  tx: Tx,
  actor: Actor,
  { transferId, partnerId }: { transferId: string; partnerId: string | null },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE transfer_file SET state = 'planned'
    WHERE transfer_id = ${transferId}::uuid AND state = 'moving' AND sha256 IS NULL
      AND partial ->> 'path' IS DISTINCT FROM target_path`;
  const failureText =
    'The file may have arrived: the connection or the worker was lost, and the target could not be compared. ' +
    'Ask the partner before you send it again.';
  const uncertain = await tx.transferFile.updateManyAndReturn({
    where: { transferId, state: 'moving' },
    data: { state: 'uncertain', failureKind: 'worker_lost', failureText },
    select: { id: true, name: true, sourcePath: true },
  });
  await appendEvents(
    tx,
    actor,
    uncertain.map((file) => ({
      action: 'transfer_file.uncertain' as const,
      outcome: 'failed' as const,
      object: { kind: 'transfer_file', id: file.id, name: file.name },
      partnerId,
      details: {
        transferId,
        sourcePath: file.sourcePath,
        failureKind: 'worker_lost',
        failureText,
      },
    })),
  );
}
