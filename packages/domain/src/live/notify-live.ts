/** Tells the open pages that something moved. Delivered when the transaction commits, and lost if it does not. */
import { type LiveEvent, liveEvent } from '@waybill/contracts/live.js';
import type { Tx } from '@waybill/db/transaction.js';

/** The Postgres channel on which the API listens. */
export const LIVE_CHANNEL = 'waybill_live';

/** Sends events to every API process; `pg_notify` takes 8000 bytes, an event has a tenth of that. */
export async function notifyLive(tx: Tx, ...events: LiveEvent[]): Promise<void> {
  const payloads = events.map((event) => JSON.stringify(liveEvent.parse(event)));
  await tx.$executeRaw`SELECT pg_notify(${LIVE_CHANNEL}, payload) FROM unnest(${payloads}::text[]) AS payload`;
}
