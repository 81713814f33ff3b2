/**
 * The one way to start a transfer, whatever the cause: a person, a program, a schedule, a resend.
 *
 * In     the route, the cause and what belongs to it
 * Out    the transfer's id, and whether it is new: ring it after commit if so
 * Errors not_found, paused, wrong_state (route disabled; nothing to send again), held (route or endpoint),
 *        idempotency_conflict
 * Events transfer.requested
 */
import { createHash } from 'node:crypto';
import type { RouteSnapshot } from '@waybill/contracts/routes.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { newId } from '../new-id.js';
import { Problem } from '../problem.js';
import { refuseInPause } from '../settings/pause.js';
import { notifyTransfer } from './notify-transfer.js';
import { type Resend, findRouteToResend } from './resend-transfer.js';

export type TransferStartInput =
  | { cause: 'manual' | 'api'; routeId: string; idempotencyKey?: string | undefined }
  | { cause: 'schedule'; routeId: string; scheduleId: string; dueAt: Date }
  | (Resend & { cause: 'resend'; reason: string; idempotencyKey?: string | undefined });

export interface StartedTransfer {
  transferId: string;
  /** False where the same Idempotency-Key, or the same run of a schedule, has started it before. */
  isNew: boolean;
}

export async function startTransfer(
  tx: Tx,
  actor: Actor,
  input: TransferStartInput,
): Promise<StartedTransfer> {
  const idempotency = idempotencyOf(actor, input);
  if (idempotency !== null) {
    const earlier = await findEarlier(tx, idempotency);
    if (earlier !== null) return { transferId: earlier, isNew: false };
  }
  const routeId = input.cause === 'resend' ? await findRouteToResend(tx, input) : input.routeId;
  const route = await findStartableRoute(tx, routeId);
  const scheduled = input.cause === 'schedule' ? { scheduleId: input.scheduleId, dueAt: input.dueAt } : null;
  const resent =
    input.cause === 'resend' ? { resendOfId: input.resendOfId, resendFiles: input.resendFiles } : null;
  const transferId = newId();
  const { count } = await tx.transfer.createMany({
    data: {
      id: transferId,
      routeId: route.id,
      cause: input.cause,
      ...scheduled,
      ...resent,
      requestedBy: actor.name,
      routeSnapshot: route.snapshot,
    },
    // The same run of a schedule, already started: by another worker, or before a crash.
    skipDuplicates: true,
  });
  if (count === 0 && scheduled !== null) {
    const same = await tx.transfer.findUniqueOrThrow({
      where: { scheduleId_dueAt: scheduled },
      select: { id: true },
    });
    return { transferId: same.id, isNew: false };
  }
  if (idempotency !== null) await tx.idempotencyKey.create({ data: { ...idempotency, transferId } });
  await notifyTransfer(tx, transferId);
  await appendEvent(tx, actor, {
    action: 'transfer.requested',
    object: { kind: 'transfer', id: transferId, name: route.name },
    partnerId: route.partnerId,
    details: {
      cause: input.cause,
      route: route.name,
      scheduleId: scheduled?.scheduleId ?? null,
      dueAt: scheduled?.dueAt.toISOString() ?? null,
      resendOfId: resent?.resendOfId ?? null,
      resendFiles: resent?.resendFiles ?? null,
      reason: input.cause === 'resend' ? input.reason : null,
    },
  });
  return { transferId, isNew: true };
}

/** How long a key keeps its meaning. Whoever repeats a request later than this has a new one. */
const KEEP_KEY_MS = 30 * 86_400_000;

interface Idempotency {
  actorId: string;
  key: string;
  requestHash: Uint8Array<ArrayBuffer>;
}

function idempotencyOf(actor: Actor, input: TransferStartInput): Idempotency | null {
  if (input.cause === 'schedule') return null;
  if (input.idempotencyKey === undefined || actor.id === null) return null;
  const request =
    input.cause === 'resend'
      ? [input.cause, input.resendOfId, input.resendFiles, input.reason]
      : [input.routeId];
  const requestHash = new Uint8Array(createHash('sha256').update(JSON.stringify(request)).digest());
  return { actorId: actor.id, key: input.idempotencyKey, requestHash };
}

/**
 * The transfer that the same key has started before. Requests with one key go one after the other.
 * What the same caller's keys left behind long ago is cleared away first, so that none of it is found.
 */
async function findEarlier(tx: Tx, { actorId, key, requestHash }: Idempotency): Promise<string | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`idempotency ${actorId} ${key}`}, 0))`;
  await tx.idempotencyKey.deleteMany({
    where: { actorId, createdAt: { lt: new Date(Date.now() - KEEP_KEY_MS) } },
  });
  const row = await tx.idempotencyKey.findUnique({ where: { actorId_key: { actorId, key } } });
  if (row === null) return null;
  if (!Buffer.from(row.requestHash).equals(requestHash))
    throw new Problem(
      'idempotency_conflict',
      'This Idempotency-Key was sent with another request before. Use a new key for a new request.',
    );
  return row.transferId;
}

async function findStartableRoute(tx: Tx, routeId: string) {
  const end = { select: { id: true, name: true, heldAt: true, heldReason: true } };
  const route = await tx.route.findUnique({ where: { id: routeId }, include: { source: end, target: end } });
  if (route === null) throw new Problem('not_found', 'There is no route with that id.');
  await refuseInPause(tx);
  if (!route.enabled)
    throw new Problem('wrong_state', `The route ${route.name} is disabled. Enable it to start a transfer.`);
  const held = [
    { ...route, what: 'route' },
    { ...route.source, what: 'endpoint' },
    { ...route.target, what: 'endpoint' },
  ].find((one) => one.heldAt !== null);
  if (held !== undefined)
    throw new Problem(
      'held',
      `The ${held.what} ${held.name} is on hold: ${held.heldReason ?? 'no reason is recorded'} Put it right, then release it.`,
    );
  const snapshot: RouteSnapshot = {
    name: route.name,
    sourceEndpointId: route.source.id,
    sourceEndpointName: route.source.name,
    sourcePath: route.sourcePath,
    filePattern: route.filePattern,
    targetEndpointId: route.target.id,
    targetEndpointName: route.target.name,
    targetPath: route.targetPath,
    ifExists: route.ifExists,
    afterAction: route.afterAction,
    archivePath: route.archivePath,
    maxTries: route.maxTries,
  };
  return { id: route.id, name: route.name, partnerId: route.partnerId, snapshot };
}
