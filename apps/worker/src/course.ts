/** How a run goes, for all who move files of it, and when it has gone far enough. */
import type { RunFailure } from '@waybill/domain/transfers/finish-transfer.js';
import type { EndedAttempt } from '@waybill/domain/transfers/record-attempts.js';
import { verdictOn } from '@waybill/domain/transfers/retry-policy.js';
import type { OpenFile } from '@waybill/domain/transfers/settle-files.js';

/** So many failures one after the other are no longer the fault of a file. */
const FAILURES_IN_A_ROW = 3;
/** So many, where each may well be the fault of its file: of its name, or of its own permissions. */
const REFUSALS_IN_A_ROW = 100;

export interface Course {
  waiting: OpenFile[][];
  /** How many files have had no attempt yet. */
  left: number;
  /** What decides on another try: a hold before what that may cure, and this before what it cannot; the first of its kind. */
  failure: RunFailure | null;
  failuresInARow: number;
  /** Files that will not go however often they are tried. */
  refusalsInARow: number;
  /** Files for which the target took no new file at all. */
  closedInARow: number;
  stop: boolean;
}

export function newCourse(waiting: OpenFile[][]): Course {
  const left = waiting.flat().length;
  return { waiting, left, failure: null, failuresInARow: 0, refusalsInARow: 0, closedInARow: 0, stop: false };
}

/**
 * Takes note of how an attempt ended, and decides whether the run goes on with the next file.
 * @param how.endpointId whose fault a failure is, where that can be told
 * @param how.isSameFault whether it is one that was taken note of with another file
 */
export function follow(
  course: Course,
  attempt: EndedAttempt,
  { endpointId, isSameFault = false }: { endpointId: string | null; isSameFault?: boolean },
): void {
  course.left -= 1;
  if (attempt.failure === null) {
    course.failuresInARow = course.refusalsInARow = course.closedInARow = 0;
    return;
  }
  const failure = { ...attempt.failure, endpointId };
  // What is in doubt is a person's to decide, whatever it failed by.
  const verdict = attempt.outcome === 'uncertain' ? 'fail' : verdictOn(failure.kind);
  if (verdict === 'fail') return followRefusal(course, attempt, failure);
  if (!isSameFault) course.failuresInARow += 1;
  // Of the transfer it is read without its file beside it.
  const text = `${attempt.file.name}: ${failure.text}`;
  course.failure = graver(course.failure, { ...failure, text });
  if (verdict === 'hold') course.stop = true;
  if (course.failuresInARow >= FAILURES_IN_A_ROW) course.stop = true;
}

/** A folder that takes nothing is not asked for every file, nor a server that refuses one after the other. */
function followRefusal(course: Course, attempt: EndedAttempt, failure: RunFailure): void {
  const isClosed = tookNoFile(attempt);
  // What is there already, or gone from the source, says nothing about the next file.
  if (!isClosed && (failure.kind === 'target_exists' || failure.kind === 'not_found')) return;
  course.refusalsInARow += 1;
  course.closedInARow = isClosed ? course.closedInARow + 1 : 0;
  if (course.refusalsInARow < REFUSALS_IN_A_ROW && course.closedInARow < FAILURES_IN_A_ROW) return;
  const rest = course.left > 0 ? ', so the others were not tried' : '';
  const text = `${failure.text} It was so with ${course.refusalsInARow} files in a row${rest}.`;
  course.failure = graver(course.failure, { ...failure, text });
  course.stop = true;
}

/** The name under which it would have been written is ours and new, so the file is not to blame. */
function tookNoFile({ timeline }: EndedAttempt): boolean {
  return timeline.some(
    ({ side, step, outcome }) => side === 'target' && step === 'transfer' && outcome === 'failed',
  );
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
