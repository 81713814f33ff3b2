/** The fields that only a server has: address, trust and the way to sign in, which belong together. */
import type {
  EndpointCreate,
  EndpointProtocol,
  EndpointUpdate,
  ServerProtocol,
} from '@waybill/contracts/endpoints.js';
import type { Tx } from '@waybill/db/transaction.js';
import { canonicalBinding } from '@waybill/vault/binding.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Actor } from '../actor.js';
import { anchorsOf, resolveTrust } from '../trust/trust-policy.js';
import { bindingOf, withTrust } from './endpoint-binding.js';
import { changeSettings } from './endpoint-settings.js';
import { tlsVersionToRow } from './endpoint-views.js';
import { allowServer, chooseCredential } from './sign-in.js';

const DEFAULT_PORTS = { ftps_explicit: 21, ftps_implicit: 990, ftps_implicit_zos: 990, ftp: 21 } as const;

interface NewRow {
  name: string;
  partnerId: string | null;
}

/** The fields of a server, once its credential and seal are in order. */
export async function newServer(
  tx: Tx,
  actor: Actor,
  { row, input }: { row: NewRow; input: Exclude<EndpointCreate, { protocol: 'local_folder' }> },
  seal: Seal,
) {
  const trust = await resolveTrust(tx, input.trust, 'trust');
  const credentialId = await chooseCredential(tx, actor, { owner: { ...row, credentialId: null }, input });
  const binding = {
    credentialId,
    host: input.host,
    serverName: trust.serverName,
    trustMode: trust.mode,
    trustAnchors: trust.anchors,
  };
  await allowServer(tx, actor, { binding, password: input.password }, seal);
  return {
    protocol: input.protocol,
    host: input.host,
    port: input.port ?? DEFAULT_PORTS[input.protocol],
    serverName: trust.serverName,
    trustMode: trust.mode,
    tlsMinVersion: tlsVersionToRow(input.tlsMinVersion ?? 'TLSv1.2'),
    credentialId,
    connectTimeoutMs: input.connectTimeoutMs,
    idleTimeoutMs: input.idleTimeoutMs,
    settings: changeSettings({}, input.settings),
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
  const trust =
    change.trust === undefined
      ? {
          mode: row.trustMode,
          serverName: row.serverName,
          anchors: anchorsOf(
            row.trustMode,
            row.trustedCertificates.map(({ certificate }) => certificate),
          ),
          certificateIds: null,
        }
      : await resolveTrust(tx, change.trust, 'trust');
  const owner = {
    name: change.name ?? row.name,
    partnerId: change.partnerId === undefined ? row.partnerId : change.partnerId,
    credentialId: row.credentialId,
  };
  const credentialId = await chooseCredential(tx, actor, { owner, input: change });
  const binding = {
    credentialId,
    host: change.host ?? row.host ?? '',
    serverName: trust.serverName,
    trustMode: trust.mode,
    trustAnchors: trust.anchors,
  };
  const bindingBefore = bindingOf(row);
  const isSameServer =
    bindingBefore !== null && canonicalBinding(bindingBefore) === canonicalBinding(binding);
  if (change.password !== undefined || !isSameServer)
    await allowServer(tx, actor, { binding, password: change.password }, seal);

  return {
    protocol: change.protocol,
    host: change.host,
    port: change.port ?? movedPort(row, change.protocol),
    serverName: trust.serverName,
    trustMode: trust.mode,
    tlsMinVersion: change.tlsMinVersion && tlsVersionToRow(change.tlsMinVersion),
    credentialId,
    connectTimeoutMs: change.connectTimeoutMs,
    idleTimeoutMs: change.idleTimeoutMs,
    settings: change.settings && changeSettings(row.settings, change.settings),
    ...(trust.certificateIds && {
      trustedCertificates: {
        deleteMany: {},
        create: trust.certificateIds.map((certificateId) => ({ certificateId })),
      },
    }),
  };
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
