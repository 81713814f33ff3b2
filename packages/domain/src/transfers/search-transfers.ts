/**
 * Finds transfers by the name of their route or by the beginning of a file's name. Two queries, each answered from an
 * index and cut at the page; one query with OR between them would read the whole history.
 */
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import { beginningWith, containing } from '../search.js';

export interface TransferSearch {
  text: string;
  /** What else the transfers must be. */
  where: Prisma.TransferWhereInput;
  take: number;
}

/** @returns ids of the newest that match */
export async function searchTransfers(tx: Tx, search: TransferSearch): Promise<string[]> {
  const routes = await tx.route.findMany({ where: { name: containing(search.text) }, select: { id: true } });
  const newest = (match: Prisma.TransferWhereInput) =>
    tx.transfer.findMany({
      where: { AND: [search.where, match] },
      select: { id: true, createdAt: true },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: search.take,
    });
  const byRoute = await newest({ routeId: { in: routes.map((route) => route.id) } });
  const byFile = await newest({ files: { some: { name: beginningWith(search.text) } } });
  const found = [...byRoute, ...byFile].sort(
    (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1),
  );
  return [...new Set(found.map((row) => row.id))].slice(0, search.take);
}
