/**
 * Moves a few files one after the other. What is about to happen and what has happened is written down for all of
 * them at a time: a transaction for each would take longer than a small file.
 */
import { type EndedAttempt, beginFiles, recordAttempts } from '@waybill/domain/transfers/record-attempts.js';
import { type OpenFile, settleFiles } from '@waybill/domain/transfers/settle-files.js';
import { temporaryPathOf } from '@waybill/domain/transfers/temporary-name.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import { type Course, follow, graver } from './course.js';
import { doAfterActions } from './do-after-actions.js';
import { type MovingFile, moveOne } from './move-one.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

/** What has ended is written down after this long, also in the middle of a group. */
const RECORD_MS = 1000;

/**
 * @throws TransportError where a session cannot be had; what was not begun is in `course.waiting` again
 * @throws LeaseLostError
 */
export async function moveGroup(run: Run, files: OpenFile[], course: Course): Promise<void> {
  const { worker, claim, watch } = run;
  const { policy } = await run.sessions.open('target').catch((error: unknown) => {
    course.waiting.unshift(files);
    throw error;
  });
  // A name that no lost worker may still be writing to.
  const waiting: MovingFile[] = files.map((file) => ({
    ...file,
    temporaryPath: temporaryPathOf(file, claim.lease.tryNumber, policy),
  }));
  await transact(worker, (tx) => beginFiles(tx, claim.lease, waiting));
  worker.crashAt('temporary-recorded');
  const delivered: OpenFile[] = [];
  let ended: EndedAttempt[] = [];
  let recordedAt = performance.now();
  const record = async (): Promise<void> => {
    const attempts = ended;
    [ended, recordedAt] = [[], performance.now()];
    await recordEnded(run, attempts);
  };
  /** What has ended is written down, and what was not begun is planned again. */
  const putDown = async (): Promise<void> => {
    await record();
    const notBegun = waiting.map((file) => file.id);
    await transact(worker, (tx) => settleFiles(tx, claim.lease, notBegun));
  };
  try {
    while (waiting[0] !== undefined && !course.stop && !watch.signal.aborted) {
      const [file, next] = waiting;
      const { attempt, endpointId, sourceModifiedAt } = await moveOne(run, file, next);
      waiting.shift();
      ended.push(attempt);
      if (attempt.outcome === 'delivered')
        delivered.push({
          ...file,
          state: 'delivered',
          movedBytes: attempt.bytes,
          modifiedAt: sourceModifiedAt,
        });
      follow(course, attempt, endpointId);
      if (performance.now() - recordedAt > RECORD_MS) await record();
    }
  } catch (error) {
    await putDown();
    // Only now: whoever takes it finds its files planned.
    if (error instanceof TransportError) course.waiting.unshift(files.filter(isAmong(waiting)));
    throw error;
  }
  await putDown();
  const failure = await doAfterActions(run, delivered);
  course.failure = graver(course.failure, failure);
}

function isAmong(files: OpenFile[]): (file: OpenFile) => boolean {
  const ids = new Set(files.map((file) => file.id));
  return (file) => ids.has(file.id);
}

async function recordEnded(run: Run, attempts: EndedAttempt[]): Promise<void> {
  const { worker, claim, watch } = run;
  const { movedBytes } = watch.progress;
  await transact(worker, (tx) => recordAttempts(tx, worker.actor, { claim, attempts, movedBytes }));
  worker.crashAt('recorded');
}
