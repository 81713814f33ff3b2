/** Routes: what moves from where to where, and what happens to the source afterwards. */
import { tidyPath } from '@waybill/contracts/paths.js';
import type { Route, RouteCreate, RouteUpdate } from '@waybill/contracts/routes.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent, appendEvents } from '../audit/append-event.js';
import { changesBetween, valuesOf } from '../audit/changes.js';
import { writing } from '../database-problem.js';
import { newId } from '../new-id.js';
import { requirePartner } from '../partners/require-partner.js';
import { Problem, fieldProblem } from '../problem.js';
import { requireVersion } from '../require-version.js';
import { AUDITED_SCHEDULE } from '../schedules/schedules.js';
import { checkRoute } from './route-rules.js';
import { getRoute, routeNotFound } from './route-views.js';

const AUDITED = [
  'name',
  'partnerId',
  'source',
  'sourcePath',
  'filePattern',
  'target',
  'targetPath',
  'ifExists',
  'afterAction',
  'archivePath',
  'maxTries',
  'enabled',
] as const;

/** A route that names no partner belongs to the one of its ends, where there is exactly one. */
export async function createRoute(tx: Tx, actor: Actor, input: RouteCreate): Promise<Route> {
  await requirePartner(tx, input.partnerId);
  const ends = await findEnds(tx, input);
  const data = {
    ...input,
    sourcePath: tidyPath(input.sourcePath),
    filePattern: input.filePattern ?? '*',
    targetPath: tidyPath(input.targetPath),
    afterAction: input.afterAction ?? ('keep' as const),
    archivePath: tidyArchive(input.archivePath),
    partnerId: input.partnerId === undefined ? onlyPartner(ends) : input.partnerId,
  };
  checkRoute({ ...data, ...ends });
  const { id } = await writing('A route', () => tx.route.create({ data: { ...data, id: newId() } }));
  const row = await auditedRoute(tx, id);
  await appendEvent(tx, actor, {
    action: 'route.created',
    object: { kind: 'route', id, name: row.name },
    partnerId: row.partnerId,
    details: { values: valuesOf(row, AUDITED) },
  });
  return getRoute(tx, id);
}

/** A transfer that is under way goes on as the route was when it was asked for. */
export async function updateRoute(
  tx: Tx,
  actor: Actor,
  input: { id: string; change: RouteUpdate; version?: string | undefined },
): Promise<Route> {
  const { id, change } = input;
  await tx.$queryRaw`SELECT 1 FROM route WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  const before = await auditedRoute(tx, id);
  requireVersion(before, input.version);
  await requirePartner(tx, change.partnerId);
  const planned = {
    sourceEndpointId: change.sourceEndpointId ?? before.sourceEndpointId,
    sourcePath: tidyPath(change.sourcePath ?? before.sourcePath),
    filePattern: change.filePattern ?? before.filePattern,
    targetEndpointId: change.targetEndpointId ?? before.targetEndpointId,
    targetPath: tidyPath(change.targetPath ?? before.targetPath),
    afterAction: change.afterAction ?? before.afterAction,
    archivePath: plannedArchive(before, change),
  };
  checkRoute({ ...planned, ...(await findEnds(tx, planned)) });
  await writing('A route', () => tx.route.update({ where: { id }, data: { ...change, ...planned } }));
  const after = await auditedRoute(tx, id);
  const changes = changesBetween(before, after, AUDITED);
  if (Object.keys(changes).length > 0)
    await appendEvent(tx, actor, {
      action: 'route.updated',
      object: { kind: 'route', id, name: after.name },
      partnerId: after.partnerId,
      details: { changes },
    });
  return getRoute(tx, id);
}

/**
 * Its schedules go with it. A route with transfers stays, since they are on record under it.
 * @throws Problem `in_use`
 */
export async function deleteRoute(
  tx: Tx,
  actor: Actor,
  input: { id: string; version?: string | undefined },
): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM route WHERE id = ${input.id}::uuid FOR UPDATE`;
  const row = await auditedRoute(tx, input.id);
  requireVersion(row, input.version);
  const transfer = await tx.transfer.findFirst({ where: { routeId: input.id }, select: { id: true } });
  if (transfer !== null)
    throw new Problem('in_use', `${row.name} has transfers on record, which must stay. Disable it instead.`);
  const schedules = await tx.schedule.findMany({ where: { routeId: input.id } });
  await writing('The route', () => tx.route.delete({ where: { id: input.id } }));
  await appendEvents(tx, actor, [
    ...schedules.map((schedule) => ({
      action: 'schedule.deleted' as const,
      object: { kind: 'schedule', id: schedule.id, name: schedule.name },
      partnerId: row.partnerId,
      details: { values: valuesOf(schedule, AUDITED_SCHEDULE) },
    })),
    {
      action: 'route.deleted',
      object: { kind: 'route', id: row.id, name: row.name },
      partnerId: row.partnerId,
      details: { values: valuesOf(row, AUDITED) },
    },
  ]);
}

/** A route as the audit log shows it: its ends by name. */
async function auditedRoute(tx: Tx, id: string) {
  const row = await tx.route.findUnique({
    where: { id },
    include: { source: { select: { name: true } }, target: { select: { name: true } } },
  });
  if (row === null) throw routeNotFound();
  return { ...row, source: row.source.name, target: row.target.name };
}

/** @throws Problem `invalid_input` where an end does not exist */
async function findEnds(tx: Tx, ids: { sourceEndpointId: string; targetEndpointId: string }) {
  const rows = await tx.endpoint.findMany({
    where: { id: { in: [ids.sourceEndpointId, ids.targetEndpointId] } },
  });
  const find = (field: 'sourceEndpointId' | 'targetEndpointId') => {
    const row = rows.find((one) => one.id === ids[field]);
    if (row === undefined) throw fieldProblem(field, 'there is no endpoint with that id');
    return row;
  };
  return { source: find('sourceEndpointId'), target: find('targetEndpointId') };
}

interface Owned {
  partnerId: string | null;
}

function onlyPartner({ source, target }: { source: Owned; target: Owned }): string | null {
  const owners = new Set([source.partnerId, target.partnerId].filter((owner) => owner !== null));
  const [owner] = owners;
  return owners.size === 1 && owner !== undefined ? owner : null;
}

function tidyArchive(path: string | null | undefined): string | null {
  return path === null || path === undefined ? null : tidyPath(path);
}

/** The archive goes by itself when the source is not moved any more. */
function plannedArchive(before: { archivePath: string | null }, change: RouteUpdate): string | null {
  if (change.archivePath !== undefined) return tidyArchive(change.archivePath);
  return change.afterAction === undefined || change.afterAction === 'move' ? before.archivePath : null;
}
