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
      createdAt: row.createdAt.toISOString(),
      startedAt: row.startedAt?.toISOString() ?? null,
      finishedAt: row.finishedAt?.toISOString() ?? null,
    };
  });
}
