/** Tokens that open a door: random, handed out once, kept as a hash only. */
import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes as base64url: 43 characters. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * SHA-256 of a token, as the database keeps it. A fast hash is enough: what it hides has 256 bits of chance. A
 * look-up by it gives nothing away in its timing, because nobody can steer a hash towards one that is stored.
 */
export function hashToken(token: string) {
  return createHash('sha256').update(token).digest();
}
