/** Which server an endpoint's password is for; with `vault/binding.ts`, what stops a repointed endpoint. */
import type { TrustMode } from '@waybill/contracts/trust.js';
import type { SecretBinding } from '@waybill/vault/binding.js';
import { type Anchor, anchorsOf } from '../trust/trust-policy.js';

/** Loads all that a binding is made of. */
export const withTrust = {
  trustedCertificates: {
    select: { certificate: { select: { id: true, fingerprintSha256: true, spkiSha256: true } } },
  },
} as const;

export interface BoundEndpoint {
  credentialId: string | null;
  host: string | null;
  serverName: string | null;
  trustMode: TrustMode;
  trustedCertificates: { certificate: Anchor }[];
}

/** Null for a local folder. The port is not part of it: host and trust say whose server it is. */
export function bindingOf(endpoint: BoundEndpoint): SecretBinding | null {
  if (endpoint.host === null || endpoint.credentialId === null) return null;
  return {
    credentialId: endpoint.credentialId,
    host: endpoint.host,
    serverName: endpoint.serverName,
    trustMode: endpoint.trustMode,
    trustAnchors: anchorsOf(
      endpoint.trustMode,
      endpoint.trustedCertificates.map(({ certificate }) => certificate),
    ),
  };
}
