/** The vault's key pair. The API gets the public key only; the private key stays with the worker. */
import { createHash } from 'node:crypto';
import { suite } from './suite.js';

export interface VaultKeyPair {
  /** First 16 hex digits of the SHA-256 of the public key; kept with every sealed value. */
  keyId: string;
  /** Raw X25519 public key, base64url. */
  publicKey: string;
  /** Raw X25519 private key, base64url. */
  privateKey: string;
}

/** Makes a key pair for a new installation or a rotation. */
export async function makeVaultKeyPair(): Promise<VaultKeyPair> {
  const pair = await suite.GenerateKeyPair(true);
  const publicKey = await suite.SerializePublicKey(pair.publicKey);
  const privateKey = await suite.SerializePrivateKey(pair.privateKey);
  return {
    keyId: vaultKeyId(publicKey),
    publicKey: Buffer.from(publicKey).toString('base64url'),
    privateKey: Buffer.from(privateKey).toString('base64url'),
  };
}

export function vaultKeyId(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
}
