/**
 * How fast the bytes of a transfer went, in bytes a second, over the time in which its tries moved bytes: what it
 * waited or was on hold does not count, and tries at the same time count once. Null where nothing was moved.
 */
import type { Tx } from '@waybill/db/transaction.js';

export async function readAverageRate(tx: Tx, transferId: string): Promise<number | null> {
  const [row] = await tx.$queryRaw<[{ bytes: number | null; seconds: number | null }]>`
    WITH moved AS (
      SELECT bytes, tstzrange(started_at, finished_at) AS span FROM attempt
      WHERE transfer_id = ${transferId}::uuid AND bytes > 0 AND finished_at > started_at
    )
    SELECT (SELECT sum(bytes)::float8 FROM moved) AS bytes,
      (SELECT sum(extract(epoch FROM upper(part) - lower(part)))::float8
        FROM unnest((SELECT range_agg(span) FROM moved)) AS part) AS seconds`;
  const { bytes, seconds } = row;
  return bytes === null || seconds === null ? null : bytes / seconds;
}
