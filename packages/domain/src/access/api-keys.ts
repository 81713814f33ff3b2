/** API keys: how people's programs come in. Shown once, kept as a hash, with a role, an end and a last use. */
import type { ApiKey, ApiKeyCreate, ApiKeyCreated } from '@waybill/contracts/access.js';
import type { PageQuery } from '@waybill/contracts/paging.js';
import { ROLE_PERMISSIONS } from '@waybill/contracts/permissions.js';
import type { ApiKey as ApiKeyRow } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { valuesOf } from '../audit/changes.js';
import { notifyAccess } from '../live/notify-live.js';
import { newId } from '../new-id.js';
import { beforeCreation, rowsToTake, toPage } from '../paging.js';
import { Problem, fieldProblem } from '../problem.js';
import { hashToken, newToken } from './token.js';

const AUDITED = ['name', 'role', 'prefix', 'expiresAt'] as const;
/** The last use is written at most this often. */
const TOUCH_AFTER_MS = 60_000;

/** Makes a key: `wbk_`, eight characters by which people tell keys apart, `_` and 256 random bits. */
export async function createApiKey(tx: Tx, actor: Actor, input: ApiKeyCreate): Promise<ApiKeyCreated> {
  const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
  if (expiresAt !== null && expiresAt.getTime() <= Date.now())
    throw fieldProblem('expiresAt', 'is in the past');
  const prefix = `wbk_${newToken()
    .replace(/[^a-zA-Z0-9]/g, '')
    .slice(0, 8)}`;
  const key = `${prefix}_${newToken()}`;
  const row = await tx.apiKey.create({
    data: { id: newId(), name: input.name, role: input.role, prefix, keyHash: hashToken(key), expiresAt },
  });
  await appendEvent(tx, actor, {
    action: 'api_key.created',
    object: { kind: 'api_key', id: row.id, name: row.name },
    details: { values: valuesOf(row, AUDITED) },
  });
  return { ...toApiKey(row), key };
}

/** Ends a key for good; one that has been revoked stays as it is. */
export async function revokeApiKey(tx: Tx, actor: Actor, input: { id: string }): Promise<ApiKey> {
  const { count } = await tx.apiKey.updateMany({
    where: { id: input.id, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  const row = await tx.apiKey.findUnique({ where: { id: input.id } });
  if (row === null) throw new Problem('not_found', 'There is no API key with that id.');
  if (count === 0) return toApiKey(row);
  await notifyAccess(tx, row.id);
  await appendEvent(tx, actor, {
    action: 'api_key.revoked',
    object: { kind: 'api_key', id: row.id, name: row.name },
    details: {},
  });
  return toApiKey(row);
}

/** API keys, newest first. */
export async function listApiKeys(tx: Tx, query: PageQuery) {
  const rows = await tx.apiKey.findMany({
    where: beforeCreation('api-keys', query),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list: 'api-keys',
    item: toApiKey,
    place: (row) => ({ at: row.createdAt.toISOString(), id: row.id }),
  });
}

export type KeyAnswer =
  | { kind: 'valid'; actor: Actor }
  /** A key of ours that has ended: worth an audit event. */
  | { kind: 'ended'; actor: Actor; reason: 'revoked' | 'expired' }
  | { kind: 'unknown' };

/** Who is behind a key. */
export async function findKeyActor(
  tx: Tx,
  key: string,
  request: { originIp: string | null; requestId: string },
): Promise<KeyAnswer> {
  if (!/^wbk_[A-Za-z0-9]{1,8}_[\w-]{43}$/.test(key)) return { kind: 'unknown' };
  const row = await tx.apiKey.findUnique({ where: { keyHash: hashToken(key) } });
  if (row === null) return { kind: 'unknown' };
  const now = Date.now();
  const actor: Actor = {
    kind: 'api_key',
    id: row.id,
    name: row.name,
    role: row.role,
    permissions: ROLE_PERMISSIONS[row.role],
    sessionId: null,
    ...request,
  };
  if (row.revokedAt !== null) return { kind: 'ended', actor, reason: 'revoked' };
  if (row.expiresAt !== null && row.expiresAt.getTime() <= now)
    return { kind: 'ended', actor, reason: 'expired' };
  if (row.lastUsedAt === null || now - row.lastUsedAt.getTime() >= TOUCH_AFTER_MS)
    await tx.apiKey.update({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  return { kind: 'valid', actor };
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    prefix: row.prefix,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
