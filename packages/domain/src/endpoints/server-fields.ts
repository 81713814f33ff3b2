/** The fields that only a server has: address, trust and the way to sign in, which belong together. */
import type {
  EndpointCreate,
  EndpointProtocol,
  EndpointUpdate,
  ServerProtocol,
} from '@waybill/contracts/endpoints.js';
import { type ServerFields, faultsOf } from '@waybill/contracts/endpoint-faults.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Actor } from '../actor.js';
import { Problem, fieldProblem } from '../problem.js';
import { anchorsOf, resolveTrust } from '../trust/trust-policy.js';
import { bindServer, bindingOf, isSameBinding, proxyBindingOf, withTrust } from './endpoint-binding.js';
import { changeSettings, settingsOf } from './endpoint-settings.js';
import { tlsVersionFromRow, tlsVersionToRow } from './endpoint-views.js';
import { chooseProxyLogin } from './proxy-login.js';
import { SERVER_LOGIN, allowServer, chooseCredential } from './sign-in.js';

const DEFAULT_PORTS = { ftps_explicit: 21, ftps_implicit: 990, ftps_implicit_zos: 990, ftp: 21 } as const;

interface NewRow {
  name: string;
  partnerId: string | null;
}

/** The fields of a server, once its credentials and seals are in order. */
export async function newServer(
  tx: Tx,
  actor: Actor,
  { row, input }: { row: NewRow; input: Exclude<EndpointCreate, { protocol: 'local_folder' }> },
  seal: Seal,
) {
  const { protocol, host, clientCertificateId } = input;
  const tlsMinVersion = input.tlsMinVersion ?? 'TLSv1.2';
  const settings = changeSettings({}, input.settings);
  requireNoFaults({ protocol, host, tlsMinVersion, settings: settingsOf({ settings }) });
  if (clientCertificateId) await requireClientCertificate(tx, clientCertificateId);
  const trust = await resolveTrust(tx, input.trust, 'trust');
  const owner = { ...row, credentialId: null };
  const credentialId = await chooseCredential(tx, actor, { owner, input, fields: SERVER_LOGIN });
  const binding = bindServer({ protocol, credentialId, host, settings, trust });
  await allowServer(tx, actor, { binding, input, fields: SERVER_LOGIN }, seal);
  const { proxy } = settingsOf({ settings });
  const proxyCredentialId = await chooseProxyLogin(
    tx,
    actor,
    { owner, input, proxy, bindingBefore: null },
    seal,
  );
  return {
    protocol,
    host,
    port: input.port ?? DEFAULT_PORTS[protocol],
    serverName: trust.serverName,
    trustMode: trust.mode,
    tlsMinVersion: tlsVersionToRow(tlsMinVersion),
    credentialId,
    clientCertificateId,
    proxyCredentialId,
    connectTimeoutMs: input.connectTimeoutMs,
    idleTimeoutMs: input.idleTimeoutMs,
    settings,
    trustedCertificates: {
      create: trust.certificateIds.map((certificateId) => ({ certificateId })),
    },
  };
}

/** What changes of a server, once its credential and seal are in order. */
export async function changeServer(
  tx: Tx,
  actor: Actor,
  { id, change }: { id: string; change: EndpointUpdate },
  seal: Seal,
) {
  const row = await tx.endpoint.findUniqueOrThrow({ where: { id }, include: withTrust });
  const protocol = change.protocol ?? row.protocol;
  const settings = changeSettings(row.settings, change.settings);
  const host = change.host ?? row.host ?? '';
  // What is stored and contradicts itself is told where one of these fields is touched, and does not stop the others.
  if (
    (change.settings ?? change.tlsMinVersion ?? change.protocol ?? change.host) &&
    protocol !== 'local_folder'
  )
    requireNoFaults({
      protocol,
      host,
      tlsMinVersion: change.tlsMinVersion ?? tlsVersionFromRow(row.tlsMinVersion),
      settings: settingsOf({ settings }),
    });
  if (change.clientCertificateId) await requireClientCertificate(tx, change.clientCertificateId);
  const trust = await trustAfter(tx, row, change);
  const owner = {
    name: change.name ?? row.name,
    partnerId: change.partnerId === undefined ? row.partnerId : change.partnerId,
    credentialId: row.credentialId,
  };
  const credentialId = await chooseCredential(tx, actor, { owner, input: change, fields: SERVER_LOGIN });
  const binding = bindServer({
    protocol,
    credentialId,
    host,
    settings,
    trust,
  });
  if (change.password !== undefined || !isSameBinding(bindingOf(row), binding))
    await allowServer(tx, actor, { binding, input: change, fields: SERVER_LOGIN }, seal);
  const proxyCredentialId = await chooseProxyLogin(
    tx,
    actor,
    {
      owner: { ...owner, credentialId: row.proxyCredentialId },
      input: change,
      proxy: settingsOf({ settings }).proxy,
      bindingBefore: proxyBindingOf(row),
    },
    seal,
  );

  return {
    protocol: change.protocol,
    host: change.host,
    port: change.port ?? movedPort(row, change.protocol),
    serverName: trust.serverName,
    trustMode: trust.mode,
    tlsMinVersion: change.tlsMinVersion && tlsVersionToRow(change.tlsMinVersion),
    credentialId,
    clientCertificateId: change.clientCertificateId,
    proxyCredentialId,
    connectTimeoutMs: change.connectTimeoutMs,
    idleTimeoutMs: change.idleTimeoutMs,
    settings: change.settings && settings,
    ...(trust.certificateIds && {
      trustedCertificates: {
        deleteMany: {},
        create: trust.certificateIds.map((certificateId) => ({ certificateId })),
      },
    }),
  };
}

type TrustingRow = Prisma.EndpointGetPayload<{ include: typeof withTrust }>;

/** The trust as it will be; `certificateIds` is null where it stays as it is. */
async function trustAfter(tx: Tx, row: TrustingRow, change: EndpointUpdate) {
  if (change.trust !== undefined) return resolveTrust(tx, change.trust, 'trust');
  const { trustMode: mode, serverName } = row;
  const certificates = row.trustedCertificates.map(({ certificate }) => certificate);
  return { mode, serverName, anchors: anchorsOf(mode, certificates), certificateIds: null };
}

/** @throws Problem `invalid_input` where fields contradict each other */
function requireNoFaults(fields: ServerFields): void {
  const errors = faultsOf(fields);
  if (errors.length === 0) return;
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new Problem('invalid_input', detail, { errors });
}

/** @throws Problem `invalid_input` where it is not one of ours with its key */
async function requireClientCertificate(tx: Tx, id: string): Promise<void> {
  const row = await tx.certificate.findUnique({ where: { id }, select: { kind: true, name: true } });
  if (row === null) throw fieldProblem('clientCertificateId', 'there is no certificate with that id');
  if (row.kind !== 'client')
    throw fieldProblem(
      'clientCertificateId',
      `"${row.name}" is not a certificate of ours; import one with its private key, as the kind client`,
    );
}

/** The usual port moves along with the protocol; one that somebody chose stays. */
function movedPort(
  row: { protocol: EndpointProtocol; port: number | null },
  protocol: ServerProtocol | undefined,
): number | undefined {
  if (protocol === undefined || row.protocol === 'local_folder' || row.protocol === protocol)
    return undefined;
  return row.port === DEFAULT_PORTS[row.protocol] ? DEFAULT_PORTS[protocol] : undefined;
}
