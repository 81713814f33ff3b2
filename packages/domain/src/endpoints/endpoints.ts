/** Endpoints: where files come from and go to; a partner's FTPS server, or a local folder of ours. */
import type { Changes } from '@waybill/contracts/audit-actions.js';
import type {
  Endpoint,
  EndpointCreate,
  EndpointProtocol,
  EndpointUpdate,
} from '@waybill/contracts/endpoints.js';
import { tidyPath } from '@waybill/contracts/paths.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { changesBetween, valuesOf } from '../audit/changes.js';
import { writing } from '../database-problem.js';
import { nameList } from '../name-list.js';
import { newId } from '../new-id.js';
import { requirePartner } from '../partners/require-partner.js';
import { Problem, fieldProblem } from '../problem.js';
import { requireVersion } from '../require-version.js';
import { bindingsOf, isSameBinding } from './endpoint-binding.js';
import { NO_SETTINGS, SETTING_NAMES, settingsOf } from './endpoint-settings.js';
import { endpointNotFound, getEndpoint, tlsVersionFromRow } from './endpoint-views.js';
import { recheckRoutes } from './recheck-routes.js';
import { changeServer, newServer } from './server-fields.js';
import { dropSealIfUnused } from './sign-in.js';

/** What the rules of endpoints need from outside. */
export interface EndpointMeans {
  seal: Seal;
  /** Names of the configured local roots. */
  localRoots: readonly string[];
}

/** What only a server has. */
const SERVER_FIELDS = [
  'protocol',
  'host',
  'port',
  'trust',
  'tlsMinVersion',
  'connectTimeoutMs',
  'idleTimeoutMs',
  'settings',
  'credentialId',
  'username',
  'password',
  'clientCertificateId',
  'proxyCredentialId',
  'proxyUsername',
  'proxyPassword',
] as const satisfies (keyof EndpointUpdate)[];

const AUDITED = [
  'name',
  'partnerId',
  'protocol',
  'host',
  'port',
  'serverName',
  'trustMode',
  'trustedCertificates',
  'tlsMinVersion',
  'credential',
  'clientCertificate',
  'proxyCredential',
  'rootName',
  'basePath',
  'connectTimeoutMs',
  'idleTimeoutMs',
  ...SETTING_NAMES,
] as const;

/** All that the log says of a password. */
const REPLACED = { before: null, after: 'replaced' };

/**
 * Events endpoint.created; credential.created and credential.password_set where a password comes along
 * Errors invalid_input, name_taken, password_needed
 */
export async function createEndpoint(
  tx: Tx,
  actor: Actor,
  input: EndpointCreate,
  means: EndpointMeans,
): Promise<Endpoint> {
  await requirePartner(tx, input.partnerId);
  const row = {
    id: newId(),
    name: input.name,
    partnerId: input.partnerId ?? null,
    basePath: tidyPath(input.basePath ?? '/'),
  };
  if (input.protocol === 'local_folder') {
    requireRoot(input.rootName, means);
    await insertEndpoint(tx, { ...row, protocol: input.protocol, rootName: input.rootName });
  } else {
    const server = await newServer(tx, actor, { row, input }, means.seal);
    await insertEndpoint(tx, { ...row, ...server });
  }
  const created = await auditedEndpoint(tx, row.id);
  await appendEvent(tx, actor, {
    action: 'endpoint.created',
    object: { kind: 'endpoint', id: created.id, name: created.name },
    partnerId: created.partnerId,
    details: { values: valuesOf(created, AUDITED) },
  });
  return getEndpoint(tx, row.id);
}

async function insertEndpoint(tx: Tx, data: Prisma.EndpointUncheckedCreateInput): Promise<void> {
  await writing('An endpoint', () => tx.endpoint.create({ data }));
}

/**
 * Another host, server name or trust, and no encryption any more, ask for the password again, unless the credential is
 * sealed for just that already. The port may change freely.
 *
 * Events endpoint.updated; credential.* where user name, password or server change
 * Errors not_found, invalid_input, name_taken, password_needed
 */
