/** Sealing: all that the API can do with a secret. Needs the public key only. */
import { type SecretBinding, canonicalBinding } from './binding.js';
import { vaultKeyId } from './keys.js';
import type { Secret } from './secret.js';
import { INFO, suite } from './suite.js';

export interface SealedSecret {
  /** The encapsulated key (32 bytes), then the ciphertext with its tag. */
  sealed: Buffer;
  vaultKeyId: string;
}

/** Seals a secret for one binding. */
export type Seal = (secret: Secret, binding: SecretBinding) => Promise<SealedSecret>;

/**
 * A `Seal` for a vault's public key.
 * @param publicKey raw X25519, base64url
 * @throws Error where the key is not one
 */
export async function sealWith(publicKey: string): Promise<Seal> {
  const raw = Buffer.from(publicKey, 'base64url');
  const key = await suite.DeserializePublicKey(raw);
  const keyId = vaultKeyId(raw);
  return async (secret, binding) => {
    const { encapsulatedSecret, ciphertext } = await suite.Seal(
      key,
      new TextEncoder().encode(secret.reveal()),
      { info: INFO, aad: new TextEncoder().encode(canonicalBinding(binding)) },
    );
    return { sealed: Buffer.concat([encapsulatedSecret, ciphertext]), vaultKeyId: keyId };
  };
}
