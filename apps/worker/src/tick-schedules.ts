/** Starts what is due. */
import { systemActor } from '@waybill/domain/actor.js';
import { claimDueSchedules } from '@waybill/domain/schedules/claim-due-schedules.js';
import { type Worker, ringAll, transact } from './worker.js';

const LIMIT = 50;
const SCHEDULER = systemActor('scheduler');

export async function tickSchedules(worker: Worker): Promise<void> {
  for (let taken = LIMIT; taken === LIMIT && !worker.stopping.aborted;) {
    const due = await transact(worker, (tx) => claimDueSchedules(tx, SCHEDULER, { limit: LIMIT }));
    await ringAll(worker, 'transfer', due.transferIds);
    taken = due.taken;
  }
}
