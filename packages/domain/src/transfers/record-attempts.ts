/**
 * Writes down what happened to files, several in one transaction, so that the database does not set the pace. Files are
 * found by their ids only: by the indexes of transfers and states, which are of no use for `IS NOT DISTINCT FROM` and
 * `::text`, Postgres would go through all files of the transfer for the sake of a few.
 *
 * beginFiles
 *   In     the lease, and files with the temporary names under which their bytes will be written
 *   Out    nothing; the files are `moving`. Commit before the first byte leaves.
 *   Errors LeaseLostError
 *   Events none
 * recordVerified
 *   In     the lease, what was verified under temporary names, and when the sources had been written. Commit before
 *          a final name is given: it tells a later run that the file may have it, and what it then holds.
 *   Out    nothing
 *   Errors LeaseLostError: then the file must not be renamed
 *   Events none
 * recordAttempts
 *   In     the claim, the attempts that ended, how many bytes the transfer has moved
 *   Out    nothing; each attempt is kept and each file is in its next state. Nothing is done where they are on record
 *          already: whoever had no answer from the database may give them once more, all of them.
 *   Errors LeaseLostError
 *   Events transfer_file.delivered, transfer_file.failed, transfer_file.uncertain
 */
import type {
  ConnectionFacts,
  DialogueLine,
  FailureKind,
  Side,
  StepName,
  TimelineStep,
} from '@waybill/contracts/session-facts.js';
import type { TransferFileState } from '@waybill/contracts/transfers.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { type NewEvent, appendEvents } from '../audit/append-event.js';
import type { AuditAction } from '@waybill/contracts/audit-actions.js';
import type { Claim } from './claim.js';
import type { FilePart } from './file-part.js';
import { type Lease, LeaseLostError, heldLease, holdLease, updateUnderLease } from './lease.js';
import { notifyTransfer } from './notify-transfer.js';
import { fileStatesBefore } from './transfer-state.js';

/** A file as a run handles it. */
export interface RunFile {
  id: string;
  name: string;
  sourcePath: string;
  targetPath: string;
}

export interface Failure {
  kind: FailureKind;
  /** What failed and what to do, for people. */
  text: string;
  step: StepName | null;
}

export interface EndedAttempt {
  id: string;
  file: RunFile;
  outcome: 'delivered' | 'failed' | 'cancelled' | 'uncertain';
  /** Where the file goes from `moving`: back to planned for another try, or to stay where it is. */
  fileState: Exclude<TransferFileState, 'skipped'>;
  /** What may still lie at the target under the temporary name; null where that is known to be gone. */
  temporaryPath: string | null;
  /** What was left at the target for another try to go on with. */
  partial: FilePart | null;
  bytes: number;
  /** How many of them an earlier try had left at the target; null where all were sent. */
  resumedFromBytes: number | null;
  sha256: string | null;
  verification: string | null;
  /** The hash that was compared; null where none was. */
  verificationAlgorithm: string | null;
  /** The final reply was lost; that all had arrived was found out by looking. */
  confirmationLost: boolean;
  failure: Failure | null;
  /** Found out afterwards that it had arrived, and not sent again. */
  recovered: boolean;
  startedAt: Date;
  durationMs: number;
  timeline: TimelineStep[];
  connections: ConnectionFacts[];
  dialogue: (DialogueLine & { side: Side })[];
}

export async function beginFiles(tx: Tx, lease: Lease, files: { id: string; temporaryPath: string }[]) {
  if (files.length === 0) return;
  const count = await tx.$executeRaw`
    WITH held AS MATERIALIZED (${heldLease(lease)})
    UPDATE transfer_file AS file
    SET state = 'moving', temporary_path = given."temporaryPath", moved_bytes = 0, sha256 = NULL,
      failure_kind = NULL, failure_text = NULL
    FROM held, jsonb_to_recordset(${JSON.stringify(files)}::jsonb) AS given(id uuid, "temporaryPath" text)
    WHERE file.id = ANY (${files.map(({ id }) => id)}::uuid[]) AND file.id = given.id
      AND file.transfer_id IS NOT DISTINCT FROM held.id AND file.state::text = ANY (${fileStatesBefore('moving')})`;
  if (count === files.length) return;
  await holdLease(tx, lease);
  throw new Error(`Only ${count} of ${files.length} files could begin to move.`);
}

