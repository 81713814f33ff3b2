/** What clients cost for the same work, side by side. */
import { type Direction, type Run, medianRun } from './run.js';
import type { ProductRun } from './product.js';

export interface ComparedClient {
  client: string;
  /** The median one, with all that is known of it. */
  median: Run | ProductRun;
  /** In the unit of the comparison. */
  speed: number;
  /** Waybill's speed divided by this client's: above 1, Waybill is faster. Null for Waybill itself. */
  ratio: number | null;
  /** Waybill's processor time divided by this client's. */
  cpuRatio: number | null;
  /** Of all runs, in the order in which they took place. */
  durationsMs: number[];
}

export interface Comparison {
  direction: Direction;
  /** How many connections each client has; null where one file is moved. */
  connections: number | null;
  unit: 'MiB/s' | 'files/s';
  clients: ComparedClient[];
}

/** @param runs by client, Waybill among them; `amount` is what one run moves, in MiB or files */
export function compare(
  direction: Direction,
  runs: Map<string, Run[]>,
  {
    amount,
    unit,
    connections = null,
  }: { amount: number; unit: Comparison['unit']; connections?: number | null },
): Comparison {
  const clients = [...runs].map(([client, ofClient]) => {
    const median = medianRun(ofClient);
    const speed = (amount * 1000) / median.durationMs;
    return { client, median, speed, durationsMs: ofClient.map((run) => run.durationMs) };
  });
  const ours = clients.find(({ client }) => client === 'Waybill');
  if (ours === undefined) throw new Error('Waybill has not run.');
  return {
    direction,
    connections,
    unit,
    clients: clients.map((one) => ({
      ...one,
      ratio: one === ours ? null : ours.speed / one.speed,
      cpuRatio: one === ours ? null : ours.median.cpuSeconds / one.median.cpuSeconds,
    })),
  };
}
