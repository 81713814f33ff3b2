/**
 * What transfers that are over have left at a target under temporary names of ours: a worker was lost, or the server
 * did not let us in any more, or not remove it, while the file itself may have arrived by another try. The next run of
 * the route that has something to move removes it.
 *
 * findLeftovers: of the same route and target, at most 50, whichever: some that cannot be removed do not keep others back
 * forgetLeftovers
 *   In     the lease of the run that has removed them; the files
 *   Out    nothing; no name is on record any more
 *   Errors LeaseLostError
 *   Events none
 */
import { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Claim } from './claim.js';
import { toFilePart } from './file-part.js';
import { type Lease, holdLease } from './lease.js';

export interface Leftover {
  fileId: string;
  paths: string[];
  /** The file itself has arrived. */
  isDelivered: boolean;
  sourcePath: string;
  /** Of the source as it was to be sent; null where its server did not tell. */
  sizeBytes: number | null;
  modifiedAt: Date | null;
  /** Whether it was at the source of this claim. */
  isOfSource: boolean;
}

type LeftoverRow = Omit<Leftover, 'paths'> & {
  targetPath: string;
  temporaryPath: string | null;
  partial: unknown;
};

const MAX_LEFTOVERS = 50;
/** What could not be removed for so long is left to the partner: an account that never may is not asked for ever. */
const KEPT_DAYS = 90;

/**
 * Not of files that may have arrived, or are known to be the only copy: those are a person's to look at. Of a file that
 * was not delivered, what is left may be the only copy all the same: whoever removes it asks the source first.
 */
export async function findLeftovers(tx: Tx, { lease, snapshot }: Claim): Promise<Leftover[]> {
  const rows = await tx.$queryRaw<LeftoverRow[]>`
    SELECT file.id AS "fileId", file.target_path AS "targetPath", file.temporary_path AS "temporaryPath", file.partial,
      file.state = 'delivered' AS "isDelivered", file.source_path AS "sourcePath",
      file.size_bytes::float8 AS "sizeBytes", file.modified_at AS "modifiedAt",
      run.route_snapshot ->> 'sourceEndpointId' = ${snapshot.sourceEndpointId} AS "isOfSource"
    FROM transfer_file AS file JOIN transfer AS run ON run.id = file.transfer_id
    WHERE (file.temporary_path IS NOT NULL OR file.partial IS NOT NULL)
      AND (file.state = 'delivered' OR (file.state IN ('planned', 'failed', 'skipped') AND file.sha256 IS NULL))
      AND run.state IN ('succeeded', 'partial', 'failed', 'cancelled')
      AND run.created_at > now() - ${KEPT_DAYS} * interval '1 day'
      AND run.route_id = (SELECT route_id FROM transfer WHERE id = ${lease.transferId}::uuid)
      AND run.route_snapshot ->> 'targetEndpointId' = ${snapshot.targetEndpointId}
    ORDER BY random()
    LIMIT ${MAX_LEFTOVERS}`;
  return rows.map(({ targetPath, temporaryPath, partial, ...file }) => {
    const part = toFilePart(partial);
    const paths = new Set([temporaryPath, part?.path ?? null]);
    // What was written under its final name may be somebody else's by now.
    paths.delete(targetPath);
    paths.delete(null);
    // At a later try the source may have been another than was planned.
    const read = part === null ? {} : { sizeBytes: part.sourceSizeBytes, modifiedAt: part.sourceModifiedAt };
    return { ...file, ...read, paths: [...paths] as string[] };
  });
}

export async function forgetLeftovers(tx: Tx, lease: Lease, fileIds: string[]): Promise<void> {
  if (fileIds.length === 0) return;
  await holdLease(tx, lease);
  await tx.transferFile.updateMany({
    where: { id: { in: fileIds }, state: { in: ['planned', 'failed', 'skipped', 'delivered'] } },
    data: { temporaryPath: null, partial: Prisma.DbNull },
  });
}
