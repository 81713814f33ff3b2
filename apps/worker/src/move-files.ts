/**
 * Moves the files of a run, one after the other. What is about to happen and what has happened is written down
 * for several small files at a time: a transaction for each would take longer than the files.
 */
import type { RunFailure } from '@waybill/domain/transfers/finish-transfer.js';
import { joinFolder, TEMPORARY_PREFIX } from '@waybill/domain/transfers/plan-files.js';
import { type EndedAttempt, beginFiles, recordAttempts } from '@waybill/domain/transfers/record-attempts.js';
import { verdictOn } from '@waybill/domain/transfers/retry-policy.js';
import { type OpenFile, settleFiles, sumDeliveredBytes } from '@waybill/domain/transfers/settle-files.js';
import { doAfterActions } from './do-after-actions.js';
import { moveOne } from './move-one.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

const GROUP_FILES = 25;
const GROUP_BYTES = 4 * 1024 * 1024;
/** What has ended is written down after this long, also in the middle of a group. */
const RECORD_MS = 1000;
/** So many failures one after the other are no longer the fault of a file. */
const FAILURES_IN_A_ROW = 3;

/** What moves next, with the name that it has until it is complete. */
export type MovingFile = OpenFile & { temporaryPath: string };

interface Course {
  failure: RunFailure | null;
  failuresInARow: number;
  stop: boolean;
}

/** @returns the first failure that another try may cure; null where there is none */
export async function moveFiles(run: Run, files: OpenFile[]): Promise<RunFailure | null> {
  const { transferId } = run.claim.lease;
  const course: Course = { failure: null, failuresInARow: 0, stop: false };
  run.watch.progress.movedBytes = await sumDeliveredBytes(run.worker.database, transferId);
  for (const group of groupsOf(files)) {
    if (course.stop || run.watch.signal.aborted) break;
    await moveGroup(
      run,
      group.map((file) => withTemporaryPath(run, file)),
      course,
    );
  }
  return course.failure;
}

function* groupsOf(files: OpenFile[]): Generator<OpenFile[]> {
  let group: OpenFile[] = [];
  let bytes = 0;
  for (const file of files) {
    // A file of unknown size may be a large one.
    const size = file.sizeBytes ?? GROUP_BYTES;
    if (group.length > 0 && (group.length >= GROUP_FILES || bytes + size > GROUP_BYTES)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(file);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

/** A name of its own for every try, so that what a lost worker may still be writing is never the same file. */
function withTemporaryPath(run: Run, file: OpenFile): MovingFile {
  const name = `${TEMPORARY_PREFIX}${file.id}-${run.claim.lease.tryNumber}.part`;
  const folder = file.targetPath.slice(0, file.targetPath.lastIndexOf('/') + 1);
  return { ...file, temporaryPath: joinFolder(folder, name) };
}

async function moveGroup(run: Run, group: MovingFile[], course: Course): Promise<void> {
  const { worker, claim, watch } = run;
  await transact(worker, (tx) => beginFiles(tx, claim.lease, group));
  worker.crashAt('temporary-recorded');
  const waiting = [...group];
  let ended: EndedAttempt[] = [];
  let recordedAt = performance.now();
  const record = async (): Promise<void> => {
    const attempts = ended;
    [ended, recordedAt] = [[], performance.now()];
    await recordEnded(run, attempts);
  };
  try {
    while (waiting[0] !== undefined && !course.stop && !watch.signal.aborted) {
      const { attempt, endpointId } = await moveOne(run, waiting[0]);
      waiting.shift();
      ended.push(attempt);
      follow(course, attempt, endpointId);
      if (performance.now() - recordedAt > RECORD_MS) await record();
    }
  } finally {
    await record();
    const notBegun = waiting.map((file) => file.id);
    await transact(worker, (tx) => settleFiles(tx, claim.lease, notBegun));
  }
  const owed = group.filter((file) => !waiting.includes(file));
  course.failure = (await doAfterActions(run, owed)) ?? course.failure;
}

async function recordEnded(run: Run, attempts: EndedAttempt[]): Promise<void> {
  const { worker, claim, watch } = run;
  const { movedBytes } = watch.progress;
  await transact(worker, (tx) => recordAttempts(tx, worker.actor, { claim, attempts, movedBytes }));
  worker.crashAt('recorded');
}

/** Whether the run goes on with the next file. */
function follow(course: Course, attempt: EndedAttempt, endpointId: string | null): void {
  if (attempt.failure === null) {
    course.failuresInARow = 0;
    return;
  }
  const failure = { ...attempt.failure, endpointId };
  const verdict = verdictOn(failure.kind);
  if (verdict === 'fail') return;
  course.failuresInARow += 1;
  course.failure ??= failure;
  if (verdict === 'hold') [course.failure, course.stop] = [failure, true];
  if (course.failuresInARow >= FAILURES_IN_A_ROW) course.stop = true;
}
