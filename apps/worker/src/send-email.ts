/** Sends one message; its own row says whether and when it is tried again. */
import {
  recordNotSent,
  recordSent,
  takeNotification,
} from '@waybill/domain/notifications/send-notification.js';
import { createTransport } from 'nodemailer';
import type { Mail } from './config.js';
import { type Worker, transact } from './worker.js';

const TIMEOUT_MS = 20_000;

export type SendEmail = (worker: Worker, notificationId: string) => Promise<void>;

export function sendEmailBy(mail: Mail): SendEmail {
  const transport = createTransport({
    url: mail.smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    requireTLS: needsTls(mail.smtpUrl),
    // The text of a message is made of what others have named; it must never make the mailer fetch something.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async (worker, notificationId) => {
    const message = await transact(worker, (tx) => takeNotification(tx, notificationId));
    if (message === null) return;
    try {
      const { recipients: to, subject, body: text } = message;
      await transport.sendMail({ from: mail.from, to, subject, text });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      worker.log.info({ err: error, notificationId }, 'a message could not be sent');
      return transact(worker, (tx) => recordNotSent(tx, worker.actor, message, why));
    }
    await transact(worker, (tx) => recordSent(tx, worker.actor, message));
  };
}

/** A password never goes out in the clear: without STARTTLS such a server is refused, unless it is this machine. */
export function needsTls(smtpUrl: string): boolean {
  const { username, hostname } = new URL(smtpUrl);
  return username !== '' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
