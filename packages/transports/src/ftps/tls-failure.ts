/** What went wrong in a TLS handshake, as a kind of failure and one sentence to act on. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { FailureKind, StepName } from '@waybill/contracts/session-facts.js';
import { cleanText } from '../clean-text.js';
import { TransportError } from '../transport-error.js';

const UNTRUSTED = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

/** More than anybody reads; checking each of thousands would take long. */
const MAX_NAMES = 10;

/** The server's key is none of the pinned ones. */
export class KeyNotPinnedError extends Error {
  override readonly name = 'KeyNotPinnedError';
  constructor(readonly spkiSha256: string) {
    super(`the key sha256:${spkiSha256} is not among the pinned keys`);
  }
}

/** What a server says, by a TLS alert (RFC 8446 section 6.2), of the certificate that we showed or did not show. */
const ABOUT_OUR_CERTIFICATE: Record<string, string> = {
  CERTIFICATE_REQUIRED: 'The server asks for a client certificate, and got none that it takes.',
  UNKNOWN_CA: 'The server does not trust the CA of our client certificate.',
  BAD_CERTIFICATE: 'The server does not take our client certificate.',
  CERTIFICATE_EXPIRED: 'The server says that our client certificate has expired.',
  CERTIFICATE_REVOKED: 'The server says that our client certificate was revoked.',
  CERTIFICATE_UNKNOWN: 'The server does not take our client certificate.',
  UNSUPPORTED_CERTIFICATE: 'The server does not take client certificates of this kind.',
  ACCESS_DENIED: 'The server took our client certificate, but does not let it in.',
};

/**
 * The same failure, or a better one: under TLS 1.3 a server judges our certificate after the handshake is over for us,
 * so that its alert comes in place of an answer.
 */
export function afterHandshake(failure: TransportError, identity: string): TransportError {
  const cause = failure.cause as NodeJS.ErrnoException | undefined;
  const isAlert = typeof cause?.code === 'string' && alertIn(cause.code) !== null;
  if (failure.kind === 'connection_lost' && isAlert)
    return tlsFailure(cause, { step: 'tls', channel: 'control connection', identity });
  return failure;
}

/** OpenSSL's names changed: `ERR_SSL_SSLV3_ALERT_…` is `ERR_SSL_SSL/TLS_ALERT_…` from 3.2 on. */
function alertIn(code: string): string | null {
  return /^ERR_SSL_.*_ALERT_(.+)$/.exec(code)?.[1] ?? null;
}

export interface TlsAttempt {
  step: StepName;
  channel: 'control connection' | 'data connection';
  /** The name or address that the certificate was checked against. */
  identity: string;
}

/** The error for a handshake that failed. */
export function tlsFailure(error: NodeJS.ErrnoException, at: TlsAttempt): TransportError {
  const [kind, message] = explain(error, at);
  const where = at.channel === 'data connection' ? 'On the data connection: ' : '';
  return new TransportError(kind, at.step, `${where}${message}`, { cause: error });
}

function explain(error: NodeJS.ErrnoException, at: TlsAttempt): [FailureKind, string] {
  if (error instanceof KeyNotPinnedError) {
    return [
      'certificate_untrusted',
      `The server showed the key sha256:${error.spkiSha256}, which is not among the pinned keys of the endpoint. ` +
        'Ask the partner whether the key was changed; if so, import the new one.',
    ];
  }
  const code = error.code ?? '';
  const isAnother = UNTRUSTED.has(code) || code === 'ERR_TLS_CERT_ALTNAME_INVALID';
  // That of the control connection was trusted, and for the right name.
  if (isAnother && at.channel === 'data connection') {
    return [
      'protection_refused',
      `The certificate is not one that the endpoint trusts for ${at.identity} (${code}). ` +
        'Ask the partner why data connections show another certificate than the control connection.',
    ];
  }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return [
        'certificate_expired',
        'The certificate of the server has expired. Ask the partner to renew it.',
      ];
    case 'CERT_NOT_YET_VALID':
      return [
        'certificate_expired',
        'The certificate of the server is not valid yet. Check the clock of this machine; if it is right, ask the partner.',
      ];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return ['certificate_wrong_host', explainWrongName(error as WrongNameError, at)];
    default:
  }
  if (UNTRUSTED.has(code)) {
    return [
      'certificate_untrusted',
      `The certificate of the server is not signed by a CA that the endpoint trusts (${code}). ` +
        "Import the partner's CA, or pin the key of the server.",
    ];
  }
  const aboutOurs = ABOUT_OUR_CERTIFICATE[alertIn(code) ?? ''];
  if (aboutOurs !== undefined) {
    return [
      'client_certificate_refused',
      `${aboutOurs} Give the endpoint the client certificate that was agreed on, or ask the partner which one is expected.`,
    ];
  }
  if (alertIn(code) === 'NO_APPLICATION_PROTOCOL') {
    return [
      'setting_refused',
      'The server refuses TLS for FTP (ALPN “ftp”). Check host and port; if they are right, set the endpoint not to ' +
        'say that FTP is meant (ALPN).',
    ];
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    // On the data connection this is mostly a server or firewall in trouble, which passes.
    const kind = at.channel === 'control connection' ? 'tls_failed' : 'connection_lost';
    return [
      kind,
      'The server closed the connection during the TLS handshake. Ask the partner what its log says.',
    ];
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    const nothing = 'The server does not speak TLS there.';
    if (at.channel === 'data connection')
      return ['tls_failed', `${nothing} Ask the partner to protect data connections (PROT P).`];
    const hint =
      'A port that greets in the clear is one for FTPS explicit, or on z/OS for implicit TLS after the greeting: ' +
      'check protocol and port of the endpoint.';
    return ['setting_refused', `${nothing} ${hint}`];
  }
  // OpenSSL's reason alone: its message names lines of its source too.
  const { reason = error.message } = error as { reason?: string };
  const words = cleanText(reason, 200);
  return [
    'tls_failed',
    `The TLS handshake failed: ${words}. Compare the TLS versions and ciphers that the partner allows, and ask ` +
      'whether the server wants a client certificate.',
  ];
}

/** What `checkServerIdentity` answers. */
type WrongNameError = NodeJS.ErrnoException & { cert: PeerCertificate };

function explainWrongName({ cert }: WrongNameError, { identity }: TlsAttempt): string {
  const names = namesIn(cert);
  const wrong = `The certificate of the server is not for ${identity}`;
  if (names.length === 0)
    return `${wrong}, and carries no name that can be checked. Ask the partner for one with the name of the server.`;
  return (
    `${wrong} but for ${cleanText(names.join(', '), 250)}. If this is the right server, state its name ` +
    'at the endpoint as “Name in the certificate”; if not, check the host.'
  );
}

/**
 * The names that an endpoint can state for this certificate. As Node checks them: the alternative names (DNS and
 * address) and, where none of these is a DNS name, the common name of the subject unless that is an address.
 */
function namesIn(certificate: PeerCertificate): string[] {
  const alternatives = certificate.subjectaltname?.split(', ') ?? [];
  const candidates = [
    ...alternatives.flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? []),
    ...[certificate.subject?.CN ?? []].flat(),
  ];
  const names = new Set(candidates.slice(0, MAX_NAMES));
  return [...names].filter((name) => checkServerIdentity(name, certificate) === undefined);
}
