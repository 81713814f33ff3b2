/**
 * Credentials: user names with sealed passwords. One credential serves many endpoints; its password is sealed for
 * each server apart and never leaves.
 */
import type {
  Credential,
  CredentialCreate,
  CredentialQuery,
  CredentialUpdate,
} from '@waybill/contracts/credentials.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { changesBetween, valuesOf } from '../audit/changes.js';
import { writing } from '../database-problem.js';
import { nameList } from '../name-list.js';
import { newId } from '../new-id.js';
import { afterName, rowsToTake, toPage } from '../paging.js';
import { requirePartner } from '../partners/require-partner.js';
import { Problem, fieldProblem } from '../problem.js';
import { containing } from '../search.js';
import { hostsOf, readBinding, setPassword } from './seals.js';
import { resolveTrust } from './trust-policy.js';

const AUDITED = ['name', 'partnerId', 'username'] as const;

const withUse = {
  seals: { select: { binding: true } },
  _count: { select: { endpoints: true, proxiedEndpoints: true } },
} as const;

export async function createCredential(
  tx: Tx,
  actor: Actor,
  input: CredentialCreate,
  seal: Seal,
): Promise<Credential> {
  const trust = await resolveTrust(tx, input.sealFor.trust, 'sealFor.trust');
  const credentialId = await insertCredential(tx, actor, input);
  const binding = {
    credentialId,
    host: input.sealFor.host,
    serverName: trust.serverName,
    trustMode: trust.mode,
    trustAnchors: trust.anchors,
  };
  await setPassword(tx, actor, { credentialId, password: input.password, binding }, seal);
  return getCredential(tx, credentialId);
}

export type NewCredential = Pick<CredentialCreate, 'name' | 'partnerId' | 'username'>;

/** The row without a password yet, and its event; the id of it. */
export async function insertCredential(tx: Tx, actor: Actor, input: NewCredential): Promise<string> {
  await requirePartner(tx, input.partnerId);
  const row = await writing('A credential', () =>
    tx.credential.create({
      data: {
        id: newId(),
        name: input.name,
        partnerId: input.partnerId ?? null,
        username: input.username,
        rotatedAt: new Date(),
      },
    }),
  );
  await appendEvent(tx, actor, {
    action: 'credential.created',
    object: { kind: 'credential', id: row.id, name: row.name },
    partnerId: row.partnerId,
    details: { values: valuesOf(row, AUDITED) },
  });
  return row.id;
}

/** A new password is sealed for every server that the old one was sealed for. */
export async function updateCredential(
  tx: Tx,
  actor: Actor,
  input: { id: string; change: CredentialUpdate },
  seal: Seal,
): Promise<Credential> {
  const { password, ...fields } = input.change;
  await changeCredential(tx, actor, { id: input.id, change: fields });
  if (password !== undefined) {
    const seals = await tx.credentialSeal.count({ where: { credentialId: input.id } });
    if (seals === 0)
      throw fieldProblem('password', 'no server uses this credential; enter the password at the endpoint');
    await setPassword(tx, actor, { credentialId: input.id, password }, seal);
  }
  return getCredential(tx, input.id);
}

/** Changes the name or the user name, with its event. */
export async function changeCredential(
  tx: Tx,
  actor: Actor,
  input: { id: string; change: Omit<CredentialUpdate, 'password'> },
): Promise<void> {
  // One change at a time: what the log calls "before" is what this change found.
  await tx.$queryRaw`SELECT 1 FROM credential WHERE id = ${input.id}::uuid FOR NO KEY UPDATE`;
  const before = await tx.credential.findUnique({ where: { id: input.id } });
  if (before === null) throw credentialNotFound();
  const after = await writing('A credential', () =>
    tx.credential.update({ where: { id: input.id }, data: input.change }),
  );
  const changes = changesBetween(before, after, AUDITED);
  if (Object.keys(changes).length > 0)
    await appendEvent(tx, actor, {
      action: 'credential.updated',
      object: { kind: 'credential', id: after.id, name: after.name },
      partnerId: after.partnerId,
      details: { changes },
    });
}

/** @throws Problem `in_use` while an endpoint signs in with it */
export async function deleteCredential(tx: Tx, actor: Actor, input: { id: string }): Promise<void> {
  const row = await tx.credential.findUnique({
    where: { id: input.id },
    include: { endpoints: { select: { name: true } }, proxiedEndpoints: { select: { name: true } } },
  });
  if (row === null) throw credentialNotFound();
  const users = new Set([...row.endpoints, ...row.proxiedEndpoints].map(({ name }) => name));
  if (users.size > 0)
    throw new Problem(
      'in_use',
      `${row.name} is the credential of ${nameList([...users].sort())}. Give them another one, or delete them first.`,
    );
  const gone = await writing('The credential', () => tx.credential.delete({ where: { id: input.id } }));
  await appendEvent(tx, actor, {
    action: 'credential.deleted',
    object: { kind: 'credential', id: gone.id, name: gone.name },
    partnerId: gone.partnerId,
    details: { values: valuesOf(gone, AUDITED) },
  });
}

export async function getCredential(tx: Tx, id: string): Promise<Credential> {
  const row = await tx.credential.findUnique({ where: { id }, include: withUse });
  if (row === null) throw credentialNotFound();
  return toCredential(row);
}

/** Credentials by name, A to Z. */
export async function listCredentials(tx: Tx, query: CredentialQuery) {
  const rows = await tx.credential.findMany({
    where: {
      AND: [
        afterName('credentials', query),
        query.search
          ? {
              OR: [{ name: containing(query.search) }, { username: containing(query.search) }],
            }
          : {},
        query.partnerId ? { partnerId: query.partnerId } : {},
      ],
    },
    include: withUse,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list: 'credentials',
    item: toCredential,
    place: (row) => ({ at: row.name, id: row.id }),
  });
}

function credentialNotFound(): Problem {
  return new Problem('not_found', 'There is no credential with that id.');
}

interface CredentialRow {
  id: string;
  name: string;
  partnerId: string | null;
  username: string;
  rotatedAt: Date;
  createdAt: Date;
  seals: { binding: unknown }[];
  _count: { endpoints: number; proxiedEndpoints: number };
}

/** A positive list of what leaves. */
function toCredential(row: CredentialRow): Credential {
  return {
    id: row.id,
    name: row.name,
    partnerId: row.partnerId,
    username: row.username,
    hasPassword: row.seals.length > 0,
    sealedFor: hostsOf(row.seals.map((seal) => readBinding(seal.binding))),
    endpointCount: row._count.endpoints + row._count.proxiedEndpoints,
    rotatedAt: row.rotatedAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  };
}
