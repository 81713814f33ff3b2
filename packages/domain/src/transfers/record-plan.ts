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
const CHUNK = 1000;

export async function recordPlan(tx: Tx, actor: Actor, input: { claim: Claim; files: PlannedFile[] }) {
  const { claim, files } = input;
  const go = files.filter((file) => file.skipReason === null);
  const totalBytes = go.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  await updateUnderLease(tx, claim.lease, { fileCount: go.length, totalBytes });
  const rows = files.map((file, position) => ({
    id: newId(),
    transferId: claim.lease.transferId,
    position,
    sourcePath: file.sourcePath,
    name: file.name,
    targetPath: file.targetPath,
    state: stateOf(file),
    skipReason: file.skipReason,
    sizeBytes: file.sizeBytes,
    modifiedAt: file.modifiedAt,
    ...file.failure,
  }));
  for (let at = 0; at < rows.length; at += CHUNK)
    await tx.transferFile.createMany({ data: rows.slice(at, at + CHUNK) });
  await notifyTransfer(tx, claim.lease.transferId);
  await appendEvent(tx, actor, {
    action: 'transfer.planned',
    object: claim.object,
    partnerId: claim.partnerId,
    details: { go: go.length, skipped: files.length - go.length, totalBytes },
  });
}

function stateOf(file: PlannedFile): 'planned' | 'skipped' | 'failed' {
  if (file.skipReason !== null) return 'skipped';
  return file.failure === null ? 'planned' : 'failed';
}

/** The names that the transfer to be sent again was to move; null where it never came to a plan. */
export async function namesToResend(tx: Tx, resendOfId: string): Promise<Set<string> | null> {
  const files = await tx.transferFile.findMany({
    where: {
      transferId: resendOfId,
      // What was skipped was not to be moved, unless somebody cancelled it.
      OR: [{ state: { not: 'skipped' } }, { failureKind: 'cancelled' }],
    },
    select: { name: true },
  });
  return files.length === 0 ? null : new Set(files.map((file) => file.name));
}
