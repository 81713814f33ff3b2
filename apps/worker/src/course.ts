/** How a run goes, for all who move files of it, and when it has gone far enough. */
import type { RunFailure } from '@waybill/domain/transfers/finish-transfer.js';
import type { EndedAttempt } from '@waybill/domain/transfers/record-attempts.js';
import { verdictOn } from '@waybill/domain/transfers/retry-policy.js';
import type { OpenFile } from '@waybill/domain/transfers/settle-files.js';

/** So many failures one after the other are no longer the fault of a file. */
const FAILURES_IN_A_ROW = 3;

export interface Course {
  waiting: OpenFile[][];
  /** What decides on another try: a hold before what that may cure, and this before what it cannot; the first of its kind. */
  failure: RunFailure | null;
  failuresInARow: number;
  stop: boolean;
}

/** Takes note of how an attempt ended, and decides whether the run goes on with the next file. */
export function follow(course: Course, attempt: EndedAttempt, endpointId: string | null): void {
  if (attempt.failure === null) {
    course.failuresInARow = 0;
    return;
  }
  const failure = { ...attempt.failure, endpointId };
  // What is in doubt is a person's to decide, whatever it failed by.
  const verdict = attempt.outcome === 'uncertain' ? 'fail' : verdictOn(failure.kind);
  if (verdict === 'fail') return;
  course.failuresInARow += 1;
  course.failure = graver(course.failure, failure);
  if (verdict === 'hold') course.stop = true;
  if (course.failuresInARow >= FAILURES_IN_A_ROW) course.stop = true;
}

const GRAVITY = { fail: 0, retry: 1, hold: 2 };

/**
 * Of two failures the one that decides what comes next, the first of two alike: a source that may not be deleted
 * must not keep other files from being tried again.
 */
export function graver(one: RunFailure | null, other: RunFailure | null): RunFailure | null {
  if (one === null || other === null) return one ?? other;
  return GRAVITY[verdictOn(other.kind)] > GRAVITY[verdictOn(one.kind)] ? other : one;
}
