/**
 * What a server must show to be trusted, as options for `tls.connect`. Verification is never switched off:
 * for pinned keys, the certificates that carry a pinned key are made the only trust anchors.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type ConnectionOptions,
  type SecureContext,
  TLSSocket,
} from 'node:tls';
import type { FtpsEndpoint, TrustPolicy } from '../endpoint.js';
import { KeyNotPinnedError } from './tls-failure.js';

const MAX_CACHED = 500;
/** What a key may be agreed on with, besides the one that is known to be agreed on: OpenSSL's own choice without the slow ones. */
const KEY_GROUPS = ['X25519', 'X25519MLKEM768', 'prime256v1', 'secp384r1', 'secp521r1'];
/** Prebuilt contexts by trust and TLS version: building one costs more than a small file's transfer. */
const contexts = new Map<string, SecureContext>();
/** So many servers may share one key, each with a certificate of its own: the nodes of a cluster while it renews. */
const MAX_CERTIFICATES_OF_KEY = 8;
/** Certificates seen for pinned keys, by SHA-256 of the key in hex; the newest last. */
const pinnedCertificates = new Map<string, string[]>();

/** The name or address that the server's certificate is checked against. */
export function identityOf(endpoint: FtpsEndpoint): string {
  return endpoint.serverName ?? endpoint.host;
}

/** SHA-256 of the certificate's SubjectPublicKeyInfo in lower-case hex (the "pin" of RFC 7469 section 2.4). */
export function spkiSha256Of(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

/**
 * Options for one connection; a new object each time, as both Node and basic-ftp write into what they get.
 * The control and the data connections of a session use the same ones, so that a TLS session of the first
 * can be resumed on the others (Node binds a session to the identity it was made for).
 * @param keyGroup what the control connection agreed on its key with: a data connection then offers a key of that
 *   kind at once, and makes none of others (OpenSSL makes two; one of them, ML-KEM, costs a fifth of a handshake)
 */
export function tlsOptionsFor(endpoint: FtpsEndpoint, keyGroup?: string): ConnectionOptions {
  const { settings } = endpoint;
  const identity = identityOf(endpoint);
  const pins = endpoint.trust.mode === 'pinned_keys' ? pinsOf(endpoint.trust.spkiSha256) : null;
  return {
    secureContext: secureContextFor(endpoint, keyGroup),
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED takes the place of what is not.
    rejectUnauthorized: true,
    host: identity,
    servername: settings.sendServerName && isIP(identity) === 0 ? identity : '',
    // RFC 7301; against ALPACA: a server of another protocol must not be mistaken for this one.
    ...(settings.sendAlpn && { ALPNProtocols: ['ftp'] }),
    checkServerIdentity: (_name, certificate) => {
      if (pins !== null) {
        const key = spkiSha256Of(new X509Certificate(certificate.raw));
        if (!pins.has(key)) return new KeyNotPinnedError(key);
      }
      return checkServerIdentity(identity, certificate);
    },
  };
}

/**
 * Called with the certificate that a server showed when it was not trusted.
 * @param anchors those that it was verified with
 * @returns `connect_again` where its key is pinned and it is now a trust anchor, `known` where it was one before;
 *   otherwise the key shown
 */
export function admitPinned(
  trust: TrustPolicy & { mode: 'pinned_keys' },
  certificate: X509Certificate,
  anchors: string[],
): 'connect_again' | { unknownKey: string } | 'known' {
  const key = spkiSha256Of(certificate);
  if (!pinsOf(trust.spkiSha256).has(key)) return { unknownKey: key };
  const pem = certificate.toString();
  if (anchors.includes(pem)) return 'known';
  const others = (pinnedCertificates.get(key) ?? []).filter((other) => other !== pem);
  remember(pinnedCertificates, key, [...others, pem].slice(-MAX_CERTIFICATES_OF_KEY));
  return 'connect_again';
}

/** The certificates that are known for the pinned keys. */
export function pinnedAnchors(trust: TrustPolicy & { mode: 'pinned_keys' }): string[] {
  return [...pinsOf(trust.spkiSha256)].flatMap((pin) => pinnedCertificates.get(pin) ?? []).sort();
}

function pinsOf(spkiSha256: string[]): Set<string> {
  return new Set(
    spkiSha256.map((pin) => {
      const text = pin.trim();
      return /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : Buffer.from(text, 'base64').toString('hex');
    }),
  );
}

/** By which the key of a connection was agreed on; undefined where it is none that can be asked for. */
export function keyGroupOf(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const agreed = socket.getEphemeralKeyInfo();
  return KEY_GROUPS.find((name) => agreed !== null && 'name' in agreed && agreed.name === name);
}

function secureContextFor(endpoint: FtpsEndpoint, keyGroup?: string): SecureContext {
  const { trust, tlsMinVersion: minVersion, clientCertificate: ours } = endpoint;
  const { tlsMaxVersion: maxVersion } = endpoint.settings;
  const anchors = anchorsOf(trust);
  const key = ours?.keyPem.reveal();
  const digest = createHash('sha256')
    .update(
      JSON.stringify([trust.mode, minVersion, maxVersion, anchors, keyGroup, ours?.certificatePem, key]),
    )
    .digest('hex');
  const cached = contexts.get(digest);
  if (cached !== undefined) return cached;
  const context = createSecureContext({
    ca: anchors === 'system' ? systemCas() : anchors,
    minVersion,
    maxVersion,
    allowPartialTrustChain: trust.mode === 'pinned_keys',
    ...(keyGroup === undefined
      ? {}
      : { ecdhCurve: [keyGroup, ...KEY_GROUPS.filter((name) => name !== keyGroup)].join(':') }),
    ...(ours && { cert: ours.certificatePem, key }),
  });
  remember(contexts, digest, context);
  return context;
}

function anchorsOf(trust: TrustPolicy): string[] | 'system' {
  if (trust.mode === 'system_cas') return 'system';
  if (trust.mode === 'chosen_cas') return trust.caPems;
  return pinnedAnchors(trust);
}

function systemCas(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}

/** Adds to a cache that forgets its oldest entry when full. */
function remember<V>(cache: Map<string, V>, key: string, value: V): void {
  const oldest = cache.keys().next();
  if (cache.size >= MAX_CACHED && !oldest.done) cache.delete(oldest.value);
  cache.set(key, value);
}
