/** Partners: the organisations that we exchange files with. */
import { countOf } from '@waybill/contracts/count-of.js';
import type { Partner, PartnerCreate, PartnerQuery, PartnerUpdate } from '@waybill/contracts/partners.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { changesBetween, valuesOf } from '../audit/changes.js';
import { writing } from '../database-problem.js';
import { newId } from '../new-id.js';
import { afterName, rowsToTake, toPage } from '../paging.js';
import { Problem } from '../problem.js';
import { requireVersion } from '../require-version.js';
import { containing } from '../search.js';

const AUDITED = ['name', 'description', 'contactName', 'contactEmail', 'tags'] as const;

const withCounts = { _count: { select: { endpoints: true, routes: true } } };

export async function createPartner(tx: Tx, actor: Actor, input: PartnerCreate): Promise<Partner> {
  const row = await writing('A partner', () => tx.partner.create({ data: { id: newId(), ...input } }));
  await appendEvent(tx, actor, {
    action: 'partner.created',
    object: { kind: 'partner', id: row.id, name: row.name },
    partnerId: row.id,
    details: { values: valuesOf(row, AUDITED) },
  });
  return getPartner(tx, row.id);
}

export async function updatePartner(
  tx: Tx,
  actor: Actor,
  input: { id: string; change: PartnerUpdate; version?: string | undefined },
) {
  // One change at a time: what the log calls "before" is what this change found.
  await tx.$queryRaw`SELECT 1 FROM partner WHERE id = ${input.id}::uuid FOR NO KEY UPDATE`;
  const before = await tx.partner.findUnique({ where: { id: input.id } });
  if (before === null) throw partnerNotFound();
  requireVersion(before, input.version);
  const after = await writing('A partner', () =>
    tx.partner.update({ where: { id: input.id }, data: input.change }),
  );
  const changes = changesBetween(before, after, AUDITED);
  if (Object.keys(changes).length > 0)
    await appendEvent(tx, actor, {
      action: 'partner.updated',
      object: { kind: 'partner', id: after.id, name: after.name },
      partnerId: after.id,
      details: { changes },
    });
  return getPartner(tx, input.id);
}

/** @throws Problem `in_use` while endpoints, routes, credentials or certificates belong to the partner */
export async function deletePartner(
  tx: Tx,
  actor: Actor,
  input: { id: string; version?: string | undefined },
): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM partner WHERE id = ${input.id}::uuid FOR UPDATE`;
  const row = await tx.partner.findUnique({
    where: { id: input.id },
    include: { _count: { select: { endpoints: true, routes: true, credentials: true, certificates: true } } },
  });
  if (row === null) throw partnerNotFound();
  requireVersion(row, input.version);
  const owned = Object.entries(row._count).filter(([, count]) => count > 0);
  if (owned.length > 0)
    throw new Problem(
      'in_use',
      `${row.name} still has ${owned.map(([nouns, count]) => countOf(count, nouns.slice(0, -1))).join(', ')}. Delete or move them first.`,
    );
  const gone = await writing('The partner', () => tx.partner.delete({ where: { id: input.id } }));
  await appendEvent(tx, actor, {
    action: 'partner.deleted',
    object: { kind: 'partner', id: gone.id, name: gone.name },
    partnerId: gone.id,
    details: { values: valuesOf(gone, AUDITED) },
  });
}

export async function getPartner(tx: Tx, id: string): Promise<Partner> {
  const row = await tx.partner.findUnique({ where: { id }, include: withCounts });
  if (row === null) throw partnerNotFound();
  return toPartner(row, await newestTransfers(tx, [id]));
}

/** Partners by name, A to Z. */
export async function listPartners(tx: Tx, query: PartnerQuery) {
  const rows = await tx.partner.findMany({
    where: {
      AND: [
        afterName('partners', query),
        query.search ? { name: containing(query.search) } : {},
        query.tag ? { tags: { has: query.tag } } : {},
      ],
    },
    include: withCounts,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: rowsToTake(query),
  });
  const newest = await newestTransfers(
    tx,
    rows.map((row) => row.id),
  );
  return toPage(rows, query, {
    list: 'partners',
    item: (row) => toPartner(row, newest),
    place: (row) => ({ at: row.name, id: row.id }),
  });
}

function partnerNotFound(): Problem {
  return new Problem('not_found', 'There is no partner with that id.');
}

interface PartnerRow {
  id: string;
  name: string;
  description: string;
  contactName: string;
  contactEmail: string;
  tags: string[];
  createdAt: Date;
  updatedAt: Date;
  _count: { endpoints: number; routes: number };
}

interface NewestTransfer {
  partnerId: string;
  id: string;
  state: string;
  createdAt: Date;
}

/** The newest transfer of each partner: one index look-up a route, whatever the size of the history. */
async function newestTransfers(tx: Tx, partnerIds: string[]): Promise<Map<string, NewestTransfer>> {
  const rows = await tx.$queryRaw<NewestTransfer[]>`
    SELECT DISTINCT ON (route.partner_id)
      route.partner_id AS "partnerId", newest.id, newest.state::text AS state, newest.created_at AS "createdAt"
    FROM route
    CROSS JOIN LATERAL (
      SELECT id, state, created_at FROM transfer
      WHERE transfer.route_id = route.id ORDER BY created_at DESC LIMIT 1
    ) newest
    WHERE route.partner_id = ANY (${partnerIds}::uuid[])
    ORDER BY route.partner_id, newest.created_at DESC`;
  return new Map(rows.map((row) => [row.partnerId, row]));
}

/** A positive list of what leaves. */
function toPartner(row: PartnerRow, transfers: Map<string, NewestTransfer>): Partner {
  const newest = transfers.get(row.id);
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    contactName: row.contactName,
    contactEmail: row.contactEmail,
    tags: row.tags,
    endpointCount: row._count.endpoints,
    routeCount: row._count.routes,
    lastTransfer: newest
      ? { id: newest.id, state: newest.state, createdAt: newest.createdAt.toISOString() }
      : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
