/** Ranges that outgoing connections may reach although they are loopback, link-local or private. */
import type { NetworkAllow, NetworkAllowCreate } from '@waybill/contracts/network.js';
import type { PageQuery } from '@waybill/contracts/paging.js';
import type { NetworkAllow as NetworkAllowRow } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { valuesOf } from '../audit/changes.js';
import { newId } from '../new-id.js';
import { beforeCreation, rowsToTake, toPage } from '../paging.js';
import { Problem, fieldProblem } from '../problem.js';

const AUDITED = ['cidr', 'fromPort', 'toPort', 'note'] as const;
/** The widest range that can be permitted: what is private is no wider (10.0.0.0/8, fc00::/7). */
const WIDEST = { ipv4: 8, ipv6: 7 };

/** @throws Problem `invalid_input` for a range that would permit everything, `name_taken` for one that is there */
export async function createNetworkAllow(
  tx: Tx,
  actor: Actor,
  input: NetworkAllowCreate,
): Promise<NetworkAllow> {
  const prefix = Number(input.cidr.split('/')[1]);
  const widest = input.cidr.includes(':') ? WIDEST.ipv6 : WIDEST.ipv4;
  if (prefix < widest)
    throw fieldProblem('cidr', `is too wide: /${widest} is the widest that can be permitted`);
  const id = newId();
  const { count } = await tx.networkAllow.createMany({ data: [{ id, ...input }], skipDuplicates: true });
  if (count === 0)
    throw new Problem('name_taken', 'That range with those ports is on the list already.', {
      errors: [{ path: 'cidr', message: 'is on the list already' }],
    });
  const row = await tx.networkAllow.findUniqueOrThrow({ where: { id } });
  await appendEvent(tx, actor, {
    action: 'network_allow.created',
    object: objectOf(row),
    details: { values: valuesOf(row, AUDITED) },
  });
  return toNetworkAllow(row);
}

export async function deleteNetworkAllow(tx: Tx, actor: Actor, input: { id: string }): Promise<void> {
  const row = await tx.networkAllow.findUnique({ where: { id: input.id } });
  // Of two at once, one deletes it.
  const { count } = await tx.networkAllow.deleteMany({ where: { id: input.id } });
  if (row === null || count === 0)
    throw new Problem('not_found', 'There is no permitted range with that id.');
  await appendEvent(tx, actor, {
    action: 'network_allow.deleted',
    object: objectOf(row),
    details: { values: valuesOf(row, AUDITED) },
  });
}

/** Permitted ranges, newest first. */
export async function listNetworkAllows(tx: Tx, query: PageQuery) {
  const rows = await tx.networkAllow.findMany({
    where: beforeCreation('network-allow', query),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list: 'network-allow',
    item: toNetworkAllow,
    place: (row) => ({ at: row.createdAt.toISOString(), id: row.id }),
  });
}

function objectOf(row: NetworkAllowRow) {
  const ports = row.fromPort === row.toPort ? String(row.fromPort) : `${row.fromPort}-${row.toPort}`;
  return { kind: 'network_allow', id: row.id, name: `${row.cidr} port ${ports}` };
}

function toNetworkAllow(row: NetworkAllowRow): NetworkAllow {
  return {
    id: row.id,
    cidr: row.cidr,
    fromPort: row.fromPort,
    toPort: row.toPort,
    note: row.note,
    createdAt: row.createdAt.toISOString(),
  };
}
