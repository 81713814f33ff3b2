/** The one HPKE suite: X25519, HKDF-SHA256, AES-256-GCM (RFC 9180 §7). */
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256 } from 'hpke';

export const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

/** Separates our use of the key from any other (RFC 9180 §5.1, `info`). */
export const INFO = new TextEncoder().encode('waybill credential v1');

/** Length of the encapsulated X25519 key at the head of a sealed value, in bytes. */
export const ENCAPSULATED_BYTES = 32;
