/**
 * What a sealed secret is for. It is the associated data of the seal, so whoever repoints an endpoint to another host,
 * makes it trust another certificate or takes its encryption away cannot have the worker hand over the password.
 */
import { createHash } from 'node:crypto';

export interface PasswordBinding {
  credentialId: string;
  /** As it is dialled, lower case. */
  host: string;
  /** The name that the certificate must show, where it is not the host. */
  serverName: string | null;
  /**
   * How the other side is known: the trust policy of an endpoint; `plain_ftp` for a server and `proxy` for a proxy,
   * to which the password goes in the clear.
   */
  trustMode: string;
  /** SHA-256 fingerprints of the trusted certificates, or of the pinned keys; the proxy of a server that does not encrypt. */
  trustAnchors: string[];
}

/** A private key is for its certificate, whoever asks to see that. */
export interface PrivateKeyBinding {
  /** SHA-256 of the certificate, lower-case hex. */
  certificateSha256: string;
}

export type SecretBinding = PasswordBinding | PrivateKeyBinding;

/** The one text form of a binding, whatever the order of its parts. */
export function canonicalBinding(binding: SecretBinding): string {
  if ('certificateSha256' in binding)
    return JSON.stringify(['waybill private key binding v1', binding.certificateSha256.toLowerCase()]);
  return JSON.stringify([
    'waybill secret binding v1',
    binding.credentialId,
    binding.host.toLowerCase(),
    binding.serverName?.toLowerCase() ?? null,
    binding.trustMode,
    [...new Set(binding.trustAnchors)].sort(),
  ]);
}

/** SHA-256 of the canonical form. */
export function bindingHash(binding: SecretBinding): Buffer {
  return createHash('sha256').update(canonicalBinding(binding)).digest();
}
