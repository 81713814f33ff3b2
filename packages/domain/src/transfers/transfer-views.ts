/** Transfers as the outside sees them: lists, one, its files and its attempts. */
import {
  type Attempt,
  type AttemptQuery,
  type AttemptSummary,
  type Transfer,
  type TransferFile,
  type TransferFileQuery,
  type TransferQuery,
  attempt,
  attemptSummary,
  transferState,
} from '@waybill/contracts/transfers.js';
import { routeSnapshot } from '@waybill/contracts/routes.js';
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import { whoHasToAct } from '@waybill/contracts/who-acts.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import { summariesOf } from '../overview/summaries.js';
import { type Place, beforeCreation, readCursor, rowsToTake, toPage, unreadable } from '../paging.js';
import { Problem, fieldProblem } from '../problem.js';
import { readAverageRate } from './average-rate.js';
import { failedSide, isLocalSide, readFailedEnds } from './failed-side.js';
import { findAhead } from './line.js';
import { whatNeedsAttention } from './needs-attention.js';
import { searchTransfers } from './search-transfers.js';

/** Resends of one transfer that its page lists. */
const MAX_RESENDS = 50;
/** The largest that the column holds. */
const MAX_POSITION = 2 ** 31 - 1;

/** Transfers, newest first. */
export async function listTransfers(tx: Tx, query: TransferQuery) {
  const take = rowsToTake(query);
  const where = { AND: [beforeCreation('transfers', query), await filtersOf(tx, query)] };
  const rows = await summariesOf(tx, {
    where: query.search
      ? { id: { in: await searchTransfers(tx, { text: query.search, where, take }) } }
      : where,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take,
  });
  return toPage(rows, query, {
    list: 'transfers',
    item: (row) => row,
    place: (row) => ({ at: row.createdAt, id: row.id }),
  });
}

async function filtersOf(tx: Tx, query: TransferQuery): Promise<Prisma.TransferWhereInput> {
  return {
    AND: [
      query.state === undefined ? {} : { state: { in: parseStates(query.state) } },
      query.routeId === undefined ? {} : { routeId: query.routeId },
      query.partnerId === undefined ? {} : { routeId: { in: await routesWhere(tx, query.partnerId) } },
      query.needsAttention === undefined ? {} : { OR: whatNeedsAttention(new Date()) },
      query.scheduleId === undefined ? {} : { scheduleId: query.scheduleId },
      query.cause === undefined ? {} : { cause: query.cause },
      query.from === undefined ? {} : { createdAt: { gte: new Date(query.from) } },
      query.to === undefined ? {} : { createdAt: { lt: new Date(query.to) } },
      query.finishedFrom === undefined ? {} : { finishedAt: { gte: new Date(query.finishedFrom) } },
    ],
  };
}

function parseStates(text: string) {
  const states = text.split(',').map((one) => transferState.safeParse(one));
  const known = states.flatMap((state) => (state.success ? [state.data] : []));
  if (known.length === states.length) return known;
  throw fieldProblem('state', `knows only ${transferState.options.join(', ')}`);
}

/** Ids of routes are few and looked up first, so that the history is read by its index on route and time. */
async function routesWhere(tx: Tx, partnerId: string): Promise<string[]> {
  const routes = await tx.route.findMany({ where: { partnerId }, select: { id: true } });
  return routes.map((route) => route.id);
}

export async function getTransfer(tx: Tx, id: string): Promise<Transfer> {
  const [summary] = await summariesOf(tx, { where: { id }, take: 1 });
  if (summary === undefined) throw transferNotFound();
  const row = await tx.transfer.findUniqueOrThrow({
    where: { id },
    select: {
      routeSnapshot: true,
      scheduleId: true,
      dueAt: true,
      resendOfId: true,
      resendFiles: true,
      settledBy: { select: OTHER },
      resends: {
        select: OTHER,
        orderBy: { createdAt: 'desc' },
        take: MAX_RESENDS,
      },
    },
  });
  const failedEnd = (await readFailedEnds(tx, [id])).get(id) ?? null;
  const groups = await tx.transferFile.groupBy({ by: ['state'], where: { transferId: id }, _count: true });
  return {
    ...summary,
    failedEnd,
    whoActs: whoHasToAct(summary.failureKind, { isLocal: failedEnd?.isLocal ?? false }),
    snapshot: routeSnapshot.parse(row.routeSnapshot),
    scheduleId: row.scheduleId,
    dueAt: row.dueAt?.toISOString() ?? null,
    resendOfId: row.resendOfId,
    resendFiles: row.resendFiles,
    resends: row.resends.map(toOther),
    settledBy: row.settledBy && toOther(row.settledBy),
    waitsFor: summary.state === 'queued' ? await findAhead(tx, id) : null,
    bytesPerSecond: summary.finishedAt === null ? null : await readAverageRate(tx, id),
    fileStates: Object.fromEntries(groups.map((group) => [group.state, group._count])),
  };
}

const OTHER = { id: true, state: true, createdAt: true } as const;
const toOther = <Other extends { createdAt: Date }>(one: Other) => ({
  ...one,
  createdAt: one.createdAt.toISOString(),
});

