/**
 * Exceptions: asked for by one person, approved by another, in force until they end. Only people take part: a key
 * could be in the hands of who asks.
 */
import {
  type Deviation,
  type Exception,
  type ExceptionQuery,
  type ExceptionRequest,
  type ExceptionState,
  MAX_EXCEPTION_DAYS,
  exception,
} from '@waybill/contracts/exceptions.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { endpointNotFound } from '../endpoints/endpoint-views.js';
import { newId } from '../new-id.js';
import { beforeCreation, rowsToTake, toPage } from '../paging.js';
import { Problem, fieldProblem } from '../problem.js';

const DAY_MS = 24 * 3600_000;
/** Of one endpoint, so that nobody fills the list. */
const MAX_OPEN = 10;

const forView = {
  endpoint: { select: { id: true, name: true, partnerId: true } },
} as const satisfies Prisma.EndpointExceptionInclude;
type ExceptionRow = Prisma.EndpointExceptionGetPayload<{ include: typeof forView }>;

/**
 * Events exception.requested
 * Errors not_found, invalid_input, forbidden for an API key
 */
export async function requestException(
  tx: Tx,
  actor: Actor,
  { endpointId, input }: { endpointId: string; input: ExceptionRequest },
): Promise<Exception> {
  await tx.$queryRaw`SELECT 1 FROM endpoint WHERE id = ${endpointId}::uuid FOR NO KEY UPDATE`;
  const endpoint = await tx.endpoint.findUnique({ where: { id: endpointId } });
  if (endpoint === null) throw endpointNotFound();
  if (endpoint.host === null)
    throw new Problem('unprocessable', `${endpoint.name} is a local folder, which needs no exception.`);
  const requester = requirePerson(actor);
  const now = new Date();
  const endsAt = new Date(input.endsAt);
  if (endsAt <= now) throw fieldProblem('endsAt', 'must be in the future');
  if (endsAt.getTime() > now.getTime() + MAX_EXCEPTION_DAYS * DAY_MS)
    throw fieldProblem('endsAt', `must be within ${MAX_EXCEPTION_DAYS} days; it can be asked for again then`);
  const open = await tx.endpointException.count({
    where: { endpointId, approvedAt: null, endedAt: null, endsAt: { gt: now } },
  });
  if (open >= MAX_OPEN)
    throw new Problem(
      'unprocessable',
      `${open} exceptions of ${endpoint.name} wait for approval already. End those that nobody needs.`,
    );
  const row = await tx.endpointException.create({
    data: {
      id: newId(),
      endpointId,
      host: endpoint.host,
      deviations: [...new Set(input.deviations)],
      justification: input.justification,
      requestedById: requester,
      requestedBy: actor.name,
      endsAt,
    },
    include: forView,
  });
  const { host, justification } = row;
  await appendEvent(tx, actor, {
    action: 'exception.requested',
    ...objectOf(row),
    details: {
      exceptionId: row.id,
      host,
      deviations: row.deviations,
      justification,
      endsAt: endsAt.toISOString(),
    },
  });
  return toException(row, now);
}

/**
 * Events exception.approved
 * Errors not_found, wrong_state, forbidden for an API key, and for who asked for it while somebody else could approve
 */
export async function approveException(tx: Tx, actor: Actor, input: { id: string }): Promise<Exception> {
  const before = await lockException(tx, input.id);
  const now = new Date();
  const state = stateOf(before, now);
  if (state !== 'requested') throw notNow(before, state);
  const selfApproved = requirePerson(actor) === before.requestedById;
  if (selfApproved && (await tx.user.count({ where: { role: 'administrator', disabledAt: null } })) > 1)
    throw new Problem(
      'forbidden',
      'Who asks for an exception cannot approve it. Ask another administrator to.',
    );
  const row = await tx.endpointException.update({
    where: { id: input.id },
    data: { approvedBy: actor.name, approvedAt: now, selfApproved },
    include: forView,
  });
  const { host, deviations, requestedBy } = row;
  await appendEvent(tx, actor, {
    action: 'exception.approved',
    ...objectOf(row),
    details: {
      exceptionId: row.id,
      host,
      deviations,
      requestedBy,
      selfApproved,
      endsAt: row.endsAt.toISOString(),
    },
  });
  return toException(row, now);
}

