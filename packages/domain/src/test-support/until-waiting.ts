import type { Database } from '@waybill/db/client.js';

const TIMEOUT_MS = 20_000;

/** Resolves when somebody of this role waits for a lock. What other roles wait for, Postgres does not show it. */
export async function untilWaiting(role: Database): Promise<void> {
  for (const deadline = Date.now() + TIMEOUT_MS; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const waiting = await role.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (waiting.length > 0) return;
    if (Date.now() > deadline) throw new Error('Nobody has come to wait for a lock.');
  }
}