export async function updateEndpoint(
  tx: Tx,
  actor: Actor,
  input: { id: string; change: EndpointUpdate; version?: string | undefined },
  means: EndpointMeans,
): Promise<Endpoint> {
  const { id, change } = input;
  // One change at a time: two halves of a repointing must not pass as harmless each.
  await tx.$queryRaw`SELECT 1 FROM endpoint WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  const before = await auditedEndpoint(tx, id);
  requireVersion(before, input.version);
  refuseForeignFields(before.protocol, change);
  await requirePartner(tx, change.partnerId);
  if (change.rootName !== undefined) requireRoot(change.rootName, means);

  const server = before.protocol === 'local_folder' ? {} : await changeServer(tx, actor, input, means.seal);
  await writing('An endpoint', () =>
    tx.endpoint.update({
      where: { id },
      data: {
        name: change.name,
        partnerId: change.partnerId,
        basePath: change.basePath === undefined ? undefined : tidyPath(change.basePath),
        rootName: change.rootName,
        ...server,
      },
    }),
  );
  await recheckRoutes(tx, input);
  const after = await auditedEndpoint(tx, id);
  const kept = bindingsOf(after.row);
  for (const left of bindingsOf(before.row).filter(
    (one) => !kept.some((binding) => isSameBinding(binding, one)),
  ))
    await dropSealIfUnused(tx, actor, left);
  const changes: Changes = {
    ...changesBetween(before, after, AUDITED),
    ...(change.password !== undefined && { password: REPLACED }),
    ...(change.proxyPassword !== undefined && { proxyPassword: REPLACED }),
  };
  if (Object.keys(changes).length > 0)
    await appendEvent(tx, actor, {
      action: 'endpoint.updated',
      object: { kind: 'endpoint', id, name: after.name },
      partnerId: after.partnerId,
      details: { changes },
    });
  return getEndpoint(tx, id);
}

/** @throws Problem `in_use` while a route begins or ends there */
export async function deleteEndpoint(
  tx: Tx,
  actor: Actor,
  input: { id: string; version?: string | undefined },
): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM endpoint WHERE id = ${input.id}::uuid FOR UPDATE`;
  const row = await auditedEndpoint(tx, input.id);
  requireVersion(row, input.version);
  const routes = await tx.route.findMany({
    where: { OR: [{ sourceEndpointId: input.id }, { targetEndpointId: input.id }] },
    select: { name: true },
    orderBy: { name: 'asc' },
  });
  if (routes.length > 0)
    throw new Problem(
      'in_use',
      `${row.name} is an end of ${routes.length === 1 ? 'the route' : 'the routes'} ${nameList(routes.map(({ name }) => name))}. Change or delete ${routes.length === 1 ? 'it' : 'them'} first.`,
    );
  await writing('The endpoint', () => tx.endpoint.delete({ where: { id: input.id } }));
  await appendEvent(tx, actor, {
    action: 'endpoint.deleted',
    object: { kind: 'endpoint', id: row.id, name: row.name },
    partnerId: row.partnerId,
    details: { values: valuesOf(row, AUDITED) },
  });
}

/** An endpoint as the audit log shows it: certificates and credentials by name. */
async function auditedEndpoint(tx: Tx, id: string) {
  const row = await tx.endpoint.findUnique({
    where: { id },
    include: {
      trustedCertificates: { select: { certificate: true } },
      credential: { select: { name: true } },
      clientCertificate: { select: { name: true } },
      proxyCredential: { select: { name: true } },
    },
  });
  if (row === null) throw endpointNotFound();
  return {
    ...row,
    tlsMinVersion: tlsVersionFromRow(row.tlsMinVersion),
    trustedCertificates: row.trustedCertificates.map(({ certificate }) => certificate.name).sort(),
    credential: row.credential?.name ?? null,
    clientCertificate: row.clientCertificate?.name ?? null,
    proxyCredential: row.proxyCredential?.name ?? null,
    ...(row.protocol === 'local_folder' ? NO_SETTINGS : settingsOf(row)),
    row,
  };
}

/** @throws Problem `invalid_input` at the first field that the protocol does not have */
function refuseForeignFields(protocol: EndpointProtocol, change: EndpointUpdate): void {
  if (protocol !== 'local_folder' && change.rootName !== undefined)
    throw fieldProblem('rootName', 'only a local folder has one; this endpoint is a server');
  if (protocol !== 'local_folder') return;
  const foreign = SERVER_FIELDS.find((field) => change[field] !== undefined);
  if (foreign !== undefined)
    throw fieldProblem(foreign, 'only a server has one; this endpoint is a local folder');
}

/** @throws Problem `invalid_input` where the root is not a configured one */
function requireRoot(rootName: string, means: EndpointMeans): void {
  if (means.localRoots.includes(rootName)) return;
  const known = means.localRoots.length === 0 ? 'none is' : `configured: ${nameList([...means.localRoots])}`;
  throw fieldProblem(
    'rootName',
    `is not a local root of this installation (${known}); the administrator of the machine sets WAYBILL_LOCAL_ROOTS`,
  );
}
