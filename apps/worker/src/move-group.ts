/**
 * Moves a few files one after the other. What is about to happen and what has happened is written down for all of
 * them at a time: a transaction for each would take longer than a small file.
 */
import { foldName } from '@waybill/domain/transfers/delivered-names.js';
import { type EndedAttempt, beginFiles, recordAttempts } from '@waybill/domain/transfers/record-attempts.js';
import { type OpenFile, settleFiles } from '@waybill/domain/transfers/settle-files.js';
import { temporaryPathOf } from '@waybill/domain/transfers/temporary-name.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { Transport } from '@waybill/transports/transport.js';
import { type Course, follow, graver } from './course.js';
import { doAfterActions } from './do-after-actions.js';
import { type Brought, type MoveOutcome, type MovingFile, bringOne } from './move-one.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

/** What has ended is written down after this long, also in the middle of a group. */
const RECORD_MS = 1000;
/** So many files wait for their names at most, so long before another one is begun, and only for small ones. */
const MOST_UNNAMED = 8;
const UNNAMED_MS = 500;
const WAITED_FOR_BYTES = 64 * 1024;

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
  // A name that no lost worker may still be writing to, nor a stopped one, whose try does not count.
  const waiting: MovingFile[] = files.map((file) => ({
    ...file,
    temporaryPath: temporaryPathOf(file, claim.lease.tryNumber + file.attemptCount, policy),
  }));
  const delivered: OpenFile[] = [];
  let ended: EndedAttempt[] = [];
  let recordedAt = performance.now();
  const record = async (): Promise<void> => {
    if (ended.length > 0) await recordEnded(run, ended);
    // Only now: what could not be written down is given once more when the group is put down.
    [ended, recordedAt] = [[], performance.now()];
  };
  /** What has ended is written down, and what was not begun is planned again. */
  const putDown = async (): Promise<void> => {
    await record();
    const notBegun = waiting.map((file) => file.id);
    if (notBegun.length > 0)
      await transact(worker, (tx) => settleFiles(tx, claim.lease, notBegun, { left: run.left }));
  };
  const note: Note = (file, { attempt, endpointId, sourceModifiedAt }, isSameFault = false) => {
    ended.push(attempt);
    if (attempt.outcome === 'delivered') {
      run.deliveredNames.set(foldName(file.targetPath), file.targetPath);
      delivered.push({
        ...file,
        state: 'delivered',
        movedBytes: attempt.bytes,
        modifiedAt: sourceModifiedAt,
      });
    }
    follow(course, attempt, { endpointId, isSameFault });
  };
  try {
    await beginFiles(worker.database, claim.lease, waiting);
    worker.crashAt('temporary-recorded');
    while (waiting.length > 0 && !course.stop && !watch.signal.aborted) {
      await moveSome(run, { waiting, course, note });
      if (performance.now() - recordedAt > RECORD_MS) await record();
    }
    await record();
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

/** @param isSameFault whether it failed by what another one is noted to have failed by */
type Note = (file: OpenFile, outcome: MoveOutcome, isSameFault?: boolean) => void;

interface GroupUnderway {
  /** Those that were begun are taken out of it. */
  waiting: MovingFile[];
  course: Course;
  note: Note;
}

/**
 * Brings some files, one after the other, and names them then: what is written down before a file gets its name is
 * written down for all of them at once.
 * @throws as `moveGroup`
 */
async function moveSome(run: Run, group: GroupUnderway): Promise<void> {
  const { note } = group;
  const { brought, broken, unopened } = await bringSome(run, group);
  const recorded = new Map(brought.map(({ file, verified }) => [file, run.recordVerified(verified)]));
  // Told when the file is to be named.
  for (const one of recorded.values()) one.catch(() => undefined);
  // The session that is held for a file may be the one connection that the endpoint allows.
  for (const { file, name } of brought.filter(({ isHeld }) => isHeld))
    note(file, await name(recorded.get(file)!));
  const target = openForNames(run, unopened);
  for (const { file, name } of brought.filter(({ isHeld }) => !isHeld)) {
    const wasRefused = target.refusal() !== null;
    note(file, await name(recorded.get(file)!, target.open), wasRefused);
  }
  if (broken !== null) note(...broken);
  const refusal = unopened ?? target.refusal();
  if (refusal !== null) throw refusal.error;
}

interface Refusal {
  error: unknown;
}

/** The session to name files by: whoever has refused one is not asked again for each. */
function openForNames({ sessions, claim }: Run, unopened: Refusal | null) {
  const { targetEndpointId } = claim.snapshot;
  const isOfTarget = ({ error }: Refusal): boolean =>
    error instanceof TransportError && sessions.endpointAtFault(error) === targetEndpointId;
  let refusal = unopened !== null && isOfTarget(unopened) ? unopened : null;
  return {
    refusal: () => refusal,
    async open(): Promise<Transport> {
      try {
        if (refusal !== null) throw refusal.error;
        return await sessions.open('target');
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        refusal ??= { error };
        const message = `The session was lost before the file got its name, and there is no other: ${error.message}`;
        throw new TransportError('connection_lost', 'rename', message, { cause: error });
      }
    },
  };
}

interface BroughtFiles {
  brought: (Brought & { file: MovingFile })[];
  /** The one that came no further, which was the last. */
  broken: [MovingFile, MoveOutcome] | null;
  /** Why the next one was not begun: it has no session, or the run is over. */
  unopened: Refusal | null;
}

async function bringSome(run: Run, { waiting, course }: GroupUnderway): Promise<BroughtFiles> {
  const brought: BroughtFiles['brought'] = [];
  const begunAt = performance.now();
  /** Whether those that were brought are to wait for another one. */
  const mayBring = ({ sizeBytes, temporaryPath, targetPath }: MovingFile): boolean =>
    brought.length < MOST_UNNAMED &&
    // What has its final name from the beginning may be taken at once, so it is on record before another one is begun.
    temporaryPath !== targetPath &&
    brought.at(-1)?.isHeld !== true &&
    sizeBytes !== null &&
    sizeBytes <= WAITED_FOR_BYTES &&
    performance.now() - begunAt < UNNAMED_MS &&
    !course.stop &&
    !run.watch.signal.aborted;
  for (let [file, next] = waiting; file !== undefined; [file, next] = waiting) {
    if (brought.length > 0 && !mayBring(file)) break;
    try {
      const result = await bringOne(run, file, next);
      waiting.shift();
      if ('attempt' in result) return { brought, broken: [file, result], unopened: null };
      brought.push({ ...result, file });
    } catch (error) {
      return { brought, broken: null, unopened: { error } };
    }
  }
  return { brought, broken: null, unopened: null };
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