/** The files of one transfer, in the order in which they are moved. */
export async function listTransferFiles(tx: Tx, id: string, query: TransferFileQuery) {
  await requireTransfer(tx, id);
  const list = `files of ${id}`;
  const after = positionOf(readCursor(list, query));
  const rows = await tx.transferFile.findMany({
    where: {
      transferId: id,
      ...(after !== null && { position: { gt: after } }),
      ...(query.state !== undefined && { state: query.state }),
    },
    orderBy: { position: 'asc' },
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list,
    item: (row): TransferFile => ({
      id: row.id,
      position: row.position,
      name: row.name,
      sourcePath: row.sourcePath,
      targetPath: row.targetPath,
      state: row.state,
      skipReason: row.skipReason,
      sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
      movedBytes: Number(row.movedBytes),
      modifiedAt: row.modifiedAt?.toISOString() ?? null,
      // Before delivery it is what would have arrived, not what has.
      sha256: row.state === 'delivered' ? row.sha256 : null,
      verification: row.verification,
      verificationAlgorithm: row.verificationAlgorithm,
      attemptCount: row.attemptCount,
      failureKind: row.failureKind,
      failureText: row.failureText,
      deliveredAt: row.deliveredAt?.toISOString() ?? null,
      afterActionAt: row.afterActionAt?.toISOString() ?? null,
    }),
    place: (row) => ({ at: String(row.position), id: row.id }),
  });
}

function positionOf(place: Place | null): number | null {
  if (place === null) return null;
  if (!/^\d{1,10}$/.test(place.at) || Number(place.at) > MAX_POSITION) throw unreadable();
  return Number(place.at);
}

/** The attempts of one transfer, newest first, with all that was recorded but the dialogues. */
export async function listAttempts(tx: Tx, id: string, query: AttemptQuery) {
  await requireTransfer(tx, id);
  const list = `attempts of ${id}`;
  const rows = await tx.attempt.findMany({
    where: {
      AND: [
        { transferId: id, ...(query.fileId !== undefined && { transferFileId: query.fileId }) },
        beforeStart(list, query),
      ],
    },
    omit: { dialogue: true },
    include: withFileName,
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list,
    item: toAttemptSummary,
    place: (row) => ({ at: row.startedAt.toISOString(), id: row.id }),
  });
}

/** One attempt of a transfer, with its dialogue. */
export async function getAttempt(tx: Tx, id: string, attemptId: string): Promise<Attempt> {
  const row = await tx.attempt.findUnique({
    where: { id: attemptId, transferId: id },
    include: withFileName,
  });
  if (row === null) throw new Problem('not_found', 'There is no attempt with that id in this transfer.');
  return { ...toAttemptSummary(row), dialogue: attempt.shape.dialogue.parse(row.dialogue) };
}

const withFileName = { transferFile: { select: { name: true } } } as const;
type AttemptRow = Omit<Prisma.AttemptGetPayload<{ include: typeof withFileName }>, 'dialogue'>;

function toAttemptSummary(row: AttemptRow): AttemptSummary {
  const { timeline, connections } = attemptSummary.shape;
  const steps = timeline.parse(row.timeline);
  const resumedFrom = row.resumedFromBytes === null ? null : Number(row.resumedFromBytes);
  const tried = {
    failureKind: row.failureKind,
    timeline: steps,
    connections: connections.parse(row.connections),
  };
  return {
    id: row.id,
    fileId: row.transferFileId,
    fileName: row.transferFile?.name ?? null,
    tryNumber: row.tryNumber,
    workerId: row.workerId,
    outcome: row.outcome,
    bytes: Number(row.bytes),
    resumedFromBytes: resumedFrom,
    bytesPerSecond: rateOf(Number(row.bytes) - (resumedFrom ?? 0), steps),
    sha256: row.sha256,
    verification: row.verification,
    verificationAlgorithm: row.verificationAlgorithm,
    confirmationLost: row.confirmationLost,
    durationMs: row.durationMs,
    failureKind: row.failureKind,
    failureText: row.failureText,
    failureStep: row.failureStep,
    whoActs: whoHasToAct(row.failureKind, { isLocal: isLocalSide(tried, failedSide(tried)) }),
    timeline: steps,
    connections: tried.connections,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

function beforeStart(list: string, query: AttemptQuery): Prisma.AttemptWhereInput {
  const { OR: before } = beforeCreation(list, query);
  if (before === undefined) return {};
  return { OR: before.map(({ createdAt, ...rest }) => ({ ...rest, startedAt: createdAt })) };
}

/** Over the time in which bytes moved, which is only a part of the attempt. */
function rateOf(bytes: number, steps: TimelineStep[]): number | null {
  const ms = Math.max(0, ...steps.filter((one) => one.step === 'transfer').map((one) => one.durationMs));
  return ms === 0 || bytes === 0 ? null : Math.round((bytes * 1000) / ms);
}

async function requireTransfer(tx: Tx, id: string): Promise<void> {
  if ((await tx.transfer.findUnique({ where: { id }, select: { id: true } })) === null)
    throw transferNotFound();
}

function transferNotFound(): Problem {
  return new Problem('not_found', 'There is no transfer with that id.');
}
