/**
 * Sending the files of a transfer again, as a new transfer of the route as it is now: which route, and which files.
 * Unless all are asked for, it is what was not delivered, neither by the transfer nor by one that has sent it again:
 * whoever asks twice does not have the partner get a file twice.
 */
import type { ResendFiles } from '@waybill/contracts/transfers.js';
import type { Tx } from '@waybill/db/transaction.js';
import { Problem } from '../problem.js';
import { isOver } from './transfer-state.js';

export interface Resend {
  resendOfId: string;
  resendFiles: ResendFiles;
}

/**
 * The route of the transfer that is to be sent again.
 * @throws Problem not_found; wrong_state where it is not over yet, or nothing of it is left to be sent
 */
export async function findRouteToResend(tx: Tx, resend: Resend): Promise<string> {
  const original = await tx.transfer.findUnique({
    where: { id: resend.resendOfId },
    select: { routeId: true, state: true },
  });
  if (original === null) throw new Problem('not_found', 'There is no transfer with that id.');
  if (!isOver(original.state))
    throw new Problem(
      'wrong_state',
      `The transfer is ${original.state}. Wait until it is over, or cancel it, before you send it again.`,
    );
  if ((await namesToResend(tx, resend))?.size === 0)
    throw new Problem(
      'wrong_state',
      'Every file of this transfer was delivered. To send them once more although the partner has them, ask for all files.',
    );
  return original.routeId;
}

/** The names of the files that are sent again; null where the transfer had none to send, so that the pattern decides. */
export async function namesToResend(
  tx: Tx,
  { resendOfId, resendFiles }: Resend,
): Promise<Set<string> | null> {
  // What was skipped was not to be moved, unless somebody cancelled it.
  const files = await tx.$queryRaw<{ name: string; delivered: boolean }[]>`
    WITH RECURSIVE run AS (
      SELECT ${resendOfId}::uuid AS id
      UNION SELECT transfer.id FROM transfer JOIN run ON transfer.resend_of_id = run.id
    ), delivered AS (
      SELECT DISTINCT name FROM transfer_file
      WHERE transfer_id IN (SELECT id FROM run) AND state = 'delivered'
    )
    SELECT file.name, delivered.name IS NOT NULL AS delivered
    FROM transfer_file AS file LEFT JOIN delivered ON delivered.name = file.name
    WHERE file.transfer_id = ${resendOfId}::uuid AND (file.state <> 'skipped' OR file.failure_kind = 'cancelled')`;
  if (files.length === 0) return null;
  return new Set(files.filter((file) => resendFiles === 'all' || !file.delivered).map((file) => file.name));
}
