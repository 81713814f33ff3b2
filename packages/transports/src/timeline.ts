/** The steps of a session with their times, as evidence and for whoever watches. */
import type { Side, StepName, TimelineStep } from '@waybill/contracts/session-facts.js';
import { cleanText } from './clean-text.js';
import { OtherSideError, TransportError } from './transport-error.js';

export interface Timeline {
  /**
   * Runs the work as one step. `note` sets the sentence that is kept with it; a failure keeps its message.
   * A step that ends with an `OtherSideError` was stopped, and has not failed itself.
   * A step that fails with a `TransportError` of another step is still recorded as this one.
   */
  time<T>(step: StepName, work: (note: (detail: string) => void) => Promise<T>): Promise<T>;
  steps(): TimelineStep[];
  clear(): void;
}

/** Only a session that lists forever could reach this. */
const MAX_STEPS = 5000;

export function createTimeline(side: Side | null, onStep?: (step: TimelineStep) => void): Timeline {
  let steps: TimelineStep[] = [];
  return {
    async time(step, work) {
      const started = performance.now();
      const entry: TimelineStep = {
        step,
        side,
        startedAt: new Date().toISOString(),
        durationMs: 0,
        outcome: 'running',
        detail: null,
      };
      onStep?.({ ...entry });
      const finish = (outcome: 'ok' | 'failed' | 'stopped', detail: string | null): void => {
        const finished = {
          ...entry,
          outcome,
          detail: detail === null ? null : cleanText(detail, 500),
          durationMs: Math.round(performance.now() - started),
        };
        if (steps.length < MAX_STEPS) steps.push(finished);
        onStep?.(finished);
      };
      let detail: string | null = null;
      try {
        const result = await work((text) => {
          detail = text;
        });
        finish('ok', detail);
        return result;
      } catch (error) {
        finish(
          error instanceof OtherSideError ? 'stopped' : 'failed',
          error instanceof TransportError ? error.message : 'An unexpected fault.',
        );
        throw error;
      }
    },
    steps: () => [...steps],
    clear: () => {
      steps = [];
    },
  };
}
