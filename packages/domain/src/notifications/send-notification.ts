/**
 * The three moments of sending a message: taken by one worker, then sent or not sent. The mail server is spoken
 * to between the transactions, so a worker that dies in between may send twice, but never not at all. What a slow
 * worker reports after another one has taken or ended the message is left out.
 *
 * In     the notification's id; afterwards, the error or null
 * Out    the message; null where it is not due, sent already, given up or taken by another worker
 * Errors none of its own
 * Events notification.sent, notification.failed (given up)
 */
import { cutText } from '@waybill/contracts/text.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { databaseIn, databaseNow } from '../database-now.js';

export const MAX_MAIL_TRIES = 8;
/** After this a message that was taken and neither sent nor refused is due again. */
const SENDING_MS = 120_000;
const RETRY_BASE_MS = 30_000;

export interface Message {
  id: string;
  recipients: string[];
  subject: string;
  body: string;
  tryCount: number;
}

export async function takeNotification(tx: Tx, id: string): Promise<Message | null> {
  const { count } = await tx.notification.updateMany({
    where: { id, state: 'queued', nextTryAt: { lte: await databaseNow(tx) } },
    data: { tryCount: { increment: 1 }, nextTryAt: await databaseIn(tx, SENDING_MS) },
  });
  if (count === 0) return null;
  return tx.notification.findUniqueOrThrow({
    where: { id },
    select: { id: true, recipients: true, subject: true, body: true, tryCount: true },
  });
}

export async function recordSent(tx: Tx, actor: Actor, message: Message): Promise<void> {
  const { count } = await tx.notification.updateMany({
    where: { id: message.id, state: 'queued' },
    data: { state: 'sent', sentAt: new Date(), nextTryAt: null, lastError: null },
  });
  if (count === 0) return;
  await appendEvent(tx, actor, {
    action: 'notification.sent',
    object: { kind: 'notification', id: message.id, name: message.subject },
    details: { recipients: message.recipients, subject: message.subject },
  });
}

/** Tries again later, 30 s doubling, until it is given up after `MAX_MAIL_TRIES`. */
export async function recordNotSent(tx: Tx, actor: Actor, message: Message, error: string): Promise<void> {
  // Words of the mail server: Postgres keeps no NUL.
  const lastError = cutText(error.replaceAll('\0', ''), 500);
  const givenUp = message.tryCount >= MAX_MAIL_TRIES;
  const { count } = await tx.notification.updateMany({
    where: { id: message.id, state: 'queued', tryCount: message.tryCount },
    data: givenUp
      ? { state: 'failed', nextTryAt: null, lastError }
      : { nextTryAt: await databaseIn(tx, RETRY_BASE_MS * 2 ** (message.tryCount - 1)), lastError },
  });
  if (givenUp && count === 1)
    await appendEvent(tx, actor, {
      action: 'notification.failed',
      outcome: 'failed',
      object: { kind: 'notification', id: message.id, name: message.subject },
      details: { recipients: message.recipients, error: lastError },
    });
}
