/** Opening: for the worker alone; the API's environment does not hold the private key. */
import { type SecretBinding, canonicalBinding } from './binding.js';
import { Secret } from './secret.js';
import { ENCAPSULATED_BYTES, INFO, suite } from './suite.js';

/** Opens what was sealed for exactly this binding; rejects for any other. */
export type Open = (sealed: Uint8Array, binding: SecretBinding) => Promise<Secret>;

/** Thrown where a sealed value cannot be opened: another key, another binding, or altered bytes. */
export class CannotOpenError extends Error {
  override readonly name = 'CannotOpenError';
}

/**
 * An `Open` for a vault's private key.
 * @param privateKey raw X25519, base64url
 */
export async function openWith(privateKey: string): Promise<Open> {
  const key = await suite.DeserializePrivateKey(Buffer.from(privateKey, 'base64url'), false);
  return async (sealed, binding) => {
    try {
      const plain = await suite.Open(
        key,
        sealed.slice(0, ENCAPSULATED_BYTES),
        sealed.slice(ENCAPSULATED_BYTES),
        { info: INFO, aad: new TextEncoder().encode(canonicalBinding(binding)) },
      );
      return new Secret(new TextDecoder().decode(plain));
    } catch (cause) {
      throw new CannotOpenError(
        'The password cannot be opened: it was sealed for another host or trust policy, or with another vault key. Enter it again.',
        { cause },
      );
    }
  };
}
