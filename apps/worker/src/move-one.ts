/** One try at one file: brings it to the target, names it there, and says what happened, for the record. */
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import { newId } from '@waybill/domain/new-id.js';
import { findNamesake } from '@waybill/domain/transfers/delivered-names.js';
import { recordFilePart } from '@waybill/domain/transfers/file-part.js';
import { LeaseLostError } from '@waybill/domain/transfers/lease.js';
import type { EndedAttempt, Failure, VerifiedFile } from '@waybill/domain/transfers/record-attempts.js';
import { isCut, verdictOn } from '@waybill/domain/transfers/retry-policy.js';
import type { OpenFile } from '@waybill/domain/transfers/settle-files.js';
import { bringFile, type MoveResult } from '@waybill/transports/move-file.js';
import type { MovePolicy, Transport } from '@waybill/transports/transport.js';
import { type TransportError, asTransportError } from '@waybill/transports/transport-error.js';
import { failureIn, outcomeIn } from './explain-failure.js';
import type { Run } from './run.js';
import { type Evidence, NO_EVIDENCE, inOrder, joinEvidence } from './sessions.js';

/** What moves next, with the name that it has until it is complete. */
export type MovingFile = OpenFile & { temporaryPath: string };

export interface MoveOutcome {
  attempt: EndedAttempt;
  /** Whose fault a failure is, where that can be told. */
  endpointId: string | null;
  /** When the source that was read had been written, where that can be told. */
  sourceModifiedAt: Date | null;
}

/** A file that is at the target under its temporary name. */
export interface Brought {
  /** Whether it is to be named before another file is begun. */
  isHeld: boolean;
  verified: VerifiedFile;
  /**
   * Gives it its name.
   * @param recorded resolves when it is committed that it may have that name
   * @param openTarget the session to do that by
   * @throws LeaseLostError
   */
  name(recorded: Promise<void>, openTarget?: () => Promise<Transport>): Promise<MoveOutcome>;
}

/**
 * Brings a file to the target, under its temporary name.
 * @param next the file that follows on the same sessions
 * @returns how it ended, where it came no further
 * @throws TransportError where a session cannot be opened again: then the file was not begun
 * @throws LeaseLostError
 */
export async function bringOne(
  run: Run,
  file: MovingFile,
  next: MovingFile | undefined,
): Promise<Brought | MoveOutcome> {
  const { worker, claim, watch, sessions } = run;
  const source = await sessions.open('source');
  const target = await sessions.open('target');
  const started = { at: new Date(), clock: performance.now() };
  const { progress } = watch;
  const showProgress = (bytes: number): void => {
    progress.movedBytes += bytes - (progress.files.get(file.id) ?? 0);
    progress.files.set(file.id, bytes);
  };
  let evidence = NO_EVIDENCE;
  let isRecorded = Promise.resolve();
  const fail = (thrown: unknown): MoveOutcome => {
    const error = asTransportError(thrown, 'transfer');
    if (error.cause instanceof LeaseLostError) throw error.cause;
    if (error.kind === 'internal')
      worker.log.error({ err: error, transferId: claim.lease.transferId }, 'a file met an unexpected fault');
    showProgress(0);
    progress.files.delete(file.id);
    const endpointId = sessions.endpointAtFault(error);
    evidence = joinEvidence(evidence, sessions.drain());
    const attempt = notDelivered(run, file, { evidence, started, error, policy: target.policy });
    return { attempt, endpointId, sourceModifiedAt: null };
  };
  try {
    const brought = await bringFile({
      source,
      sourcePath: file.sourcePath,
      nextSourcePath: next?.sourcePath ?? null,
      target,
      targetPath: file.targetPath,
      temporaryPath: file.temporaryPath,
      ifExists: claim.snapshot.ifExists,
      namesake: () => findNamesake(run.deliveredNames, file.targetPath),
      // The plan is of the first try; what is there at a later one is what is to be moved.
      expected: claim.lease.tryNumber === 1 ? file : { sizeBytes: null, modifiedAt: null },
      partial: file.partial,
      isOfUse: (failure) => isOfUse(run, failure),
      onPartial: async (part) => {
        await recordFilePart(worker.database, claim.lease, { fileId: file.id, part });
        worker.crashAt('part-recorded');
      },
      signal: watch.signal,
      reopenTarget: (signal) => sessions.reopenTarget(signal),
      onProgress: (bytes) => {
        showProgress(bytes);
        worker.crashAt('mid-transfer');
      },
      onStep: ({ step, outcome }) => {
        if (step === 'verify' && outcome === 'running') worker.crashAt('transferred');
      },
      onVerified: async () => {
        await isRecorded;
        worker.crashAt('verified');
      },
    });
    const { moved } = brought;
    showProgress(moved.bytes);
    evidence = sessions.drain();
    return {
      isHeld: brought.isHeld,
      verified: { fileId: file.id, ...moved },
      async name(recorded, openTarget) {
        isRecorded = recorded;
        try {
          const result = await brought.name(openTarget);
          worker.crashAt('renamed');
          progress.files.delete(file.id);
          evidence = joinEvidence(evidence, sessions.drain());
          const attempt = delivered(run, file, { evidence, started: started.at, moved: result });
          return { attempt, endpointId: null, sourceModifiedAt: moved.sourceModifiedAt };
        } catch (thrown) {
          return fail(thrown);
        }
      },
    };
  } catch (thrown) {
    return fail(thrown);
  }
}

