/**
 * Notes which failures of a route have been made good: later transfers have delivered the files that a failed one did
 * not, or it was sent again and that succeeded. A run that delivers nothing makes nothing good. A file in doubt, or one
 * that was delivered and is still at the source, is left to a person: only a resend settles it.
 *
 * In     a transfer that is over now
 * Out    nothing
 * Errors none of its own
 * Events none: it follows from those of the transfers
 */
import type { Tx } from '@waybill/db/transaction.js';

/** What failed longer ago than this is history: nobody is asked to send it again. */
const LATELY_MS = 7 * 86_400_000;
/** Of more failures of a route than that, the newest. */
const MAX_FAILURES = 1000;

interface Cure {
  id: string;
  routeId: string;
  createdAt: Date;
  /** The transfer that it has sent again with success. */
  sentAgainId: string | null;
  /** Whether what failed before it had listed any files is good again. */
  isProof: boolean;
}

export async function settleFailures(tx: Tx, transferId: string): Promise<void> {
  const cure = await findCure(tx, transferId);
  if (cure === null) return;
  const since = new Date(Date.now() - LATELY_MS);
  // Where it is not the cure itself, only it may have been made good, while it was on hold.
  await tx.$executeRaw`
    WITH failed AS (
      SELECT id, created_at, route_snapshot ->> 'afterAction' AS after_action,
        id IS NOT DISTINCT FROM ${cure.sentAgainId}::uuid AS sent_again
      FROM transfer
      WHERE route_id = ${cure.routeId}::uuid AND state IN ('failed', 'partial') AND settled_by_id IS NULL
        AND created_at >= ${since} AND created_at < ${cure.createdAt}
        AND ${transferId}::uuid IN (id, ${cure.id}::uuid)
      ORDER BY created_at DESC LIMIT ${MAX_FAILURES}
    ), owed AS (
      SELECT failed.id, failed.created_at, file.source_path, file.state <> 'failed' AS is_for_person
      FROM failed JOIN transfer_file AS file ON file.transfer_id = failed.id
      WHERE (file.state = 'failed' AND NOT failed.sent_again) OR file.state = 'uncertain'
        OR (file.state = 'delivered' AND file.after_action_at IS NULL AND failed.after_action <> 'keep')
    ), lessened AS (
      SELECT DISTINCT owed.id FROM owed JOIN transfer_file AS file
        ON file.transfer_id = ${cure.id}::uuid AND file.state = 'delivered' AND file.source_path = owed.source_path
    ), delivered AS (
      SELECT file.source_path, max(later.created_at) AS at,
        max(later.created_at) FILTER (WHERE later.cause = 'resend') AS resent_at
      FROM transfer AS later JOIN transfer_file AS file ON file.transfer_id = later.id AND file.state = 'delivered'
      WHERE later.route_id = ${cure.routeId}::uuid AND later.delivered_count > 0
        AND later.created_at > (SELECT min(created_at) FROM owed WHERE id IN (SELECT id FROM lessened))
      GROUP BY file.source_path
    ), open AS (
      SELECT owed.id FROM owed LEFT JOIN delivered ON delivered.source_path = owed.source_path
        AND CASE WHEN owed.is_for_person THEN delivered.resent_at ELSE delivered.at END > owed.created_at
      WHERE delivered.source_path IS NULL
    )
    UPDATE transfer SET settled_by_id = ${cure.id}::uuid FROM failed
    WHERE transfer.id = failed.id AND failed.id NOT IN (SELECT id FROM open)
      AND (failed.sent_again OR failed.id IN (SELECT id FROM lessened)
        OR (${cure.isProof} AND failed.id NOT IN (SELECT id FROM owed)))`;
}

/** The newest transfer of the route that may have made something good: mostly the one that is over now. */
async function findCure(tx: Tx, transferId: string): Promise<Cure | null> {
  const { routeId } = await tx.transfer.findUniqueOrThrow({
    where: { id: transferId },
    select: { routeId: true },
  });
  const cure = await tx.transfer.findFirst({
    where: {
      routeId,
      finishedAt: { not: null },
      createdAt: { gte: new Date(Date.now() - LATELY_MS) },
      OR: [{ deliveredCount: { gt: 0 } }, { state: 'succeeded', cause: 'resend' }],
    },
    orderBy: { createdAt: 'desc' },
    select: { id: true, createdAt: true, state: true, resendOfId: true, deliveredCount: true },
  });
  if (cure === null) return null;
  const { id, createdAt, state, deliveredCount } = cure;
  const isClean = state === 'succeeded';
  return {
    id,
    routeId,
    createdAt,
    sentAgainId: isClean ? cure.resendOfId : null,
    isProof: isClean && deliveredCount > 0,
  };
}
