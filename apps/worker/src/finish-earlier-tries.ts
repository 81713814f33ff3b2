/**
 * What a run does first: finds out what became of the files that an earlier try left in the middle, finishes or
 * removes what lies at the target under temporary names, and does the after-actions that are still owed.
 */
import { newId } from '@waybill/domain/new-id.js';
import { type FilePart, recordFilePart } from '@waybill/domain/transfers/file-part.js';
import type { RunFailure } from '@waybill/domain/transfers/finish-transfer.js';
import {
  type EndedAttempt,
  type Failure,
  beginFiles,
  recordAttempts,
} from '@waybill/domain/transfers/record-attempts.js';
import {
  type OpenFile,
  findOpenFiles,
  settleFiles,
  sumDeliveredBytes,
} from '@waybill/domain/transfers/settle-files.js';
import { removeEarlier } from '@waybill/transports/clean-up.js';
import {
  type CompareRequest,
  compareDelivered,
  isStillWhole,
} from '@waybill/transports/compare-delivered.js';
import { finishRename, renamedMeanwhile } from '@waybill/transports/finish-rename.js';
import { tellOnlyCopy } from '@waybill/transports/only-copy.js';
import { type Timeline, createTimeline } from '@waybill/transports/timeline.js';
import type { Transport } from '@waybill/transports/transport.js';
import { doAfterActions } from './do-after-actions.js';
import type { Run } from './run.js';
import { inOrder } from './sessions.js';
import { sleepUntil } from './sleep-until.js';
import { transact } from './worker.js';

/** A session that is still being written through shows within this time. */
const GROWTH_MS = 2000;

/**
 * @returns the first failure of an after-action
 * @throws TransportError where source or target cannot be looked at now, or the target refuses a file its final name
 *   or does not let us remove one that is whole
 */
export async function finishEarlierTries(run: Run): Promise<RunFailure | null> {
  const { worker, claim } = run;
  const open = await findOpenFiles(worker.database, claim);
  const owed = open.filter((file) => file.state === 'delivered');
  // What was left to be gone on with stays, unless nobody will.
  const unsettled = open
    .filter((file) => file.state !== 'delivered')
    .filter((file) => file.temporaryPath !== null || (file.partial !== null && isLastRun(run)))
    .map((file) => ({ ...file, temporaryPath: file.temporaryPath ?? file.partial!.path }));
  for (const file of unsettled) if (await settle(run, file)) owed.push({ ...file, state: 'delivered' });
  return owed.length === 0 ? null : doAfterActions(run, owed);
}

type Unsettled = OpenFile & { temporaryPath: string };
type ToName = CompareRequest & Unsettled;

/** Nothing is sent any more: what is found is finished or removed. */
function isLastRun({ watch, claim }: Run): boolean {
  return watch.reason() === 'cancelled' || claim.exhausted;
}

/** @returns whether it has arrived */
async function settle(run: Run, file: Unsettled): Promise<boolean> {
  const { worker, claim } = run;
  const started = performance.now();
  const timeline = createTimeline('target');
  const found = await clearTarget(run, file, timeline);
  if (found === 'not_delivered' || found === 'part') {
    run.cleanups.set(file.id, timeline.steps());
    const arePartsGone = found === 'not_delivered';
    await transact(worker, (tx) => settleFiles(tx, claim.lease, [file.id], { arePartsGone, left: run.left }));
    return false;
  }
  const durationMs = performance.now() - started;
  const evidence = run.sessions.drain();
  const common = {
    ...evidence,
    id: newId(),
    timeline: inOrder([...evidence.timeline, ...timeline.steps()]),
    file,
    temporaryPath: run.left.get(file.id) ?? null,
    partial: null,
    resumedFromBytes: null,
    confirmationLost: false,
    sha256: file.sha256,
    startedAt: new Date(Date.now() - durationMs),
    durationMs,
  };
  const attempt: EndedAttempt =
    found === 'compared' || found === 'size'
      ? {
          ...common,
          outcome: 'delivered',
          fileState: 'delivered',
          bytes: file.movedBytes,
          verification: found,
          verificationAlgorithm: null,
          failure: null,
          recovered: true,
        }
      : {
          ...common,
          outcome: 'uncertain',
          fileState: 'uncertain',
          temporaryPath: typeof found === 'object' ? found.paths[0]! : null,
          bytes: 0,
          verification: null,
          verificationAlgorithm: null,
          failure: whyUncertain(found, file),
          recovered: false,
        };
  const before = await sumDeliveredBytes(worker.database, claim.lease.transferId);
  const movedBytes = before + attempt.bytes;
  await transact(worker, async (tx) => {
    // What its own worker has put back has bytes at the target all the same.
    if (file.state === 'planned') await beginFiles(tx, claim.lease, [file]);
    await recordAttempts(tx, worker.actor, { claim, attempts: [attempt], movedBytes });
  });
  return attempt.outcome === 'delivered';
}

