/** Tells the API processes, and by them the open pages, that something moved or may be seen no more. Delivered when the transaction commits, and lost if it does not. */
import { type LiveEvent, liveEvent } from '@waybill/contracts/live.js';
import type { Tx } from '@waybill/db/transaction.js';

/** The Postgres channel on which the API listens. */
export const LIVE_CHANNEL = 'waybill_live';
/** Another one: whose right to listen may have ended, as the id of a user or an API key. */
export const ACCESS_CHANNEL = 'waybill_access';

/** Sends events to every API process; `pg_notify` takes 8000 bytes, an event has a tenth of that. */
export async function notifyLive(tx: Tx, ...events: LiveEvent[]): Promise<void> {
  const payloads = events.map((event) => JSON.stringify(liveEvent.parse(event)));
  await tx.$executeRaw`SELECT pg_notify(${LIVE_CHANNEL}, payload) FROM unnest(${payloads}::text[]) AS payload`;
}

/** Has every API process look at once whether the streams of that user or API key may go on. */
export async function notifyAccess(tx: Tx, actorId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${ACCESS_CHANNEL}, ${actorId})`;
}
