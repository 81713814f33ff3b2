/** For what belongs to a partner: the partner must exist. */
import type { Tx } from '@waybill/db/transaction.js';
import { fieldProblem } from '../problem.js';

/** @throws Problem `invalid_input` at `partnerId` where an id is given that no partner has */
export async function requirePartner(tx: Tx, partnerId: string | null | undefined): Promise<void> {
  if (partnerId === null || partnerId === undefined) return;
  const found = await tx.partner.findUnique({ where: { id: partnerId }, select: { id: true } });
  if (found === null) throw fieldProblem('partnerId', 'there is no partner with that id');
}
