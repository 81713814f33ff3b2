/** One try at one file: brings it to the target, names it there, and says what happened, for the record. */
import { findNamesake } from '@waybill/domain/transfers/delivered-names.js';
import { recordFilePart } from '@waybill/domain/transfers/file-part.js';
import { LeaseLostError } from '@waybill/domain/transfers/lease.js';
import type { EndedAttempt, VerifiedFile } from '@waybill/domain/transfers/record-attempts.js';
import { verdictOn } from '@waybill/domain/transfers/retry-policy.js';
import type { OpenFile } from '@waybill/domain/transfers/settle-files.js';
import { bringFile } from '@waybill/transports/move-file.js';
import type { Transport } from '@waybill/transports/transport.js';
import { type TransportError, asTransportError } from '@waybill/transports/transport-error.js';
import { delivered, isLast, isOfUse, notDelivered } from './ended-attempt.js';
import type { Run } from './run.js';
import { NO_EVIDENCE, joinEvidence } from './sessions.js';

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
  const fail = async (thrown: unknown): Promise<MoveOutcome> => {
    const error = asTransportError(thrown, 'transfer');
    if (error.cause instanceof LeaseLostError) throw error.cause;
    if (error.kind === 'internal')
      worker.log.error({ err: error, transferId: claim.lease.transferId }, 'a file met an unexpected fault');
    showProgress(0);
    progress.files.delete(file.id);
    const endpointId = sessions.endpointAtFault(error);
    const mayBeOnlyCopy = await mayBeOnlyCopyNow(run, file, error);
    evidence = joinEvidence(evidence, sessions.drain());
    const { policy } = target;
    const attempt = notDelivered(run, file, { evidence, started, error, policy, mayBeOnlyCopy });
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
      mayRemove: () => !watch.isLeaseLost(),
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
          return await fail(thrown);
        }
      },
    };
  } catch (thrown) {
    return await fail(thrown);
  }
}

/**
 * All of the file was read and its source was lost then, and no other try looks: it is asked whether it has the file
 * still. After a cancellation the clearing up asks.
 */
async function mayBeOnlyCopyNow(
  run: Run,
  { sourcePath }: MovingFile,
  { kind, move }: TransportError,
): Promise<boolean> {
  const isOver = run.watch.reason() === null && (isLast(run) || verdictOn(kind) === 'fail');
  if (move?.sourceUnclear !== true || !isOver) return false;
  try {
    const source = await run.sessions.open('source');
    return (await source.stat(sourcePath)) === null;
  } catch {
    return true;
  }
}
