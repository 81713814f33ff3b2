/** What every duty of the worker has at hand. */
import type { Database } from '@waybill/db/client.js';
import { type Tx, inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import type { MailPolicy } from '@waybill/domain/notifications/recipients.js';
import type { Jobs } from '@waybill/jobs/jobs.js';
import type { Open } from '@waybill/vault/open.js';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { CrashAt } from './crash-at.js';

export interface Worker {
  /** Unique to this process. */
  id: string;
  /** As the audit log names it. */
  actor: Actor;
  config: Config;
  database: Database;
  jobs: Jobs;
  log: Logger;
  /** Opens a sealed password; for the narrowest scope only. */
  openSecret: Open;
  crashAt: CrashAt;
  /** Aborted when the worker is told to stop. */
  stopping: AbortSignal;
}

export function transact<Result>(worker: Worker, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return inTransaction(worker.database, work);
}

/** Null where nobody can be told by mail. */
export function mailPolicy({ config }: Worker): MailPolicy | null {
  return config.mail === null ? null : { to: config.mail.to, consoleUrl: config.publicUrl };
}

/** Rings for each; a ring that fails is made up for by the sweeper. */
export async function ringAll(
  worker: Worker,
  queue: Parameters<Jobs['ring']>[0],
  ids: string[],
): Promise<void> {
  const rings = await Promise.allSettled(ids.map((id) => worker.jobs.ring(queue, id)));
  const failed = rings.find((ring) => ring.status === 'rejected');
  if (failed)
    worker.log.warn({ err: failed.reason as unknown, queue }, 'ringing failed; the sweeper rings again');
}
