/**
 * Keeps what a transfer will move. Done once for a transfer: a later try goes on with the same files.
 *
 * In     the claim and the planned files
 * Out    nothing; the files are there in their order
 * Errors LeaseLostError
 * Events transfer.planned
 */
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { newId } from '../new-id.js';
import type { Claim } from './claim.js';
import { updateUnderLease } from './lease.js';
import { notifyTransfer } from './notify-transfer.js';
import type { PlannedFile } from './plan-files.js';

/** Rows of one statement. */
const CHUNK = 5000;

export async function recordPlan(tx: Tx, actor: Actor, input: { claim: Claim; files: PlannedFile[] }) {
  const { claim, files } = input;
  const { transferId } = claim.lease;
  for (let at = 0; at < files.length; at += CHUNK)
    await insertFiles(tx, transferId, { files: files.slice(at, at + CHUNK), firstPosition: at });
  const go = files.filter((file) => file.skipReason === null);
  const totalBytes = go.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  // Last, because it locks the row that the lease is renewed in.
  await updateUnderLease(tx, claim.lease, { fileCount: go.length, totalBytes });
  await notifyTransfer(tx, transferId);
  await appendEvent(tx, actor, {
    action: 'transfer.planned',
    object: claim.object,
    partnerId: claim.partnerId,
    details: { go: go.length, skipped: files.length - go.length, totalBytes },
  });
}

/** As one document: a parameter for each value of so many rows would take ten times as long. */
async function insertFiles(
  tx: Tx,
  transferId: string,
  { files, firstPosition }: { files: PlannedFile[]; firstPosition: number },
): Promise<void> {
  const rows = files.map(({ failure, ...file }, index) => ({
    ...file,
    ...failure,
    id: newId(),
    position: firstPosition + index,
    state: stateOf({ ...file, failure }),
  }));
  await tx.$executeRaw`
    INSERT INTO transfer_file (id, transfer_id, position, source_path, name, target_path, state, skip_reason,
      size_bytes, modified_at, failure_kind, failure_text)
    SELECT id, ${transferId}::uuid, position, "sourcePath", name, "targetPath", state::transfer_file_state,
      "skipReason", "sizeBytes", "modifiedAt", "failureKind", "failureText"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS given(
      id uuid, position integer, "sourcePath" text, name text, "targetPath" text, state text, "skipReason" text,
      "sizeBytes" bigint, "modifiedAt" timestamptz, "failureKind" text, "failureText" text)`;
}

function stateOf(file: PlannedFile): 'planned' | 'skipped' | 'failed' {
  if (file.skipReason !== null) return 'skipped';
  return file.failure === null ? 'planned' : 'failed';
}
