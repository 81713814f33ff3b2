/**
 * What a run has to finish for an earlier one, and what it found out about it.
 *
 * findOpenFiles: every file of the transfer that something is still to be done for, in order
 * settleFiles
 *   In     the lease; files that are to be sent: they were not begun, or are known not to have arrived, or are in doubt and
 *          the endpoint asks to send these again. Of them the target has nothing under a temporary name any more, but for
 *          a part that is on record to be gone on with, and for what the server did not let us remove
 *   Out    nothing; the files are planned
 *   Errors LeaseLostError
 *   Events none
 */
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Claim } from './claim.js';
import { type FilePart, toFilePart } from './file-part.js';
import { type Lease, holdLease } from './lease.js';
import type { RunFile } from './record-attempts.js';

export interface OpenFile extends RunFile {
  /** planned, moving, or delivered with the after-action still to come. */
  state: 'planned' | 'moving' | 'delivered';
  temporaryPath: string | null;
  sizeBytes: number | null;
  modifiedAt: Date | null;
  /** Set once the bytes were verified under the temporary name: from then on the file may have its final name. */
  sha256: string | null;
  movedBytes: number;
  attemptCount: number;
  /** What a cut try has left at the target; null where nothing is there to go on with. */
  partial: FilePart | null;
}

export async function findOpenFiles(tx: Tx, claim: Claim): Promise<OpenFile[]> {
  const owesAfterAction = { state: 'delivered', afterActionAt: null } as const;
  const rows = await tx.transferFile.findMany({
    where: {
      transferId: claim.lease.transferId,
      OR: [
        { state: { in: ['planned', 'moving'] } },
        ...(claim.snapshot.afterAction === 'keep' ? [] : [owesAfterAction]),
      ],
    },
    select: {
      id: true,
      name: true,
      sourcePath: true,
      targetPath: true,
      state: true,
      temporaryPath: true,
      sizeBytes: true,
      modifiedAt: true,
      sha256: true,
      movedBytes: true,
      attemptCount: true,
      partial: true,
    },
    orderBy: { position: 'asc' },
  });
  return rows.map((row) => ({
    ...row,
    state: row.state as OpenFile['state'],
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    movedBytes: Number(row.movedBytes),
    partial: toFilePart(row.partial),
  }));
}

/** How many bytes of the transfer are at the target already. */
export async function sumDeliveredBytes(tx: Tx, transferId: string): Promise<number> {
  const sum = await tx.transferFile.aggregate({
    where: { transferId, state: 'delivered' },
    _sum: { movedBytes: true },
  });
  return Number(sum._sum.movedBytes ?? 0n);
}

/** Whether the transfer has a plan already. */
export async function isPlanned(tx: Tx, transferId: string): Promise<boolean> {
  return (await tx.transferFile.findFirst({ where: { transferId }, select: { id: true } })) !== null;
}

/** The step by which a planned transfer found its files; null where no attempt lived to keep it. */
export async function findListing(tx: Tx, transferId: string): Promise<TimelineStep | null> {
  const [row] = await tx.$queryRaw<{ step: TimelineStep }[]>`
    SELECT step FROM attempt, jsonb_array_elements(timeline) AS step
    WHERE transfer_id = ${transferId}::uuid AND step ->> 'step' = 'list' AND step ->> 'outcome' = 'ok'
    LIMIT 1`;
  return row?.step ?? null;
}

/**
 * @param how.arePartsGone what could have been gone on with is not at the target any more either
 * @param how.left what stays at the target of a file, by its id; other files may be among them
 */
export async function settleFiles(
  tx: Tx,
  lease: Lease,
  fileIds: string[],
  {
    arePartsGone = false,
    left = NOTHING,
  }: { arePartsGone?: boolean; left?: ReadonlyMap<string, string> } = {},
): Promise<void> {
  if (fileIds.length === 0) return;
  await holdLease(tx, lease);
  const where = { transferId: lease.transferId, state: { in: ['planned', 'moving'] } } satisfies Where;
  await tx.transferFile.updateMany({
    where: { ...where, id: { in: fileIds } },
    data: {
      state: 'planned',
      temporaryPath: null,
      sha256: null,
      movedBytes: 0,
      ...(arePartsGone && { partial: Prisma.DbNull }),
    },
  });
  for (const id of fileIds) {
    const temporaryPath = left.get(id);
    if (temporaryPath !== undefined)
      await tx.transferFile.updateMany({ where: { ...where, id }, data: { temporaryPath } });
  }
}

type Where = Prisma.TransferFileWhereInput;
const NOTHING: ReadonlyMap<string, string> = new Map();
