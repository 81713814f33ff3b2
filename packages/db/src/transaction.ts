/** Where transactions begin: the controller or the job opens one, domain functions take it and never open. */
import type { Database } from './client.js';
import type { Prisma } from './generated/prisma/client.js';

/** A transaction that is open. */
export type Tx = Prisma.TransactionClient;

export interface TransactionOptions {
  /** Longest time that the work may take before it is rolled back. */
  timeoutMs?: number;
  /** Longest wait for a free connection. */
  maxWaitMs?: number;
  isolation?: 'ReadCommitted' | 'RepeatableRead' | 'Serializable';
}

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. No network inside;
 * ring queues after it has resolved.
 */
export function inTransaction<T>(
  database: Database,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return database.$transaction(work, {
    timeout: options.timeoutMs ?? 15_000,
    maxWait: options.maxWaitMs ?? 10_000,
    isolationLevel: options.isolation ?? 'ReadCommitted',
  });
}
