/**
 * Finds the rows that somebody should be working on: their ring was lost with the queue's store or with a
 * worker, or their time has come. Ringing a row that is taken already does no harm.
 */
import { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { endLostTests } from '../endpoints/record-endpoint-test.js';
import { readPause } from '../settings/pause.js';
import { FIRST_IN_EACH_LINE } from './line.js';
import { releaseTransfers } from './release-transfers.js';

/** Most rows of a kind at a time: the next sweep takes the rest, so that the queue does not fill with repeats. */
const SWEEP_LIMIT = 200;
/** A row this young is being rung by whoever made it. */
const YOUNG_MS = 2_000;
/** Of a transfer that no worker has. */
const IS_DUE = Prisma.sql`(state = 'waiting' AND next_try_at <= now()
  OR state = 'queued' AND created_at < now() - ${YOUNG_MS} * interval '1 millisecond')`;

export interface DueRows {
  transferIds: string[];
  endpointTestIds: string[];
  notificationIds: string[];
}

interface IdRow {
  id: string;
}

/**
 * Also releases the transfers whose hold is gone, and ends the endpoint tests whose worker is.
 * The database's clock counts.
 */
export async function sweep(tx: Tx, actor: Actor): Promise<DueRows> {
  // One worker sweeps at a time; the others have nothing to add.
  const [lock] = await tx.$queryRaw<{ mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended('waybill sweep', 0)) AS mine`;
  if (lock?.mine !== true) return { transferIds: [], endpointTestIds: [], notificationIds: [] };
  const paused = (await readPause(tx)) !== null;
  const released = paused ? [] : await releaseTransfers(tx, actor);
  const transfers = await tx.$queryRaw<IdRow[]>`
    (SELECT id FROM transfer WHERE state = 'running' AND lease_until < now() LIMIT ${SWEEP_LIMIT})
    UNION
    (SELECT id FROM transfer WHERE cancel_requested_at IS NOT NULL AND ${IS_DUE} LIMIT ${SWEEP_LIMIT})
    UNION
    (SELECT id FROM (${FIRST_IN_EACH_LINE}) AS first WHERE NOT ${paused} AND ${IS_DUE}
      ORDER BY created_at LIMIT ${SWEEP_LIMIT})`;
  await endLostTests(tx, actor);
  const tests = await tx.$queryRaw<IdRow[]>`
    SELECT id FROM endpoint_test
    WHERE state = 'queued' AND created_at < now() - ${YOUNG_MS} * interval '1 millisecond'
    ORDER BY created_at LIMIT ${SWEEP_LIMIT}`;
  const notifications = await tx.$queryRaw<IdRow[]>`
    SELECT id FROM notification
    WHERE state = 'queued' AND next_try_at <= now() AND created_at < now() - ${YOUNG_MS} * interval '1 millisecond'
    ORDER BY next_try_at LIMIT ${SWEEP_LIMIT}`;
  const idsOf = (rows: IdRow[]): string[] => rows.map((row) => row.id);
  return {
    transferIds: [...new Set([...released, ...idsOf(transfers)])],
    endpointTestIds: idsOf(tests),
    notificationIds: idsOf(notifications),
  };
}
