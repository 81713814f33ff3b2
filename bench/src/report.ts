/** The results as people read them on a terminal. */
import type { Comparison } from './comparison.js';
import type { MemoryResult } from './memory.js';
import type { ProductRun } from './product.js';

export interface Results {
  /** One line: processor, Node, servers, clients. */
  machine: string;
  sections: { title: string; comparisons: Comparison[] }[];
  memory?: MemoryResult;
  /** What went wrong, one line each. */
  failures: string[];
}

export function formatResults(results: Results): string {
  const parts = [results.machine];
  for (const { title, comparisons } of results.sections)
    parts.push([title, '', ...formatComparisons(comparisons)].join('\n'));
  if (results.memory) parts.push(formatMemory(results.memory));
  for (const failure of results.failures) parts.push(`FAILED  ${failure}`);
  return `\n${parts.join('\n\n')}\n`;
}

function formatComparisons(comparisons: Comparison[]): string[] {
  const unit = comparisons[0]?.unit ?? '';
  const rows = comparisons.flatMap(({ direction, connections, clients }) =>
    clients.map(({ client, median, speed, ratio, cpuRatio }, index) => [
      index === 0 ? direction + (connections === null ? '' : `, ${connections} at once`) : '',
      client,
      (median.durationMs / 1000).toFixed(2),
      speed.toFixed(0),
      ratio === null ? '' : `${ratio.toFixed(2)} x ${client}`,
      median.cpuSeconds.toFixed(2),
      cpuRatio === null ? '' : cpuRatio.toFixed(2),
      median.peakMemoryMb === null ? '' : median.peakMemoryMb.toFixed(0),
    ]),
  );
  const head = ['', '', 'seconds', unit, 'Waybill is', 'CPU s', 'CPU ratio', 'peak MB'];
  // Of several, the steps say little: files wait for each other in them.
  const shares = comparisons.filter(({ connections }) => (connections ?? 1) === 1).flatMap(formatShares);
  return [...alignColumns([head, ...rows]), ...shares];
}

/** Where Waybill's time goes: the steps that it times itself. */
function formatShares({ direction, clients }: Comparison): string[] {
  const ours = clients.find(({ client }) => client === 'Waybill')?.median as ProductRun | undefined;
  if (ours === undefined) return [];
  const steps = Object.entries(ours.stepsMs)
    .filter(([, ms]) => ms >= 1)
    .map(([step, ms]) => `${step} ${(ms / 1000).toFixed(2)}`);
  const attempts = (ours.attemptsMs / 1000).toFixed(2);
  return [`Waybill's ${direction}: attempts ${attempts} s; steps of both sides: ${steps.join(', ')}`];
}

function formatMemory({ peaks, growthMb, allowedMb, isFlat }: MemoryResult): string {
  const rows = peaks.map(({ mib, peakMemoryMb }) => [`${mib} MiB`, peakMemoryMb.toFixed(1)]);
  const verdict = `${growthMb.toFixed(1)} MB more, at most ${allowedMb} allowed: ${isFlat ? 'flat' : 'NOT FLAT'}`;
  const title = 'memory: the peak of a fresh worker that sends and collects one file';
  return [title, '', ...alignColumns([['', 'peak MB'], ...rows]), verdict].join('\n');
}

/** Words to the left, numbers to the right. */
function alignColumns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number): boolean =>
    rows.slice(1).every((row) => /^[\d.]*$/.test(row[column] ?? ''));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
