import type { Overview } from '@waybill/contracts/overview.js';
import type { Tx } from '@waybill/db/transaction.js';

/** A worker that has been silent for longer does not count as alive; it reports every few seconds. */
const WORKER_ALIVE_MS = 30_000;

/** How many workers are alive, and when one was last heard. */
export async function readWorkers(tx: Tx, now = new Date()): Promise<Overview['workers']> {
  const newest = await tx.worker.aggregate({ _max: { lastSeenAt: true } });
  return {
    alive: await tx.worker.count({
      where: { lastSeenAt: { gte: new Date(now.getTime() - WORKER_ALIVE_MS) } },
    }),
    lastSeenAt: newest._max.lastSeenAt?.toISOString() ?? null,
  };
}
