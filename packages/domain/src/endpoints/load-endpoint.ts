/** Everything that a worker needs to open a session on an endpoint, with the password still sealed. */
import type { ServerProtocol, TlsVersion } from '@waybill/contracts/endpoints.js';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { SecretBinding } from '@waybill/vault/binding.js';
import { Problem } from '../problem.js';
import { isFor } from '../trust/seals.js';
import { bindingOf } from './endpoint-binding.js';
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

export interface LoadedServer extends EndpointIdentity {
  protocol: ServerProtocol;
  host: string;
  port: number;
  username: string;
  /** What `vault/open` takes: the bytes and what they are bound to. Null where no password fits this server. */
  seal: { sealed: Uint8Array; binding: SecretBinding } | null;
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

/** @throws Problem `not_found` */
export async function loadEndpoint(tx: Tx, id: string): Promise<LoadedEndpoint> {
  const row = await tx.endpoint.findUnique({
    where: { id },
    include: {
      trustedCertificates: {
        select: { certificate: { select: { pem: true, fingerprintSha256: true, spkiSha256: true } } },
      },
      credential: { select: { username: true, seals: { select: { bindingHash: true, sealed: true } } } },
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
  const seal = row.credential.seals.find((one) => isFor(one.bindingHash, binding));
  const certificates = row.trustedCertificates.map(({ certificate }) => certificate);
  return {
    ...identity,
    protocol: row.protocol,
    host: row.host,
    port: row.port,
    username: row.credential.username,
    seal: seal ? { sealed: seal.sealed, binding } : null,
    trust: trustOf(row.trustMode, certificates),
    serverName: row.serverName,
    tlsMinVersion: tlsVersionFromRow(row.tlsMinVersion),
    connectTimeoutMs: row.connectTimeoutMs,
    idleTimeoutMs: row.idleTimeoutMs,
    settings: settingsOf(row),
  };
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
