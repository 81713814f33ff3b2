/** Rings again for what nobody works on although it is due: the reason why losing a queue loses nothing. */
import { sweep } from '@waybill/domain/transfers/sweep.js';
import type { QueueName } from '@waybill/jobs/jobs.js';
import { type Worker, ringAll, transact } from './worker.js';

/** As long as so many rings wait, nothing was lost: the workers are busy. */
const BUSY = 100;

export async function sweepOnce(worker: Worker): Promise<void> {
  const due = await transact(worker, (tx) => sweep(tx, worker.actor));
  await ringUnlessBusy(worker, 'transfer', due.transferIds);
  await ringUnlessBusy(worker, 'endpoint-test', due.endpointTestIds);
  if (worker.config.mail !== null) await ringUnlessBusy(worker, 'notification', due.notificationIds);
}

async function ringUnlessBusy(worker: Worker, queue: QueueName, ids: string[]): Promise<void> {
  if (ids.length > 0 && (await worker.jobs.depth(queue)).waiting < BUSY) await ringAll(worker, queue, ids);
}