function delivered(
  run: Run,
  file: MovingFile,
  { evidence, started, moved }: { evidence: Evidence; started: Date; moved: MoveResult },
): EndedAttempt {
  return {
    ...evidence,
    id: newId(),
    timeline: timelineOf(run, file, [...evidence.timeline, ...moved.timeline]),
    file,
    outcome: 'delivered',
    fileState: 'delivered',
    temporaryPath: leftBefore(run, file, [moved.temporaryPath]),
    partial: null,
    bytes: moved.bytes,
    resumedFromBytes: moved.resumedFromBytes,
    sha256: moved.sha256,
    verification: moved.verification,
    verificationAlgorithm: moved.verificationAlgorithm,
    confirmationLost: moved.confirmationLost,
    failure: null,
    recovered: false,
    startedAt: started,
    durationMs: moved.durationMs,
  };
}

interface NotDelivered {
  evidence: Evidence;
  started: { at: Date; clock: number };
  error: TransportError;
  policy: MovePolicy;
}

function notDelivered(
  run: Run,
  file: MovingFile,
  { evidence, started, error, policy }: NotDelivered,
): EndedAttempt {
  const { bytes, temporaryLeft, temporaryPath, partial, sha256, resumedFromBytes, uncertain, sourceGone } =
    error.move ?? nothingKnown(file);
  const { targetPath } = file;
  const mayBeWhole = sha256 !== null && !uncertain;
  const failure = failureIn(run, error);
  const isToAsk = sourceGone || policy.whenUncertain === 'ask' || isLast(run);
  const isInDoubt = uncertain && isToAsk;
  if (uncertain) failure.text += isInDoubt ? '' : ' It is sent again, as the endpoint asks.';
  else if (mayBeWhole)
    failure.text += ` The target may hold all of it, as ${targetPath} or as ${temporaryPath}.`;
  else if (partial !== null) failure.text += ` What has arrived is left as ${partial.path}, to go on with.`;
  else if (temporaryLeft) failure.text += ` The temporary file ${temporaryPath} may be left at the target.`;
  const fileState = isInDoubt ? 'uncertain' : stateAfter(run, failure, mayBeWhole);
  return {
    ...evidence,
    id: newId(),
    timeline: timelineOf(run, file, [...evidence.timeline, ...(error.move?.timeline ?? [])]),
    file,
    outcome: fileState === 'uncertain' ? fileState : outcomeIn(run),
    fileState,
    temporaryPath:
      temporaryLeft && partial === null
        ? temporaryPath
        : leftBefore(run, file, [temporaryPath, partial?.path]),
    partial,
    bytes,
    resumedFromBytes,
    sha256,
    verification: null,
    verificationAlgorithm: null,
    confirmationLost: false,
    failure,
    recovered: false,
    startedAt: started.at,
    durationMs: performance.now() - started.clock,
  };
}

/**
 * What an earlier try has left there, where that may still be so.
 * @param known of which that is known, or is on record otherwise
 */
function leftBefore(
  { left }: Run,
  { id, targetPath, partial }: MovingFile,
  known: (string | undefined)[],
): string | null {
  const path = left.get(id) ?? partial?.path;
  return path === undefined || path === targetPath || known.includes(path) ? null : path;
}

/** Where nothing is known of how far it came, something may be left. */
function nothingKnown({ temporaryPath }: MovingFile) {
  return {
    bytes: 0,
    temporaryLeft: true,
    temporaryPath,
    partial: null,
    sha256: null,
    resumedFromBytes: null,
    uncertain: false,
    sourceGone: false,
  };
}

/** Whether another try may go on with what is at the target, which then stays there. */
function isOfUse(run: Run, { kind }: TransportError): boolean {
  // Of a lost lease it is another worker that has it now.
  return !isLast(run) && (run.watch.reason() !== null || isCut(kind));
}

/** Nothing is sent by this transfer any more; a worker that is stopped leaves its try to another. */
function isLast({ watch, claim }: Run): boolean {
  const reason = watch.reason();
  return reason === 'cancelled' || (reason === null && claim.lease.tryNumber >= claim.snapshot.maxTries);
}

/** What the target may hold is compared by the next try; where there is none, only a person can tell. */
function stateAfter(run: Run, failure: Failure, mayBeWhole: boolean) {
  if (run.watch.reason() === null && verdictOn(failure.kind) === 'fail')
    return mayBeWhole ? 'uncertain' : 'failed';
  return mayBeWhole ? 'moving' : 'planned';
}

/**
 * With the listing by which the file was found, whichever session and try that was of, and with what was done about
 * what earlier tries had left of it.
 */
function timelineOf({ listing, cleanups }: Run, file: MovingFile, ended: TimelineStep[]): TimelineStep[] {
  const steps = [...ended, ...(cleanups.get(file.id) ?? [])];
  if (listing === null || steps.includes(listing)) return inOrder(steps);
  return inOrder([...steps, isOfSession(listing, steps) ? listing : ofEarlierSession(listing)]);
}

/** Whether the session on the source was open already. */
function isOfSession(listing: TimelineStep, steps: TimelineStep[]): boolean {
  return steps.some(({ side, step, startedAt }) => {
    return side === 'source' && step === 'connect' && Date.parse(startedAt) <= Date.parse(listing.startedAt);
  });
}

/** It began before the session did that it would otherwise seem to be of. */
function ofEarlierSession(listing: TimelineStep): TimelineStep {
  const detail = listing.detail ?? 'listed';
  return detail.endsWith(EARLIER) ? listing : { ...listing, detail: detail + EARLIER };
}

const EARLIER = ', by an earlier session';
