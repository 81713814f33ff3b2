/** Where the time of a transfer went, by the steps that its attempts keep. */
import type { StepName, TimelineStep } from '@waybill/contracts/session-facts.js';

export type StepsMs = Partial<Record<StepName, number>>;

/** Done once for a session or a transfer, and kept by every attempt: how it was protected, how the file was found. */
const KEPT_BY_ALL = new Set<StepName>(['resolve', 'connect', 'tls', 'login', 'protect', 'list']);

/** Of what several attempts keep, each step counts once. */
export function sumSteps(timelines: TimelineStep[][]): StepsMs {
  const sums: StepsMs = {};
  const seen = new Set<string>();
  for (const one of timelines.flat()) {
    const text = JSON.stringify(one);
    if (KEPT_BY_ALL.has(one.step) && seen.has(text)) continue;
    seen.add(text);
    sums[one.step] = (sums[one.step] ?? 0) + one.durationMs;
  }
  return sums;
}
