/** What a try at a file is recorded as, and what state it leaves the file in. */
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import { newId } from '@waybill/domain/new-id.js';
import type { EndedAttempt, Failure } from '@waybill/domain/transfers/record-attempts.js';
import { isCut, verdictOn } from '@waybill/domain/transfers/retry-policy.js';
import type { OpenFile } from '@waybill/domain/transfers/settle-files.js';
import type { MoveResult } from '@waybill/transports/move-file.js';
import { tellOnlyCopy } from '@waybill/transports/only-copy.js';
import type { MovePolicy } from '@waybill/transports/transport.js';
import type { TransportError } from '@waybill/transports/transport-error.js';
import { failureIn, failureOf, outcomeIn } from './explain-failure.js';
import type { Run } from './run.js';
import { type Evidence, inOrder } from './sessions.js';

/** A file that was on its way, with the name that it was written under. */
type MovedFile = OpenFile & { temporaryPath: string };

export function delivered(
  run: Run,
  file: MovedFile,
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
  /** Nothing is sent any more, and whether the source has the file still cannot be told. */
  mayBeOnlyCopy: boolean;
}

export function notDelivered(
  run: Run,
  file: MovedFile,
  { evidence, started, error, policy, mayBeOnlyCopy }: NotDelivered,
): EndedAttempt {
  const { bytes, temporaryLeft, temporaryPath, partial, sha256, resumedFromBytes, uncertain, sourceGone } =
    error.move ?? nothingKnown(file);
  const { targetPath } = file;
  const mayBeWhole = sha256 !== null && !uncertain;
  const isToAsk = sourceGone || policy.whenUncertain === 'ask' || isLast(run);
  const isInDoubt = (uncertain && isToAsk) || mayBeOnlyCopy;
  // What waits for a person does not go on at the next start.
  const failure = isInDoubt ? failureOf(error) : failureIn(run, error);
  const fileState = isInDoubt ? 'uncertain' : stateAfter(run, failure, mayBeWhole);
  const names = [...new Set([targetPath, temporaryPath])].join(' or as ');
  if (mayBeOnlyCopy) failure.text += ` ${tellOnlyCopy([temporaryPath], { isSure: false })}`;
  else if (uncertain) failure.text += isInDoubt ? '' : ' It is sent again, as the endpoint asks.';
  else if (mayBeWhole)
    failure.text += ` The target may hold all of it, as ${names}.${fileState === 'uncertain' ? ASK : ''}`;
  else if (partial !== null) failure.text += ` What has arrived is left as ${partial.path}, to go on with.`;
  else if (temporaryLeft) failure.text += ` The temporary file ${temporaryPath} may be left at the target.`;
  return {
    ...evidence,
    id: newId(),
    timeline: timelineOf(run, file, [...evidence.timeline, ...(error.move?.timeline ?? [])]),
    file,
    outcome: fileState === 'uncertain' ? fileState : outcomeIn(run),
    fileState,
    temporaryPath:
      temporaryLeft && (partial === null || mayBeWhole)
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

const ASK = ' Ask the partner before you send it again.';

/**
 * What an earlier try has left there, where that may still be so.
 * @param known of which that is known, or is on record otherwise
 */
function leftBefore(
  { left }: Run,
  { id, targetPath, partial }: MovedFile,
  known: (string | undefined)[],
): string | null {
  const path = left.get(id) ?? partial?.path;
  return path === undefined || path === targetPath || known.includes(path) ? null : path;
}

/** Where nothing is known of how far it came, something may be left. */
function nothingKnown({ temporaryPath }: MovedFile) {
  return {
    bytes: 0,
    temporaryLeft: true,
    temporaryPath,
    partial: null,
    sha256: null,
    resumedFromBytes: null,
    uncertain: false,
    sourceGone: false,
    sourceUnclear: false,
  };
}

/** Whether another try may go on with what is at the target, which then stays there. */
export function isOfUse(run: Run, { kind }: TransportError): boolean {
  // Of a lost lease it is another worker that has it now.
  return !isLast(run) && (run.watch.reason() !== null || isCut(kind));
}

/** Nothing is sent by this transfer any more; a worker that is stopped leaves its try to another. */
export function isLast({ watch, claim }: Run): boolean {
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
function timelineOf({ listing, cleanups }: Run, file: MovedFile, ended: TimelineStep[]): TimelineStep[] {
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
