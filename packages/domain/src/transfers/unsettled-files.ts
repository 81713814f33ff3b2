/**
 * Files at the source that the route must not send by itself once more: it is uncertain whether they have arrived, or
 * they have, and only their source could not be dealt with. A person decides, and then sends that transfer again.
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Claim } from './claim.js';

export interface UnsettledFile {
  sourcePath: string;
  /** Delivered, with the after-action still owed; otherwise it may have arrived. */
  isDelivered: boolean;
  /** Of what was read, or was to be read; null where that is not known any more. */
  sizeBytes: number | null;
  /** Of the source that was read; null where its server did not tell. */
  modifiedAt: Date | null;
  /** When the transfer was asked for that has left it so. */
  transferAt: Date;
}

/**
 * What earlier transfers of the route have left so at the source of the claim, newest first. A file that was delivered
 * when a person sent it again is settled. Sources that are kept are sent at every run, so that they owe nothing.
 */
export async function findUnsettledFiles(tx: Tx, { lease, snapshot }: Claim): Promise<UnsettledFile[]> {
  // What was planned may have been read anew since, with another size and another date. Those that were read are on
  // record where the bytes were verified, and with what was begun under its final name. Of any other file the date is
  // the planned one, and the size tells nothing unless there is no date. One that is moving belongs to a transfer on
  // hold, and what was begun under its final name may be there whole.
  return tx.$queryRaw<UnsettledFile[]>`
    SELECT file.source_path AS "sourcePath", file.state = 'delivered' AS "isDelivered",
      CASE WHEN seen.is_verified THEN file.moved_bytes
        WHEN seen.begun IS NOT NULL THEN (seen.begun ->> 'sourceSizeBytes')::bigint
        WHEN file.modified_at IS NULL THEN file.size_bytes END::float8 AS "sizeBytes",
      CASE WHEN seen.begun IS NOT NULL AND NOT seen.is_verified THEN (seen.begun ->> 'sourceModifiedAt')::timestamptz
        ELSE file.modified_at END AS "modifiedAt",
      run.created_at AS "transferAt"
    FROM transfer AS run JOIN transfer_file AS file ON file.transfer_id = run.id
    CROSS JOIN LATERAL (
      SELECT file.state = 'delivered' OR (file.moved_bytes > 0 AND file.sha256 IS NOT NULL) AS is_verified,
        CASE WHEN file.partial ->> 'path' = file.target_path THEN file.partial END AS begun
    ) AS seen
    WHERE run.route_id = (SELECT route_id FROM transfer WHERE id = ${lease.transferId}::uuid)
      AND run.state <> 'succeeded' AND run.id <> ${lease.transferId}::uuid
      AND run.route_snapshot ->> 'sourceEndpointId' = ${snapshot.sourceEndpointId}
      AND (file.state IN ('moving', 'uncertain') OR (file.state = 'delivered' AND file.after_action_at IS NULL))
      AND (file.state <> 'moving' OR file.sha256 IS NOT NULL OR file.partial ->> 'path' = file.target_path)
      AND (file.state <> 'delivered'
        OR (run.route_snapshot ->> 'afterAction' <> 'keep' AND ${snapshot.afterAction} <> 'keep'))
      AND NOT EXISTS (
        SELECT 1 FROM transfer AS later JOIN transfer_file AS same ON same.transfer_id = later.id
        WHERE later.route_id = run.route_id AND later.cause = 'resend' AND later.created_at > run.created_at
          AND same.source_path = file.source_path AND same.state = 'delivered')
    ORDER BY run.created_at DESC`;
}

/** Whether the file at the source is still the one that was left unsettled; where that cannot be told, it is. */
export function isStillThere(
  there: { sizeBytes: number | null; modifiedAt: Date | null },
  { sizeBytes, modifiedAt }: UnsettledFile,
): boolean {
  if (there.modifiedAt !== null && modifiedAt !== null && there.modifiedAt.getTime() !== modifiedAt.getTime())
    return false;
  return there.sizeBytes === null || sizeBytes === null || there.sizeBytes === sizeBytes;
}

/** Why it does not go, for people. */
export function whyNotAgain({ isDelivered, transferAt }: UnsettledFile): string {
  const transfer = `the transfer of ${transferAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return isDelivered
    ? `Delivered already by ${transfer}, which could not delete or move it here afterwards. Do that by hand.`
    : `It may have arrived with ${transfer}. Ask the partner; then send that transfer again, or remove the file here.`;
}
