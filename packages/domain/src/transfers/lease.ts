/**
 * A worker's hold on a running transfer. Every write of a run goes through it: once the lease is lost, because
 * it ran out and another worker took over, nothing of the old run gets into the database any more.
 */
import { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';

export interface Lease {
  transferId: string;
  workerId: string;
  /** Which try of the transfer this is, from 1; a lease is for one try. */
  tryNumber: number;
}

export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor(lease: Lease) {
    super(`Transfer ${lease.transferId} is no longer held by ${lease.workerId} for try ${lease.tryNumber}.`);
  }
}

/**
 * The transfer, as a query for one row, where the lease still holds. Its lock makes sure of that until the transaction
 * ends: whoever takes the transfer over does so before, and we learn of it, or after, and sees what we wrote. Others of
 * the same run may hold it too. Do not change the transfer after it in the same transaction: two that do would wait for
 * each other.
 */
export function heldLease(lease: Lease): Prisma.Sql {
  return Prisma.sql`
    SELECT id FROM transfer
    WHERE id = ${lease.transferId}::uuid AND state = 'running'
      AND lease_owner = ${lease.workerId} AND try_count = ${lease.tryNumber}
    FOR SHARE`;
}

/** Makes sure of the lease until the transaction ends. @throws LeaseLostError */
export async function holdLease(tx: Tx, lease: Lease): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>(heldLease(lease));
  if (held.length !== 1) throw new LeaseLostError(lease);
}

/**
 * Changes the transfer if the lease still holds; locks its row until the transaction ends.
 * @param data at least one field: without any, nothing would be locked
 * @throws LeaseLostError
 */
export async function updateUnderLease(
  tx: Tx,
  lease: Lease,
  data: Prisma.TransferUpdateManyMutationInput,
): Promise<void> {
  const { count } = await tx.transfer.updateMany({
    where: {
      id: lease.transferId,
      state: 'running',
      leaseOwner: lease.workerId,
      tryCount: lease.tryNumber,
    },
    data,
  });
  if (count !== 1) throw new LeaseLostError(lease);
}

export interface Progress {
  /** Of the whole transfer. */
  movedBytes: number;
  /** Of the files that move now, by id. */
  files: Map<string, number>;
}

/**
 * Renews the lease, writes how far the run has come and tells whether it shall end.
 * The database's clock counts, so that workers need not agree on the time.
 * @throws LeaseLostError
 */
export async function renewLease(
  tx: Tx,
  lease: Lease,
  now: { leaseMs: number; progress: Progress },
): Promise<{ cancelRequested: boolean }> {
  const [row] = await tx.$queryRaw<{ cancelRequested: boolean }[]>`
    UPDATE transfer
    SET lease_until = now() + ${now.leaseMs} * interval '1 millisecond', lease_renewed_at = now(),
      moved_bytes = ${now.progress.movedBytes}
    WHERE id = ${lease.transferId}::uuid AND state = 'running'
      AND lease_owner = ${lease.workerId} AND try_count = ${lease.tryNumber}
    RETURNING cancel_requested_at IS NOT NULL AS "cancelRequested"`;
  if (row === undefined) throw new LeaseLostError(lease);
  const files = [...now.progress.files].map(([id, movedBytes]) => ({ id, movedBytes }));
  // By their ids only, as in record-attempts.ts. What is being written down is left out: whoever waits for one of these
  // rows while others wait for another is ended as a deadlock, and that cost a file its try. Once the bytes are verified,
  // the number is what a later run compares the target with.
  if (files.length > 0)
    await tx.$executeRaw`
      WITH free AS MATERIALIZED (
        SELECT id FROM transfer_file
        WHERE id = ANY (${files.map(({ id }) => id)}::uuid[])
          AND transfer_id IS NOT DISTINCT FROM ${lease.transferId}::uuid
          AND state::text = 'moving' AND sha256 IS NULL
        FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE transfer_file AS file SET moved_bytes = given."movedBytes"
      FROM free, jsonb_to_recordset(${JSON.stringify(files)}::jsonb) AS given(id uuid, "movedBytes" bigint)
      WHERE file.id = free.id AND given.id = free.id`;
  return row;
}
