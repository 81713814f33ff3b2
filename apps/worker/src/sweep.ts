/** Rings again for what nobody works on although it is due: the reason why losing a queue loses nothing. */
import { sweep } from '@waybill/domain/transfers/sweep.js';
import { type Worker, ringAll, transact } from './worker.js';

/** As long as so many rings wait, nothing was lost: the workers are busy. */
const BUSY = 100;

export async function sweepOnce(worker: Worker): Promise<void> {
  const due = await transact(worker, (tx) => sweep(tx, worker.actor));
  if (due.transferIds.length > 0 && (await worker.jobs.depth('transfer')).waiting < BUSY)
    await ringAll(worker, 'transfer', due.transferIds);
  await ringAll(worker, 'endpoint-test', due.endpointCheckIds);
  if (worker.config.mail !== null) await ringAll(worker, 'notification', due.notificationIds);
}
