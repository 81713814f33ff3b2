/** Tells the open pages where a transfer stands, as the transaction sees it. */
import type { LiveEvent } from '@waybill/contracts/live.js';
import type { Tx } from '@waybill/db/transaction.js';
import { notifyLive } from '../live/notify-live.js';

type TransferEvent = Extract<LiveEvent, { kind: 'transfer' }>;
export type LiveProgress = Pick<TransferEvent, 'bytesPerSecond' | 'file'>;

export async function notifyTransfer(
  tx: Tx,
  transferId: string,
  progress: LiveProgress = { bytesPerSecond: null, file: null },
): Promise<void> {
  const row = await tx.transfer.findUniqueOrThrow({
    where: { id: transferId },
    select: { state: true, movedBytes: true, totalBytes: true, deliveredCount: true, fileCount: true },
  });
  await notifyLive(tx, {
    kind: 'transfer',
    transferId,
    ...row,
    movedBytes: Number(row.movedBytes),
    totalBytes: Number(row.totalBytes),
    ...progress,
  });
}
