/**
 * Writes the message about a transfer that failed, ended partly or is on hold, in the transaction of that change.
 *
 * In     the transfer as it now is, how mail is set up
 * Out    the ids of the notifications, to ring after commit; none where mail is not set up or nobody is to be told
 * Errors none of its own
 * Events none; `sendNotification` writes notification.sent or notification.failed
 */
import { WHO_ACTS, whoHasToAct } from '@waybill/contracts/who-acts.js';
import type { RouteSnapshot } from '@waybill/contracts/routes.js';
import type { Tx } from '@waybill/db/transaction.js';
import { databaseNow } from '../database-now.js';
import { newId } from '../new-id.js';
import { readFailedEnds } from '../transfers/failed-side.js';
import { type MailPolicy, findRecipients } from './recipients.js';

export type BadEnding = 'failed' | 'partial' | 'held';

const SUBJECT: Record<BadEnding, string> = {
  failed: 'Transfer failed',
  partial: 'Transfer ended partly',
  held: 'Transfer on hold',
};
const NEXT: Record<BadEnding, string> = {
  failed: 'It is not tried again by itself. Put the cause right, then send it again.',
  partial: 'What is missing is not tried again by itself. Put the cause right, then send it again.',
  held: 'It goes on once the cause is put right and the endpoint or route is released.',
};

export async function notifyOfTransfer(
  tx: Tx,
  input: { transferId: string; mail: MailPolicy | null; ending: BadEnding },
): Promise<string[]> {
  const { transferId, mail, ending } = input;
  if (mail === null) return [];
  const recipients = await findRecipients(tx, mail);
  if (recipients.length === 0) return [];
  const row = await tx.transfer.findUniqueOrThrow({
    where: { id: transferId },
    select: {
      routeSnapshot: true,
      fileCount: true,
      deliveredCount: true,
      failureKind: true,
      failureText: true,
      tryCount: true,
      createdAt: true,
    },
  });
  const snapshot = row.routeSnapshot as RouteSnapshot;
  const isLocal = (await readFailedEnds(tx, [transferId])).get(transferId)?.isLocal ?? false;
  const who = whoHasToAct(row.failureKind, { isLocal });
  const lines = [
    `${SUBJECT[ending]}: ${snapshot.name}`,
    '',
    `From:      ${snapshot.sourceEndpointName}, ${snapshot.sourcePath}`,
    `To:        ${snapshot.targetEndpointName}, ${snapshot.targetPath}`,
    `Requested: ${row.createdAt.toISOString()}`,
    `Tries:     ${row.tryCount}`,
    `Files:     ${row.deliveredCount} of ${row.fileCount} delivered`,
    '',
    `${row.failureText ?? 'No reason is recorded.'} (${row.failureKind ?? 'unknown'})`,
    ...(who === null ? [] : [WHO_ACTS[who]]),
    '',
    NEXT[ending],
    '',
    mail.consoleUrl === null
      ? `Transfer ${transferId}`
      : new URL(`/transfers/${transferId}`, mail.consoleUrl).href,
  ];
  const notification = await tx.notification.create({
    data: {
      id: newId(),
      transferId,
      recipients,
      subject: `[Waybill] ${SUBJECT[ending]}: ${snapshot.name}`,
      body: lines.join('\n'),
      nextTryAt: await databaseNow(tx),
    },
    select: { id: true },
  });
  return [notification.id];
}