export interface VerifiedFile {
  fileId: string;
  bytes: number;
  sha256: string;
  sourceModifiedAt: Date | null;
  /** The name that it has now: of this try, or of an earlier one that was gone on with. */
  temporaryPath: string;
}

export async function recordVerified(tx: Tx, lease: Lease, verified: VerifiedFile[]): Promise<void> {
  const count = await tx.$executeRaw`
    WITH held AS MATERIALIZED (${heldLease(lease)})
    UPDATE transfer_file AS file
    SET sha256 = given.sha256, moved_bytes = given.bytes, modified_at = given."sourceModifiedAt",
      temporary_path = given."temporaryPath"
    FROM held, jsonb_to_recordset(${JSON.stringify(verified)}::jsonb) AS given(
      "fileId" uuid, bytes bigint, sha256 text, "sourceModifiedAt" timestamptz, "temporaryPath" text)
    WHERE file.id = ANY (${verified.map(({ fileId }) => fileId)}::uuid[]) AND file.id = given."fileId"
      AND file.state::text = 'moving' AND file.transfer_id IS NOT DISTINCT FROM held.id`;
  if (count !== verified.length) throw new LeaseLostError(lease);
}

export async function recordAttempts(
  tx: Tx,
  actor: Actor,
  input: { claim: Claim; attempts: EndedAttempt[]; movedBytes: number },
): Promise<void> {
  const { claim, attempts, movedBytes } = input;
  const { lease } = claim;
  if (attempts.length === 0) return;
  const delivered = attempts.filter((attempt) => attempt.outcome === 'delivered').length;
  const kept = attempts.map((attempt) => attemptRow(attempt, lease));
  const count = await tx.$executeRaw`
    INSERT INTO attempt SELECT * FROM jsonb_populate_recordset(NULL::attempt, ${JSON.stringify(kept)}::jsonb)
    ON CONFLICT (id) DO NOTHING`;
  if (count === 0) return holdLease(tx, lease);
  await appendEvents(
    tx,
    actor,
    attempts.flatMap((attempt) => eventOf(attempt, claim) ?? []),
  );
  // As late as can be: until the end of the transaction, the other sessions of the run wait for it.
  await updateUnderLease(tx, lease, { deliveredCount: { increment: delivered }, movedBytes });
  await changeFiles(tx, lease, attempts);
  await notifyTransfer(tx, lease.transferId, {
    bytesPerSecond: null,
    file: lastFile(attempts),
  });
}

/** Every column of the table by its name there: one statement from JSON costs a fifth of Prisma's own. */
function attemptRow(attempt: EndedAttempt, lease: Lease) {
  return {
    id: attempt.id,
    transfer_id: lease.transferId,
    transfer_file_id: attempt.file.id,
    try_number: lease.tryNumber,
    worker_id: lease.workerId,
    outcome: attempt.outcome,
    bytes: attempt.bytes,
    sha256: attempt.sha256,
    verification: attempt.verification,
    verification_algorithm: attempt.verificationAlgorithm,
    resumed_from_bytes: attempt.resumedFromBytes,
    confirmation_lost: attempt.confirmationLost,
    duration_ms: Math.round(attempt.durationMs),
    failure_kind: attempt.failure?.kind ?? null,
    failure_text: attempt.failure?.text ?? null,
    failure_step: attempt.failure?.step ?? null,
    timeline: attempt.timeline,
    connections: attempt.connections,
    dialogue: attempt.dialogue,
    started_at: attempt.startedAt,
    finished_at: new Date(attempt.startedAt.getTime() + attempt.durationMs),
  };
}

