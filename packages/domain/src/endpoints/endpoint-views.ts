/** Reading endpoints: one, or a page of them, each with what a list shows, in a fixed number of queries. */
import type { Endpoint, EndpointQuery, TlsVersion } from '@waybill/contracts/endpoints.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { PasswordBinding } from '@waybill/vault/binding.js';
import { afterName, rowsToTake, toPage } from '../paging.js';
import { Problem } from '../problem.js';
import { containing } from '../search.js';
import { isFor } from '../trust/seals.js';
import { DEVIATING, inForceAt, standingOf } from './deviations.js';
import { bindingOf, proxyBindingOf, withTrust } from './endpoint-binding.js';
import { settingsOf } from './endpoint-settings.js';

const seals = { select: { bindingHash: true } };
/** With the exceptions that are in force now. */
const forView = () =>
  ({
    ...withTrust,
    partner: { select: { id: true, name: true } },
    credential: { select: { id: true, name: true, username: true, rotatedAt: true, seals } },
    clientCertificate: { select: { id: true, name: true } },
    proxyCredential: { select: { id: true, name: true, username: true, rotatedAt: true, seals } },
    exceptions: inForceAt(new Date()),
    _count: { select: { sourceOf: true, targetOf: true } },
  }) as const satisfies Prisma.EndpointInclude;
type EndpointRow = Prisma.EndpointGetPayload<{ include: ReturnType<typeof forView> }>;

export function endpointNotFound(): Problem {
  return new Problem('not_found', 'There is no endpoint with that id.');
}

export async function getEndpoint(tx: Tx, id: string): Promise<Endpoint> {
  const row = await tx.endpoint.findUnique({ where: { id }, include: forView() });
  if (row === null) throw endpointNotFound();
  return toEndpoint(row, await newestTests(tx, [id]));
}

/** Endpoints by name, A to Z. */
export async function listEndpoints(tx: Tx, query: EndpointQuery) {
  const rows = await tx.endpoint.findMany({
    where: {
      AND: [
        afterName('endpoints', query),
        query.search
          ? {
              OR: [{ name: containing(query.search) }, { host: containing(query.search) }],
            }
          : {},
        query.partnerId ? { partnerId: query.partnerId } : {},
        query.protocol ? { protocol: query.protocol } : {},
        query.held ? { heldAt: query.held === 'true' ? { not: null } : null } : {},
        query.deviating ? DEVIATING : {},
      ],
    },
    include: forView(),
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: rowsToTake(query),
  });
  const tests = await newestTests(
    tx,
    rows.map((row) => row.id),
  );
  return toPage(rows, query, {
    list: 'endpoints',
    item: (row) => toEndpoint(row, tests),
    place: (row) => ({ at: row.name, id: row.id }),
  });
}

interface NewestTest {
  endpointId: string;
  id: string;
  state: string;
  createdAt: Date;
  finishedAt: Date | null;
}

async function newestTests(tx: Tx, endpointIds: string[]): Promise<Map<string, NewestTest>> {
  const rows = await tx.$queryRaw<NewestTest[]>`
    SELECT endpoint.id AS "endpointId", newest.id, newest.state::text AS state, newest.created_at AS "createdAt",
      newest.finished_at AS "finishedAt"
    FROM unnest(${endpointIds}::uuid[]) AS endpoint (id)
    CROSS JOIN LATERAL (
      SELECT id, state, created_at, finished_at FROM endpoint_test
      WHERE endpoint_test.endpoint_id = endpoint.id ORDER BY created_at DESC, id DESC LIMIT 1
    ) newest`;
  return new Map(rows.map((row) => [row.endpointId, row]));
}

/** A positive list of what leaves. */
function toEndpoint(row: EndpointRow, tests: Map<string, NewestTest>): Endpoint {
  const isServer = row.protocol !== 'local_folder';
  const test = tests.get(row.id);
  return {
    id: row.id,
    name: row.name,
    partner: row.partner,
    protocol: row.protocol,
    host: row.host,
    port: row.port,
    rootName: row.rootName,
    basePath: row.basePath,
    trust: isServer
      ? {
          mode: row.trustMode,
          certificateIds: row.trustedCertificates.map(({ certificate }) => certificate.id),
          serverName: row.serverName,
        }
      : null,
    tlsMinVersion: isServer ? tlsVersionFromRow(row.tlsMinVersion) : null,
    credential: row.credential && toLogin(row.credential),
    hasPassword: isSealed(row.credential, bindingOf(row)),
    clientCertificate: row.clientCertificate,
    proxyCredential: row.proxyCredential && toLogin(row.proxyCredential),
    hasProxyPassword: isSealed(row.proxyCredential, proxyBindingOf(row)),
    connectTimeoutMs: row.connectTimeoutMs,
    idleTimeoutMs: row.idleTimeoutMs,
    settings: isServer ? settingsOf(row) : null,
    deviations: standingOf(row),
    heldAt: row.heldAt?.toISOString() ?? null,
    heldReason: row.heldReason,
    heldKind: row.heldKind,
    routeCount: row._count.sourceOf + row._count.targetOf,
    lastTest: test
      ? {
          id: test.id,
          state: test.state,
          finishedAt: test.finishedAt?.toISOString() ?? null,
          isOutdated: [row.updatedAt, row.credential?.rotatedAt, row.proxyCredential?.rotatedAt].some(
            (changedAt) => changedAt !== undefined && changedAt > test.createdAt,
          ),
        }
      : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

type LoginRow = NonNullable<EndpointRow['credential']>;

function toLogin({ id, name, username }: LoginRow) {
  return { id, name, username };
}

function isSealed(login: LoginRow | null, binding: PasswordBinding | null): boolean {
  return binding !== null && (login?.seals.some((seal) => isFor(seal.bindingHash, binding)) ?? false);
}

/** The database client names enum values by identifiers, without the dot. */
export function tlsVersionFromRow(version: 'TLSv1_2' | 'TLSv1_3'): TlsVersion {
  return version === 'TLSv1_3' ? 'TLSv1.3' : 'TLSv1.2';
}

export function tlsVersionToRow(version: TlsVersion): 'TLSv1_2' | 'TLSv1_3' {
  return version === 'TLSv1.3' ? 'TLSv1_3' : 'TLSv1_2';
}
