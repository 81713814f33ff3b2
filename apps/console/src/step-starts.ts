import type { TimelineStep } from '@waybill/contracts/session-facts.js';

/**
 * When each step began, in ms from the first, with the time left out in which none ran: a session that was opened
 * for an earlier file would otherwise squeeze all bars of this one to nothing.
 */
export function startsWithoutPauses(steps: Pick<TimelineStep, 'startedAt' | 'durationMs'>[]): number[] {
  const times = steps.map(({ startedAt, durationMs }, index) => ({
    index,
    startMs: Date.parse(startedAt),
    durationMs,
  }));
  const starts = Array.from(steps, () => 0);
  let leftOutMs = times.length === 0 ? 0 : Math.min(...times.map(({ startMs }) => startMs));
  let endMs = leftOutMs;
  for (const { index, startMs, durationMs } of times.toSorted((a, b) => a.startMs - b.startMs)) {
    leftOutMs += Math.max(0, startMs - endMs);
    starts[index] = startMs - leftOutMs;
    endMs = Math.max(endMs, startMs + durationMs);
  }
  return starts;
}
