/**
 * What a sealed password is for. It is the associated data of the seal, so whoever repoints an endpoint to
 * another host, or makes it trust another certificate, cannot have the worker hand over the password.
 */
import { createHash } from 'node:crypto';

export interface SecretBinding {
  credentialId: string;
  /** As the endpoint dials it, lower case. */
  host: string;
  /** The name that the certificate must show, where it is not the host. */
  serverName: string | null;
  trustMode: string;
  /** SHA-256 fingerprints of the trusted certificates, or of the pinned keys. */
  trustAnchors: string[];
}

/** The one text form of a binding, whatever the order of its parts. */
export function canonicalBinding(binding: SecretBinding): string {
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
