/**
 * Which transfers need somebody: what is held or waits for another try, and what failed lately and has not been made
 * good since. A failure is made good when a later transfer of its route succeeds, be it a resend or the next run; unless
 * it left a file in doubt, or one at the source that was delivered, which later runs leave to a person.
 */
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';

/** A failure older than this is history. */
const LATELY_MS = 24 * 3_600_000;
/** Of more failures than that, the newest: nobody reads on, and the list stays cheap. */
const MAX_FAILURES = 1000;

/** The transfers that need somebody, in the order of urgency: each part a filter. */
export async function whatNeedsAttention(tx: Tx, now: Date): Promise<Prisma.TransferWhereInput[]> {
  return [{ state: 'held' }, { id: { in: await findOpenFailures(tx, now) } }, { state: 'waiting' }];
}

async function findOpenFailures(tx: Tx, now: Date): Promise<string[]> {
  const since = new Date(now.getTime() - LATELY_MS);
  // One look at each route: its newest success, if that is newer than the oldest of the failures.
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH failed AS (
      SELECT id, route_id, created_at, route_snapshot ->> 'afterAction' AS after_action
      FROM transfer WHERE state IN ('failed', 'partial') AND finished_at >= ${since}
      ORDER BY finished_at DESC LIMIT ${MAX_FAILURES}
    ), cured AS (
      SELECT oldest.route_id, success.created_at
      FROM (SELECT route_id, min(created_at) AS created_at FROM failed GROUP BY route_id) AS oldest
      CROSS JOIN LATERAL (
        SELECT created_at FROM transfer
        WHERE route_id = oldest.route_id AND state = 'succeeded' AND created_at > oldest.created_at
        ORDER BY created_at DESC LIMIT 1
      ) AS success
    )
    SELECT failed.id FROM failed LEFT JOIN cured ON cured.route_id = failed.route_id
    WHERE cured.created_at IS NULL OR cured.created_at <= failed.created_at OR EXISTS (
      SELECT 1 FROM transfer_file AS file
      WHERE file.transfer_id = failed.id
        AND (file.state = 'uncertain'
          OR (file.state = 'delivered' AND file.after_action_at IS NULL AND failed.after_action <> 'keep'))
        AND NOT EXISTS (
          SELECT 1 FROM transfer AS later JOIN transfer_file AS same ON same.transfer_id = later.id
          WHERE later.route_id = failed.route_id AND later.cause = 'resend' AND later.created_at > failed.created_at
            AND same.source_path = file.source_path AND same.state = 'delivered'))`;
  return rows.map(({ id }) => id);
}
