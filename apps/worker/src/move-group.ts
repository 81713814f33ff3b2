/**
 * Moves a few files one after the other. What is about to happen and what has happened is written down for all of
 * them at a time: a transaction for each would take longer than a small file.
 */
import { type EndedAttempt, beginFiles, recordAttempts } from '@waybill/domain/transfers/record-attempts.js';
import { type OpenFile, settleFiles } from '@waybill/domain/transfers/settle-files.js';
import { temporaryPathOf } from '@waybill/domain/transfers/temporary-name.js';
import type { NamingBy } from '@waybill/transports/move-file.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { Transport } from '@waybill/transports/transport.js';
import { type Course, follow, graver } from './course.js';
import { doAfterActions } from './do-after-actions.js';
import { type Brought, type MoveOutcome, type MovingFile, bringOne } from './move-one.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

/** What has ended is written down after this long, also in the middle of a group. */
const RECORD_MS = 1000;
/** So long a file may wait for its name while others are brought. */
const UNNAMED_MS = 500;
/** So many renames leave in one write; what a lost session leaves unclear is looked at one by one. */
const NAMED_TOGETHER = 8;

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
  await beginFiles(worker.database, claim.lease, waiting);
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
    if (notBegun.length > 0) await transact(worker, (tx) => settleFiles(tx, claim.lease, notBegun));
  };
  const note = async (file: OpenFile, outcome: MoveOutcome): Promise<void> => {
    const { attempt, endpointId, sourceModifiedAt } = outcome;
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
  };
  try {
    while (waiting.length > 0 && !course.stop && !watch.signal.aborted)
      for await (const [file, outcome] of moveSome(run, waiting, course)) await note(file, outcome);
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

/**
 * Brings some files, one after the other, and names them then: what is written down before a file gets its name is
 * written down for all of them at once, and their names can be asked for together.
 * @param waiting those that were begun are taken out of it
 * @throws as `moveGroup`
 */
async function* moveSome(
  run: Run,
  waiting: MovingFile[],
  course: Course,
): AsyncGenerator<[OpenFile, MoveOutcome]> {
  const { brought, broken, unopened } = await bringSome(run, waiting, course);
  const recorded = brought.map(([, { verified }]) => run.recordVerified(verified));
  // Told when the file is to be named.
  for (const one of recorded) one.catch(() => undefined);
  const toName = brought.map(([file, { name }], index): ToName => {
    return { file, name: (by) => name(recorded[index]!, by) };
  });
  // The session that is held for it may be the one connection that the endpoint allows.
  const held = brought.at(-1)?.[1].isHeld === true ? toName.pop() : undefined;
  if (held !== undefined) yield [held.file, await held.name({})];
  while (toName.length > 0) yield* nameSome(run, toName);
  if (broken !== null) yield broken;
  if (unopened !== null) throw unopened.error;
}

interface ToName {
  file: MovingFile;
  name: (by: NamingBy) => Promise<MoveOutcome>;
}

/** Names the first of them, and with it those whose names can be asked for together; takes them out. */
async function* nameSome(run: Run, toName: ToName[]): AsyncGenerator<[OpenFile, MoveOutcome]> {
  const opened = run.sessions.open('target');
  const openTarget = (): Promise<Transport> => opened;
  const most = await opened.then(
    ({ renamesTogether }) =>
      renamesTogether && run.claim.snapshot.ifExists === 'replace' ? NAMED_TOGETHER : 1,
    // Told for each of them; whoever has refused a session is not asked again for each.
    () => toName.length,
  );
  let before: Promise<unknown> = Promise.resolve();
  const outcomes = toName.splice(0, most).map(({ file, name }) => {
    const earlier = before;
    const turn = async (): Promise<void> => void (await earlier);
    const outcome = name({ openTarget, turn });
    before = outcome.catch(() => undefined);
    return { file, outcome };
  });
  try {
    for (const { file, outcome } of outcomes) yield [file, await outcome];
  } finally {
    await before;
  }
}

interface BroughtFiles {
  brought: [MovingFile, Brought][];
  /** The one that came no further, which was the last. */
  broken: [MovingFile, MoveOutcome] | null;
  /** Why the next one was not begun. */
  unopened: { error: unknown } | null;
}

async function bringSome(run: Run, waiting: MovingFile[], course: Course): Promise<BroughtFiles> {
  const brought: BroughtFiles['brought'] = [];
  const begunAt = performance.now();
  const isTime = (): boolean => performance.now() - begunAt > UNNAMED_MS;
  for (let [file, next] = waiting; file !== undefined; [file, next] = waiting) {
    const hasToStop = course.stop || run.watch.signal.aborted || isTime();
    if (brought.length > 0 && (hasToStop || brought.at(-1)![1].isHeld)) break;
    try {
      const result = await bringOne(run, file, next);
      waiting.shift();
      if ('attempt' in result) return { brought, broken: [file, result], unopened: null };
      brought.push([file, result]);
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