function lastFile(attempts: EndedAttempt[]) {
  const last = attempts.at(-1);
  return last === undefined ? null : { id: last.file.id, state: last.fileState, movedBytes: last.bytes };
}

async function changeFiles(tx: Tx, lease: Lease, attempts: EndedAttempt[]): Promise<void> {
  const changes = attempts.map((attempt) => ({
    id: attempt.file.id,
    state: attempt.fileState,
    temporaryPath: attempt.temporaryPath,
    movedBytes: attempt.fileState === 'delivered' || attempt.fileState === 'moving' ? attempt.bytes : 0,
    // On a file that goes back to planned it would say that the file may have its final name.
    sha256: attempt.fileState === 'planned' ? null : attempt.sha256,
    verification: attempt.verification,
    verificationAlgorithm: attempt.verificationAlgorithm,
    partial: attempt.partial,
    failureKind: attempt.failure?.kind ?? null,
    failureText: attempt.failure?.text ?? null,
  }));
  const count = await tx.$executeRaw`
    UPDATE transfer_file AS file
    SET state = given.state::transfer_file_state, temporary_path = given."temporaryPath",
      moved_bytes = given."movedBytes", sha256 = given.sha256, verification = given.verification,
      verification_algorithm = given."verificationAlgorithm", partial = CASE
        -- What was begun under its final name tells which source is in doubt; once verified, the file itself does.
        WHEN given.state = 'uncertain' AND given.partial IS NULL AND file.sha256 IS NULL
          AND file.partial ->> 'path' = file.target_path THEN file.partial
        ELSE given.partial END,
      failure_kind = given."failureKind", failure_text = given."failureText",
      attempt_count = attempt_count + 1,
      delivered_at = CASE WHEN given.state = 'delivered' THEN now() END
    FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS given(
      id uuid, state text, "temporaryPath" text, "movedBytes" bigint, sha256 text, verification text,
      "verificationAlgorithm" text, partial jsonb, "failureKind" text, "failureText" text)
    WHERE file.id = ANY (${changes.map(({ id }) => id)}::uuid[]) AND file.id = given.id
      AND file.transfer_id IS NOT DISTINCT FROM ${lease.transferId}::uuid AND file.state::text = 'moving'`;
  if (count !== attempts.length)
    throw new Error(`Only ${count} of ${attempts.length} attempts found their file moving.`);
}

function eventOf(attempt: EndedAttempt, claim: Claim): NewEvent<AuditAction> | null {
  const { file, failure } = attempt;
  const common = {
    object: { kind: 'transfer_file', id: file.id, name: file.name },
    partnerId: claim.partnerId,
  };
  const ids = { transferId: claim.lease.transferId, sourcePath: file.sourcePath };
  if (attempt.outcome === 'delivered')
    return {
      ...common,
      action: 'transfer_file.delivered',
      details: {
        ...ids,
        attemptId: attempt.id,
        targetPath: file.targetPath,
        bytes: attempt.bytes,
        sha256: attempt.sha256,
        verification: attempt.verification ?? 'none',
        verificationAlgorithm: attempt.verificationAlgorithm,
        resumedFromBytes: attempt.resumedFromBytes,
        confirmationLost: attempt.confirmationLost,
        recovered: attempt.recovered,
      },
    };
  if (failure === null || attempt.outcome === 'cancelled') return null;
  const details = { ...ids, failureKind: failure.kind, failureText: failure.text };
  if (attempt.outcome === 'uncertain')
    return { ...common, action: 'transfer_file.uncertain', outcome: 'failed', details };
  return {
    ...common,
    action: 'transfer_file.failed',
    outcome: 'failed',
    details: { ...details, attemptId: attempt.id },
  };
}
