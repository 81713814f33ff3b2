/** What one run of one client costs. */
export interface Run {
  durationMs: number;
  /** User and system time of the client alone. */
  cpuSeconds: number;
  /** In MB of 10^6 bytes; null for one that ended before it could be looked at. */
  peakMemoryMb: number | null;
}

/** An upload goes from our folder to the server. */
export type Direction = 'upload' | 'download';
export const DIRECTIONS: Direction[] = ['upload', 'download'];

/** The run whose duration is the middle one. */
export function medianRun<T extends Run>(runs: T[]): T {
  const sorted = runs.toSorted((a, b) => a.durationMs - b.durationMs);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('There is no run to take the median of.');
  return middle;
}

/**
 * Has each client run `rounds` times, one after the other, in another order each round: what a machine does
 * besides, and what one run leaves behind, then falls on all alike.
 */
export async function interleave<T extends Run>(
  clients: Record<string, () => Promise<T>>,
  rounds: number,
  say: (line: string) => void,
): Promise<Map<string, T[]>> {
  const names = Object.keys(clients);
  const runs = new Map<string, T[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (let place = 0; place < names.length; place += 1) {
      const name = names[(place + round) % names.length]!;
      const run = await clients[name]!();
      runs.get(name)!.push(run);
      say(`round ${round + 1}: ${name} ${(run.durationMs / 1000).toFixed(2)} s`);
    }
  return runs;
}
