import { routeSnapshot } from '@waybill/contracts/routes.js';
import type { TransferSummary } from '@waybill/contracts/transfers.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';

/** The transfers that a query finds, as lists show them. */
export async function summariesOf(
  tx: Tx,
  query: Pick<Prisma.TransferFindManyArgs, 'where' | 'orderBy' | 'take'>,
): Promise<TransferSummary[]> {
  const rows = await tx.transfer.findMany({
    ...query,
    include: { route: { select: { partner: { select: { id: true, name: true } } } } },
  });
  const inTheClear = await findInTheClear(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const snapshot = routeSnapshot.parse(row.routeSnapshot);
    return {
      id: row.id,
      route: { id: row.routeId, name: snapshot.name },
      partner: row.route.partner,
      sourceName: snapshot.sourceEndpointName,
      targetName: snapshot.targetEndpointName,
      cause: row.cause,
      requestedBy: row.requestedBy,
      state: row.state,
      fileCount: row.fileCount,
      deliveredCount: row.deliveredCount,
      totalBytes: Number(row.totalBytes),
      movedBytes: Number(row.movedBytes),
      tryCount: row.tryCount,
      maxTries: snapshot.maxTries,
      nextTryAt: row.nextTryAt?.toISOString() ?? null,
      failureKind: row.failureKind,
      failureText: row.failureText,
      cancelRequested: row.cancelRequestedAt !== null,
      notEncrypted: inTheClear.has(row.id),
      createdAt: row.createdAt.toISOString(),
      startedAt: row.startedAt?.toISOString() ?? null,
      finishedAt: row.finishedAt?.toISOString() ?? null,
    };
  });
}

/**
 * Those of which an attempt dialled an end without encryption, or moved files in the clear. Nothing does without an
 * approved exception, so attempts are read only where an end has had one, or is not there any more to ask.
 */
async function findInTheClear(tx: Tx, ids: string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH suspect AS MATERIALIZED (
      SELECT id FROM transfer WHERE id = ANY (${ids}::uuid[]) AND (
        SELECT count(*) FROM endpoint
        WHERE id IN ((route_snapshot->>'sourceEndpointId')::uuid, (route_snapshot->>'targetEndpointId')::uuid)
          AND NOT EXISTS (
            SELECT FROM endpoint_exception
            WHERE endpoint_id = endpoint.id AND approved_at IS NOT NULL
              AND deviations && '{plain_ftp,clear_data}'
          )
      ) < 2
    )
    SELECT suspect.id FROM suspect CROSS JOIN LATERAL (
      SELECT FROM attempt WHERE transfer_id = suspect.id AND (
        connections @? '$[*] ? (@.protocol == "ftp" && @.address != null)'
        OR connections @> '[{"dataProtection": "clear"}]'
      ) LIMIT 1
    ) in_the_clear`;
  return new Set(rows.map(({ id }) => id));
}
