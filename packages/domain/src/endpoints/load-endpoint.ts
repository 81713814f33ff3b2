/** Everything that a worker needs to open a session on an endpoint, with the password still sealed. */
import type { ServerProtocol, TlsVersion } from '@waybill/contracts/endpoints.js';
import type { Deviation } from '@waybill/contracts/exceptions.js';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { PasswordBinding, PrivateKeyBinding } from '@waybill/vault/binding.js';
import { Problem } from '../problem.js';
import { isFor } from '../trust/seals.js';
import { findExpiry, inForceAt, standingOf } from './deviations.js';
import { bindingOf, proxyBindingOf } from './endpoint-binding.js';
import { settingsOf } from './endpoint-settings.js';
import { endpointNotFound, tlsVersionFromRow } from './endpoint-views.js';

interface EndpointIdentity {
  id: string;
  name: string;
  partnerId: string | null;
  /** Every path of the endpoint is beneath it. */
  basePath: string;
  heldAt: Date | null;
  heldReason: string | null;
}

/** What `vault/open` takes: the bytes and what they are bound to. */
interface Sealed<Binding> {
  sealed: Uint8Array;
  binding: Binding;
}

export interface LoadedServer extends EndpointIdentity {
  protocol: ServerProtocol;
  host: string;
  port: number;
  username: string;
  /** Null where no password fits this server. */
  seal: Sealed<PasswordBinding> | null;
  /** Ours, for a server that asks for one. */
  clientCertificate: { certificatePem: string; key: Sealed<PrivateKeyBinding> } | null;
  /** For the proxy of the settings; its seal is null where no password fits that proxy. */
  proxyLogin: { username: string; seal: Sealed<PasswordBinding> | null } | null;
  /** How it deviates from what is required, as exceptions that are in force permit. */
  permitted: Deviation[];
  /** How it deviates and may not: no session may be opened. */
  notPermitted: Deviation[];
  /** When the exception that permitted all of those expired; null where none did. */
  permittedUntil: Date | null;
  trust:
    | { mode: 'system_cas' }
    | { mode: 'chosen_cas'; caPems: string[] }
    | { mode: 'pinned_keys'; spkiSha256: string[] };
  serverName: string | null;
  tlsMinVersion: TlsVersion;
  connectTimeoutMs: number;
  idleTimeoutMs: number;
  settings: FtpsSettings;
}

export interface LoadedFolder extends EndpointIdentity {
  protocol: 'local_folder';
  rootName: string;
}

export type LoadedEndpoint = LoadedServer | LoadedFolder;

export interface AllowedRange {
  cidr: string;
  fromPort: number;
  toPort: number;
}

const login = {
  select: { username: true, seals: { select: { bindingHash: true, sealed: true } } },
} as const;

/** @throws Problem `not_found`, `unprocessable` */
export async function loadEndpoint(tx: Tx, id: string): Promise<LoadedEndpoint> {
  const row = await tx.endpoint.findUnique({
    where: { id },
    include: {
      trustedCertificates: {
        select: { certificate: { select: { pem: true, fingerprintSha256: true, spkiSha256: true } } },
      },
      credential: login,
      proxyCredential: login,
      clientCertificate: {
        select: { name: true, pem: true, chainPem: true, fingerprintSha256: true, sealedKey: true },
      },
      exceptions: inForceAt(new Date()),
    },
  });
  if (row === null) throw endpointNotFound();
  const identity = {
    id: row.id,
    name: row.name,
    partnerId: row.partnerId,
    basePath: row.basePath,
    heldAt: row.heldAt,
    heldReason: row.heldReason,
  };
  if (row.protocol === 'local_folder')
    return { ...identity, protocol: row.protocol, rootName: row.rootName ?? '' };
  // The binding is made from the row as it is now: a seal for what the row was before does not fit it.
  const binding = bindingOf(row);
  if (row.host === null || row.port === null || row.credential === null || binding === null)
    throw new Problem('unprocessable', `${row.name} has no address or no credential. Complete the endpoint.`);
  const proxyBinding = proxyBindingOf(row);
  const deviations = standingOf(row);
  const kinds = (areCovered: boolean) =>
    deviations.filter(({ coveredBy }) => (coveredBy !== null) === areCovered).map(({ kind }) => kind);
  const notPermitted = kinds(false);
  const certificates = row.trustedCertificates.map(({ certificate }) => certificate);
  return {
    ...identity,
    protocol: row.protocol,
    host: row.host,
    port: row.port,
    username: row.credential.username,
    seal: sealFor(row.credential, binding),
    clientCertificate: row.clientCertificate && clientCertificateOf(row.name, row.clientCertificate),
    proxyLogin:
      row.proxyCredential && proxyBinding
        ? { username: row.proxyCredential.username, seal: sealFor(row.proxyCredential, proxyBinding) }
        : null,
    permitted: kinds(true),
    notPermitted,
    permittedUntil: await findExpiry(tx, { id, host: row.host }, notPermitted),
    trust: trustOf(row.trustMode, certificates),
    serverName: row.serverName,
    tlsMinVersion: tlsVersionFromRow(row.tlsMinVersion),
    connectTimeoutMs: row.connectTimeoutMs,
    idleTimeoutMs: row.idleTimeoutMs,
    settings: settingsOf(row),
  };
}

function sealFor(
  { seals }: { seals: { bindingHash: Uint8Array; sealed: Uint8Array }[] },
  binding: PasswordBinding,
): Sealed<PasswordBinding> | null {
  const seal = seals.find((one) => isFor(one.bindingHash, binding));
  return seal ? { sealed: seal.sealed, binding } : null;
}

function clientCertificateOf(
  endpointName: string,
  row: {
    name: string;
    pem: string | null;
    chainPem: string;
    fingerprintSha256: string | null;
    sealedKey: Uint8Array | null;
  },
): LoadedServer['clientCertificate'] {
  const { pem, chainPem, fingerprintSha256: certificateSha256, sealedKey } = row;
  if (pem === null || certificateSha256 === null || sealedKey === null)
    throw new Problem(
      'unprocessable',
      `${row.name}, which ${endpointName} shows to its server, has no private key. Import it with its key.`,
    );
  return { certificatePem: pem + chainPem, key: { sealed: sealedKey, binding: { certificateSha256 } } };
}

/** The ranges that may be dialled although they are not public. */
export function loadNetworkAllow(tx: Tx): Promise<AllowedRange[]> {
  return tx.networkAllow.findMany({ select: { cidr: true, fromPort: true, toPort: true } });
}

function trustOf(
  mode: LoadedServer['trust']['mode'],
  certificates: { pem: string | null; spkiSha256: string }[],
): LoadedServer['trust'] {
  switch (mode) {
    case 'system_cas':
      return { mode };
    case 'chosen_cas':
      return { mode, caPems: certificates.flatMap(({ pem }) => (pem === null ? [] : [pem])) };
    case 'pinned_keys':
      return { mode, spkiSha256: certificates.map(({ spkiSha256 }) => spkiSha256) };
  }
}
