/** What an endpoint's passwords are for; with `vault/binding.ts`, what stops a repointed endpoint. */
import type { EndpointProtocol } from '@waybill/contracts/endpoints.js';
import type { TrustMode } from '@waybill/contracts/trust.js';
import { type PasswordBinding, canonicalBinding } from '@waybill/vault/binding.js';
import { type Anchor, type Trust, anchorsOf } from '../trust/trust-policy.js';
import { settingsOf } from './endpoint-settings.js';

/** Loads all that a binding is made of. */
export const withTrust = {
  trustedCertificates: {
    select: { certificate: { select: { id: true, fingerprintSha256: true, spkiSha256: true } } },
  },
} as const;

export interface BoundEndpoint {
  protocol: EndpointProtocol;
  credentialId: string | null;
  host: string | null;
  serverName: string | null;
  trustMode: TrustMode;
  trustedCertificates: { certificate: Anchor }[];
  settings: unknown;
}

export interface ProxiedEndpoint {
  proxyCredentialId: string | null;
  settings: unknown;
}

/** Null for a local folder. The port is not part of it: host and trust say whose server it is. */
export function bindingOf(endpoint: BoundEndpoint): PasswordBinding | null {
  const { protocol, credentialId, host, serverName, trustMode: mode } = endpoint;
  if (host === null || credentialId === null || protocol === 'local_folder') return null;
  const certificates = endpoint.trustedCertificates.map(({ certificate }) => certificate);
  return bindServer({
    protocol,
    credentialId,
    host,
    settings: endpoint.settings,
    trust: { mode, serverName, anchors: anchorsOf(mode, certificates) },
  });
}

/**
 * A password for plain FTP is for that: it is not handed out because somebody turned the encryption off. Nor to another
 * proxy, which reads it on its way.
 */
export function bindServer(server: {
  protocol: EndpointProtocol;
  credentialId: string;
  host: string;
  settings: unknown;
  trust: Pick<Trust, 'mode' | 'serverName' | 'anchors'>;
}): PasswordBinding {
  const { protocol, credentialId, host, trust } = server;
  if (protocol === 'ftp') {
    const { proxy } = settingsOf(server);
    const trustAnchors = proxy === null ? [] : [`proxy ${proxy.host}`];
    return { credentialId, host, serverName: null, trustMode: 'plain_ftp', trustAnchors };
  }
  const { mode, serverName, anchors } = trust;
  return { credentialId, host, serverName, trustMode: mode, trustAnchors: anchors };
}

/** Null where there is no proxy, or none that asks for a login. */
export function proxyBindingOf(endpoint: ProxiedEndpoint): PasswordBinding | null {
  const { proxy } = settingsOf(endpoint);
  if (proxy === null || endpoint.proxyCredentialId === null) return null;
  return bindProxy(endpoint.proxyCredentialId, proxy.host);
}

export function bindProxy(credentialId: string, host: string): PasswordBinding {
  return { credentialId, host, serverName: null, trustMode: 'proxy', trustAnchors: [] };
}

/** What the passwords of an endpoint are for: its server, its proxy. */
export function bindingsOf(endpoint: BoundEndpoint & ProxiedEndpoint): PasswordBinding[] {
  return [bindingOf(endpoint), proxyBindingOf(endpoint)].filter((binding) => binding !== null);
}

export function isSameBinding(one: PasswordBinding | null, other: PasswordBinding): boolean {
  return one !== null && canonicalBinding(one) === canonicalBinding(other);
}