/**
 * Finds out what became of a file. A file whose bytes were never verified under the temporary name cannot have its
 * final name: that name was not asked for. One that may be whole is compared with what is there; what is still whole
 * under the temporary name takes the final one now. No temporary file is left, unless the source does not have the
 * file any more.
 */
async function clearTarget(run: Run, file: Unsettled, timeline: Timeline): Promise<Fate> {
  const { claim, sessions, watch } = run;
  const target = await sessions.open('target');
  const { sha256, movedBytes: bytes, temporaryPath } = file;
  if (await hasMadeWay(run, target, file)) return { why: 'made_way', paths: [file.partial!.path] };
  const mayBeWhole = file.state === 'moving' && sha256 !== null;
  if (mayBeWhole) {
    const look = { ...file, sha256, target, sizeBytes: bytes, signal: watch.signal };
    const found = await compareDelivered(look);
    if (found === 'not_there' || found === 'different' || found === 'cannot_tell')
      return (await isToSendAgain(run, file, timeline)) ? 'not_delivered' : found;
    if (found === 'delivered') {
      // The same file was there before, and the rename never happened: then ours is still under its temporary name.
      if (temporaryPath !== file.targetPath) await removeOurs(run, file, { path: temporaryPath, timeline });
      return 'compared';
    }
    const mayTakeName = found === 'only_temporary' || claim.snapshot.ifExists === 'replace';
    // What was cancelled meanwhile gets no final name any more.
    const whole = mayTakeName && watch.reason() !== 'cancelled' ? await isStillWhole(look) : null;
    if (whole !== null) {
      await nameIt(run, look, timeline);
      return whole;
    }
  }
  const { partial } = file;
  // Under the final name nothing is ours but what is on record to have been begun.
  if (temporaryPath === file.targetPath && partial === null) return 'not_delivered';
  const names = [...new Set([temporaryPath, partial?.path ?? temporaryPath])];
  if (!(await isAtSource(run, file))) {
    const paths: string[] = [];
    for (const name of names) if ((await target.stat(name)) !== null) paths.push(name);
    if (paths.length > 0) return { why: 'source_gone', paths };
  }
  const doubt = await findDoubtOfBegun(target, file);
  if (doubt !== null && !(await isToSendAgain(run, file, timeline))) return doubt;
  const keeps = partial !== null && (await staysAsItIs(run, target, partial.path));
  // Under the final name nothing is removed: of what is there it cannot be told whether that try had begun to write it.
  const ours = names.filter((name) => name !== file.targetPath && !(keeps && name === partial.path));
  for (const name of ours)
    if (!mayBeWhole) await removeOurs(run, file, { path: name, timeline });
    else if (!(await target.remove(name)) && name === temporaryPath) throw renamedMeanwhile(name);
  return keeps ? 'part' : 'not_delivered';
}

/** The older file was removed for it, or was to be, and nobody gives the new one its name any more. */
async function hasMadeWay(
  { watch }: Run,
  target: Transport,
  { targetPath, partial }: Unsettled,
): Promise<boolean> {
  if (watch.reason() !== 'cancelled' || partial?.madeWay !== true) return false;
  return (await target.stat(targetPath)) === null && (await target.stat(partial.path)) !== null;
}

async function nameIt({ worker, claim, sessions }: Run, look: ToName, timeline: Timeline): Promise<void> {
  const request = {
    ...look,
    ifExists: claim.snapshot.ifExists,
    reopenTarget: (signal: AbortSignal) => sessions.reopenTarget(signal),
    onPartial: (part: FilePart) => recordFilePart(worker.database, claim.lease, { fileId: look.id, part }),
  };
  const moved = { bytes: look.movedBytes, sha256: look.sha256 };
  const progress = { renameUnclear: false, onlyCopyIsTemporary: false, contradicted: false };
  await timeline.time('rename', (note) => finishRename(request, moved, progress, note));
}

/**
 * A lost worker has begun to write the file under its final name, or may have gone on with a part there: it may be
 * whole, or taken already. Null where what is there is seen to be a part.
 */
