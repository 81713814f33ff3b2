/** Makes the partitions of the audit log ahead of time. */
import type { Worker } from './worker.js';

const MONTHS_AHEAD = 3;

export async function keepPartitions(worker: Worker): Promise<void> {
  const [made] = await worker.database.$queryRaw<{ count: number }[]>`
    SELECT ensure_audit_partitions(${MONTHS_AHEAD}::integer) AS count`;
  if (made !== undefined && made.count > 0)
    worker.log.info({ count: made.count }, 'partitions of the audit log made');
}
