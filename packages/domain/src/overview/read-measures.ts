/** Figures for a monitor, in a handful of queries that the indexes answer. */
import type { EndedTotal } from '@waybill/contracts/overview.js';
import type { Tx } from '@waybill/db/transaction.js';
import { STARTABLE } from '../routes/route-rules.js';
import { readPause } from '../settings/pause.js';
import { OPEN_STATES } from '../transfers/transfer-state.js';
import { readEndedTotals } from './ended-totals.js';
import { readWorkers } from './read-workers.js';

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
/** The scheduler rings within seconds; a run that is this late is one that something keeps back. */
const LATE_MS = 60_000;
/** A series for each certificate is fine for hundreds; beyond, the next to end are told. */
const MAX_CERTIFICATES = 500;

export interface Measures {
  /** Those that are not over, by state; none where a state has none. */
  openTransfers: { state: string; count: number }[];
  endedTransfers: EndedTotal[];
  oldestQueuedSeconds: number;
  schedulesDue: number;
  schedulesLate: number;
  workersAlive: number;
  isPaused: boolean;
  heldRoutes: number;
  heldEndpoints: number;
  certificates: { id: string; name: string; days: number }[];
}

export async function readMeasures(tx: Tx, now = new Date()): Promise<Measures> {
  const openTransfers = await tx.transfer.groupBy({
    by: ['state'],
    where: { state: { in: [...OPEN_STATES] } },
    _count: true,
    _min: { createdAt: true },
  });
  const queued = openTransfers.find(({ state }) => state === 'queued')?._min.createdAt ?? null;
  const enabled = { enabled: true, route: STARTABLE };
  const certificates = await tx.certificate.findMany({
    where: { notAfter: { not: null } },
    select: { id: true, name: true, notAfter: true },
    orderBy: { notAfter: 'asc' },
    take: MAX_CERTIFICATES,
  });
  return {
    openTransfers: openTransfers.map(({ state, _count }) => ({ state, count: _count })),
    endedTransfers: await readEndedTotals(tx, now),
    oldestQueuedSeconds: queued === null ? 0 : Math.max(0, (now.getTime() - queued.getTime()) / 1000),
    schedulesDue: await tx.schedule.count({
      where: { ...enabled, nextRunAt: { gte: now, lt: new Date(now.getTime() + HOUR_MS) } },
    }),
    schedulesLate: await tx.schedule.count({
      where: { ...enabled, nextRunAt: { lt: new Date(now.getTime() - LATE_MS) } },
    }),
    workersAlive: (await readWorkers(tx, now)).alive,
    isPaused: (await readPause(tx)) !== null,
    heldRoutes: await tx.route.count({ where: { heldAt: { not: null } } }),
    heldEndpoints: await tx.endpoint.count({ where: { heldAt: { not: null } } }),
    certificates: certificates.flatMap(({ id, name, notAfter }) =>
      notAfter === null
        ? []
        : [{ id, name, days: Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS) }],
    ),
  };
}
