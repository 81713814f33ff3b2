/** Tells the open pages where transfers stand, as the transaction sees them. */
import type { LiveEvent } from '@waybill/contracts/live.js';
import type { Tx } from '@waybill/db/transaction.js';
import { notifyLive } from '../live/notify-live.js';

type TransferEvent = Extract<LiveEvent, { kind: 'transfer' }>;
export type LiveProgress = Pick<TransferEvent, 'bytesPerSecond' | 'file'>;

export function notifyTransfer(tx: Tx, transferId: string, progress?: LiveProgress): Promise<void> {
  return notifyTransfers(tx, [transferId], progress);
}

export async function notifyTransfers(
  tx: Tx,
  transferIds: string[],
  progress: LiveProgress = { bytesPerSecond: null, file: null },
): Promise<void> {
  const rows = await tx.transfer.findMany({
    where: { id: { in: transferIds } },
    select: {
      id: true,
      state: true,
      movedBytes: true,
      totalBytes: true,
      deliveredCount: true,
      fileCount: true,
    },
  });
  const events = rows.map(({ id, movedBytes, totalBytes, ...row }) => ({
    kind: 'transfer' as const,
    transferId: id,
    ...row,
    movedBytes: Number(movedBytes),
    totalBytes: Number(totalBytes),
    ...progress,
  }));
  await notifyLive(tx, ...events);
}
