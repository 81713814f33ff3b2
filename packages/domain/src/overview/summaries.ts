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

/** Those whose newest attempt dialled an end without encryption, or moved files in the clear: an index look-up each. */
async function findInTheClear(tx: Tx, ids: string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT transfer.id FROM unnest(${ids}::uuid[]) AS transfer (id)
    CROSS JOIN LATERAL (
      SELECT connections FROM attempt
      WHERE attempt.transfer_id = transfer.id ORDER BY started_at DESC, attempt.id DESC LIMIT 1
    ) newest
    WHERE connections @? '$[*] ? (@.protocol == "ftp" && @.address != null)' OR connections @> '[{"dataProtection": "clear"}]'`;
  return new Set(rows.map(({ id }) => id));
}
