/** Opening: for the worker alone; the API's environment does not hold the private key. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { type SecretBinding, canonicalBinding } from './binding.js';
import { Secret } from './secret.js';
import { ENCAPSULATED_BYTES, INFO, suite } from './suite.js';

/** Opens what was sealed for exactly this binding; rejects for any other. */
export type Open = (sealed: Uint8Array, binding: SecretBinding) => Promise<Secret>;

/** Thrown where a sealed value cannot be opened: another key, another binding, or altered bytes. */
export class CannotOpenError extends Error {
  override readonly name = 'CannotOpenError';
}

/** What comes before the key itself in the PKCS #8 form of an X25519 private key (RFC 8410 §7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** Given to the suite once, which would otherwise work it out for every opening, by an experimental function. */
function publicKeyOf(privateKey: Buffer): Uint8Array {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, privateKey]),
    format: 'der',
    type: 'pkcs8',
  });
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
}

/**
 * An `Open` for a vault's private key.
 * @param privateKey raw X25519, base64url
 */
export async function openWith(privateKey: string): Promise<Open> {
  const raw = Buffer.from(privateKey, 'base64url');
  const pair = {
    privateKey: await suite.DeserializePrivateKey(raw, false),
    publicKey: await suite.DeserializePublicKey(publicKeyOf(raw)),
  };
  return async (sealed, binding) => {
    try {
      const plain = await suite.Open(
        pair,
        sealed.slice(0, ENCAPSULATED_BYTES),
        sealed.slice(ENCAPSULATED_BYTES),
        { info: INFO, aad: new TextEncoder().encode(canonicalBinding(binding)) },
      );
      return new Secret(new TextDecoder().decode(plain));
    } catch (cause) {
      throw new CannotOpenError(
        'certificateSha256' in binding
          ? 'The private key cannot be opened: it was sealed with another vault key. Import the certificate again, with its key.'
          : 'The password cannot be opened: it was sealed for another host or trust policy, or with another vault key. Enter it again.',
        { cause },
      );
    }
  };
}