/**
 * Ends it before its time; one that nobody has approved yet is withdrawn or refused by this.
 * Events exception.ended
 * Errors not_found, wrong_state
 */
export async function endException(tx: Tx, actor: Actor, input: { id: string }): Promise<Exception> {
  const before = await lockException(tx, input.id);
  const now = new Date();
  const state = stateOf(before, now);
  if (state !== 'requested' && state !== 'in_force') throw notNow(before, state);
  const row = await tx.endpointException.update({
    where: { id: input.id },
    data: { endedBy: actor.name, endedAt: now },
    include: forView,
  });
  await appendEvent(tx, actor, {
    action: 'exception.ended',
    ...objectOf(row),
    details: {
      exceptionId: row.id,
      deviations: row.deviations,
      wasApproved: row.approvedAt !== null,
      endsAt: row.endsAt.toISOString(),
    },
  });
  return toException(row, now);
}

/** Exceptions, newest first. */
export async function listExceptions(tx: Tx, query: ExceptionQuery) {
  const now = new Date();
  const rows = await tx.endpointException.findMany({
    where: {
      AND: [
        beforeCreation('exceptions', query),
        query.endpointId ? { endpointId: query.endpointId } : {},
        query.state ? EXCEPTION_STATES[query.state](now) : {},
      ],
    },
    include: forView,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list: 'exceptions',
    item: (row) => toException(row, now),
    place: (row) => ({ at: row.createdAt.toISOString(), id: row.id }),
  });
}

/** As `stateOf` tells it. */
export const EXCEPTION_STATES: Record<ExceptionState, (now: Date) => Prisma.EndpointExceptionWhereInput> = {
  requested: (now) => ({ endedAt: null, endsAt: { gt: now }, approvedAt: null }),
  in_force: (now) => ({ endedAt: null, endsAt: { gt: now }, approvedAt: { not: null } }),
  expired: (now) => ({ endedAt: null, endsAt: { lte: now } }),
  ended: () => ({ endedAt: { not: null } }),
};

function stateOf(row: Pick<ExceptionRow, 'approvedAt' | 'endedAt' | 'endsAt'>, now: Date): ExceptionState {
  if (row.endedAt !== null) return 'ended';
  if (row.endsAt <= now) return 'expired';
  return row.approvedAt === null ? 'requested' : 'in_force';
}

/** One change at a time: of an approval and an end at once, the second sees the first. */
async function lockException(tx: Tx, id: string): Promise<ExceptionRow> {
  await tx.$queryRaw`SELECT 1 FROM endpoint_exception WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.endpointException.findUnique({ where: { id }, include: forView });
  if (row === null) throw new Problem('not_found', 'There is no exception with that id.');
  return row;
}

function notNow({ endpoint }: ExceptionRow, state: ExceptionState): Problem {
  const why: Record<ExceptionState, string> = {
    requested: 'waits for its approval',
    in_force: 'is approved already',
    expired: 'is past its end; ask for another one',
    ended: 'has been ended; ask for another one',
  };
  return new Problem('wrong_state', `This exception of ${endpoint.name} ${why[state]}.`);
}

/** The id of who acts. */
function requirePerson(actor: Actor): string {
  if (actor.kind === 'user' && actor.id !== null) return actor.id;
  throw new Problem(
    'forbidden',
    'Exceptions are asked for and approved by people, not by API keys. Sign in to do it.',
  );
}

function objectOf({ endpoint }: ExceptionRow) {
  return {
    object: { kind: 'endpoint', id: endpoint.id, name: endpoint.name },
    partnerId: endpoint.partnerId,
  };
}

/** A positive list of what leaves. */
function toException(row: ExceptionRow, now: Date): Exception {
  return {
    id: row.id,
    endpoint: { id: row.endpoint.id, name: row.endpoint.name },
    host: row.host,
    deviations: exception.shape.deviations.parse(row.deviations) satisfies Deviation[],
    justification: row.justification,
    state: stateOf(row, now),
    requestedBy: row.requestedBy,
    approvedBy: row.approvedBy,
    approvedAt: row.approvedAt?.toISOString() ?? null,
    selfApproved: row.selfApproved,
    endsAt: row.endsAt.toISOString(),
    endedBy: row.endedBy,
    endedAt: row.endedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
