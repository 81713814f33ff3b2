/**
 * The names that a transfer has delivered files under. To a target that does not tell upper from lower case, two names
 * of the source may be one.
 */
import type { Tx } from '@waybill/db/transaction.js';

/** By what such a target makes of them. */
export type DeliveredNames = Map<string, string>;

export async function findDeliveredNames(tx: Tx, transferId: string): Promise<DeliveredNames> {
  const files = await tx.transferFile.findMany({
    where: { transferId, state: 'delivered' },
    select: { targetPath: true },
  });
  return new Map(files.map(({ targetPath }) => [foldName(targetPath), targetPath]));
}

export function foldName(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** What was delivered under another name that may be the same one at the target; null where nothing was. */
export function findNamesake(delivered: DeliveredNames, path: string): string | null {
  const other = delivered.get(foldName(path)) ?? path;
  return other === path ? null : other;
}
