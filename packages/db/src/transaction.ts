/** Where transactions begin: the controller or the job opens one, domain functions take it and never open. */
import type { Database } from './client.js';
import type { Prisma } from './generated/prisma/client.js';

/** A transaction that is open. */
export type Tx = Prisma.TransactionClient;

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. No network inside;
 * ring queues after it has resolved.
 * @param options.timeoutMs longest time that the work may take before it is rolled back
 */
export function inTransaction<T>(
  database: Database,
  work: (tx: Tx) => Promise<T>,
  { timeoutMs = 15_000 }: { timeoutMs?: number } = {},
): Promise<T> {
  return database.$transaction(work, {
    timeout: timeoutMs,
    // For a free connection.
    maxWait: 10_000,
    // Named, because a database may have another default.
    isolationLevel: 'ReadCommitted',
  });
}
