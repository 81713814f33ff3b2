/**
 * How many transfers have ever ended, and what they moved, at a cost that does not grow with the history: the sum up
 * to some instant is kept in a setting, and only what has ended since is counted.
 */
import { type EndedTotal, endedTotals } from '@waybill/contracts/overview.js';
import { transferState } from '@waybill/contracts/transfers.js';
import type { Tx } from '@waybill/db/transaction.js';
import { isOver } from '../transfers/transfer-state.js';

const KEY = 'ended_totals';
const BEGINNING = new Date(0).toISOString();
/** When the kept sum is this old, it is brought forward … */
const RENEW_AFTER_MS = 2 * 3_600_000;
/** … but not to now: a worker's clock may be behind, and a transaction takes its time until others see it. */
const SETTLED_AFTER_MS = 3_600_000;

/** For each state in which a transfer is over. Only the first call of an installation with a history reads all of it. */
export async function readEndedTotals(tx: Tx, now: Date): Promise<EndedTotal[]> {
  const setting = await tx.setting.findUnique({ where: { key: KEY } });
  const kept = setting === null ? { until: BEGINNING, totals: [] } : endedTotals.parse(setting.value);
  const keptUntil = new Date(kept.until);
  const settledUntil = new Date(now.getTime() - SETTLED_AFTER_MS);
  const rows = await tx.$queryRaw<(EndedTotal & { isSettled: boolean })[]>`
    SELECT state::text AS state, finished_at < ${settledUntil} AS "isSettled", count(*)::float8 AS count,
      sum(delivered_count)::float8 AS "deliveredFiles", sum(moved_bytes)::float8 AS "movedBytes"
    FROM transfer WHERE finished_at >= ${keptUntil} GROUP BY 1, 2`;
  if (now.getTime() - keptUntil.getTime() > RENEW_AFTER_MS) {
    const settled = rows.filter(({ isSettled }) => isSettled);
    const value = { until: settledUntil.toISOString(), totals: totalsOf([...kept.totals, ...settled]) };
    // Of two that do so at once, one succeeds; what the other one would have kept is the same.
    if (setting === null) await tx.setting.createMany({ data: [{ key: KEY, value }], skipDuplicates: true });
    else await tx.setting.updateMany({ where: { key: KEY, updatedAt: setting.updatedAt }, data: { value } });
  }
  return totalsOf([...kept.totals, ...rows]);
}

function totalsOf(parts: EndedTotal[]): EndedTotal[] {
  return transferState.options.filter(isOver).map((state) => {
    const own = parts.filter((part) => part.state === state);
    const sum = (field: 'count' | 'deliveredFiles' | 'movedBytes') =>
      own.reduce((total, part) => total + part[field], 0);
    return {
      state,
      count: sum('count'),
      deliveredFiles: sum('deliveredFiles'),
      movedBytes: sum('movedBytes'),
    };
  });
}
