/** Tells the open pages that something moved. Delivered when the transaction commits, and lost if it does not. */
import { type LiveEvent, liveEvent } from '@waybill/contracts/live.js';
import type { Tx } from '@waybill/db/transaction.js';

/** The Postgres channel on which the API listens. */
export const LIVE_CHANNEL = 'waybill_live';

/** Sends one event to every API process; `pg_notify` takes 8000 bytes, an event has a tenth of that. */
export async function notifyLive(tx: Tx, event: LiveEvent): Promise<void> {
  const payload = JSON.stringify(liveEvent.parse(event));
  await tx.$executeRaw`SELECT pg_notify(${LIVE_CHANNEL}, ${payload})`;
}
