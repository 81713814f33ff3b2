import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@waybill/db/client.js';

const TIMEOUT_MS = 20_000;

/**
 * Resolves when so many of this role wait for locks: what other roles wait for, Postgres does not show it. The
 * heartbeat of a run does not count, for it may come in between at any time.
 * @throws Error after 20 s
 */
export async function untilWaiting(role: Database, count = 1): Promise<void> {
  for (const deadline = Date.now() + TIMEOUT_MS; ; await sleep(10)) {
    const waiting = await role.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query NOT LIKE '%SET lease_until%'`;
    if (waiting.length >= count) return;
    if (Date.now() > deadline) throw new Error(`Only ${waiting.length} of ${count} wait for a lock.`);
  }
}