async function findDoubtOfBegun(
  target: Transport,
  { state, targetPath, partial }: Unsettled,
): Promise<Doubt | null> {
  if (state !== 'moving' || partial?.path !== targetPath) return null;
  const there = await target.stat(targetPath);
  if (there === null) return 'begun_and_gone';
  const isPart =
    target.policy.transferType === 'binary' &&
    there.sizeBytes !== null &&
    there.sizeBytes < partial.sourceSizeBytes;
  return isPart ? null : 'begun_and_there';
}

/** Whether what is in doubt goes once more by itself. */
async function isToSendAgain(run: Run, file: Unsettled, timeline: Timeline): Promise<boolean> {
  const { policy } = await run.sessions.open('target');
  const isAsked = policy.whenUncertain === 'send_again' && !isLastRun(run);
  if (!isAsked || !(await isAtSource(run, file))) return false;
  await timeline.time('verify', async (note) => {
    note('whether an earlier try has arrived cannot be told; it is sent again, as the endpoint asks');
  });
  return true;
}

async function isAtSource({ sessions }: Run, file: Unsettled): Promise<boolean> {
  const source = await sessions.open('source');
  return (await source.stat(file.sourcePath)) !== null;
}

/** A server may go on writing for a worker that is lost: what still grows is not to be gone on with. */
async function staysAsItIs(run: Run, target: Transport, path: string): Promise<boolean> {
  if (isLastRun(run) || !target.policy.resume) return false;
  const before = await target.stat(path);
  if (before === null) return false;
  await sleepUntil(run.watch.signal, GROWTH_MS);
  const after = await target.stat(path);
  return after?.sizeBytes === before.sizeBytes;
}

/** What cannot become the file any more may stay where the server does not let us remove it: no other try needs its name. */
async function removeOurs(
  { sessions, left }: Run,
  { id }: Unsettled,
  { path, timeline }: { path: string; timeline: Timeline },
): Promise<void> {
  const target = await sessions.open('target');
  await removeEarlier(target, path, timeline);
  if ((await target.stat(path, 'size')) !== null) left.set(id, path);
}

/** What it was seen to have arrived by, or what is to become of it. */
type Fate = 'compared' | 'size' | 'not_delivered' | 'part' | Doubt;
type Doubt = keyof typeof WHAT_IS_THERE | { why: 'source_gone' | 'made_way'; paths: string[] };

function whyUncertain(doubt: Doubt, { temporaryPath, targetPath }: Unsettled): Failure {
  const step = 'verify';
  if (typeof doubt === 'object')
    return doubt.why === 'made_way'
      ? { kind: 'cancelled', text: tellMadeWay(doubt.paths), step }
      : { kind: 'not_found', text: tellOnlyCopy(doubt.paths), step };
  const told = temporaryPath === targetPath ? { ...WHAT_IS_THERE, ...OF_FINAL_NAME } : WHAT_IS_THERE;
  const text = `${told[doubt]} ask the partner before you send it again.`;
  return { kind: 'worker_lost', text, step };
}

const tellMadeWay = (paths: string[]): string =>
  'The transfer was cancelled when the older file had been removed to make way, or was about to be, and the new one had ' +
  `no name yet. It was left there whole, as ${paths.join(' and as ')}: give it its name, or remove it and have the older ` +
  'one put back.';

const ALL_HAD_ARRIVED = 'All bytes had arrived under the temporary name when an earlier try broke off;';
const WAS_SENT = 'All bytes had arrived under the final name when an earlier try broke off;';
const WAS_BEGUN = 'The worker was lost while it wrote the file under its final name;';
const WHAT_IS_THERE = {
  not_there: `${ALL_HAD_ARRIVED} now neither that name nor the final one is there. Somebody may have taken the file already:`,
  different: `${ALL_HAD_ARRIVED} now that name is gone and the final one holds another file:`,
  cannot_tell: `${ALL_HAD_ARRIVED} and the target does not let us see what is there now:`,
  begun_and_gone: `${WAS_BEGUN} now there is none of that name. Somebody may have taken it already, or it never came so far:`,
  begun_and_there: `${WAS_BEGUN} what has that name now may be all of it, or an older file:`,
} as const;
const OF_FINAL_NAME = {
  not_there: `${WAS_SENT} now there is none of that name. Somebody may have taken it already:`,
  different: `${WAS_SENT} now another file has that name:`,
  cannot_tell: `${WAS_SENT} and the target does not let us see what is there now:`,
} as const;
