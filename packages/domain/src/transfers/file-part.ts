/**
 * What a cut try has left of a file at the target, for another try to go on with.
 *
 * recordFilePart
 *   In     the lease, the file that is moving, what is at the target and what it is a part of
 *   Out    nothing. Commit while it is being written: then a crash does not cost what is there.
 *   Errors LeaseLostError
 *   Events none
 */
import type { Tx } from '@waybill/db/transaction.js';
import { type Lease, LeaseLostError } from './lease.js';

export interface FilePart {
  /** The name that it lies under. */
  path: string;
  /** Of the source that it was read from. */
  sourceSizeBytes: number;
  sourceModifiedAt: Date | null;
  /** Where the try that left it had gone on itself; null where that one had begun at the beginning. */
  resumedFrom: number | null;
  /** All of it is there, and an older file was removed to make way for it, or was to be: it may be the only copy. */
  madeWay?: true;
}

/** As it was recorded. */
export function toFilePart(recorded: unknown): FilePart | null {
  if (recorded === null) return null;
  const part = recorded as Omit<FilePart, 'sourceModifiedAt'> & { sourceModifiedAt: string | null };
  return {
    ...part,
    sourceModifiedAt: part.sourceModifiedAt === null ? null : new Date(part.sourceModifiedAt),
  };
}

export async function recordFilePart(
  tx: Tx,
  lease: Lease,
  { fileId, part }: { fileId: string; part: FilePart },
): Promise<void> {
  const count = await tx.$executeRaw`
    UPDATE transfer_file AS file SET partial = ${JSON.stringify(part)}::jsonb
    FROM (
      SELECT id FROM transfer
      WHERE id = ${lease.transferId}::uuid AND state = 'running'
        AND lease_owner = ${lease.workerId} AND try_count = ${lease.tryNumber}
      FOR SHARE
    ) AS held
    WHERE file.id = ${fileId}::uuid AND file.state = 'moving' AND file.transfer_id = held.id`;
  if (count !== 1) throw new LeaseLostError(lease);
}
