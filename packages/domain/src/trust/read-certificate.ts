/**
 * Reads what somebody pastes as a certificate, and says plainly what it is where it is not one. Nothing of the
 * input ever appears in a message: it may be a private key.
 */
import { X509Certificate, createHash } from 'node:crypto';
import type { CertificateKind } from '@waybill/contracts/certificates.js';
import { cutText, UNPRINTABLE } from '@waybill/contracts/text.js';
import { fieldProblem } from '../problem.js';

export interface CertificateFacts {
  /** The certificate alone, encoded anew: no text around it, no second block. */
  pem: string;
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  /** SHA-256 of the certificate, lower-case hex. */
  fingerprintSha256: string;
  /** SHA-256 of its SubjectPublicKeyInfo, lower-case hex. */
  spkiSha256: string;
}

/** Node's TLS at its default security level accepts no RSA key below this size. */
const MIN_RSA_BITS = 2048;
const MAX_NAME_LENGTH = 500;

/**
 * @param now to tell whether it has expired
 * @throws Problem `invalid_input` at `pem`
 */
export function readCertificate(text: string, kind: CertificateKind, now: Date): CertificateFacts {
  const certificate = parse(onlyCertificateBlock(text));
  const { publicKey } = certificate;
  const notBefore = new Date(certificate.validFrom);
  const notAfter = new Date(certificate.validTo);
  if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime()))
    throw fieldProblem('pem', 'a date in it is none; ask for a certificate that is made properly');
  if (notAfter <= now)
    throw fieldProblem(
      'pem',
      `the certificate expired on ${notAfter.toISOString().slice(0, 10)}; ask for the new one`,
    );
  if (kind === 'ca' && !certificate.ca)
    throw fieldProblem(
      'pem',
      'this is not the certificate of a CA (its basic constraints do not say so); to trust this one server, import it as a server’s key',
    );
  const rsaBits = publicKey.asymmetricKeyDetails?.modulusLength;
  if (rsaBits !== undefined && rsaBits < MIN_RSA_BITS)
    throw fieldProblem('pem', `its RSA key has ${rsaBits} bits, and TLS takes none below ${MIN_RSA_BITS}`);
  return {
    pem: certificate.toString(),
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serialNumber: certificate.serialNumber,
    notBefore,
    notAfter,
    fingerprintSha256: sha256(certificate.raw),
    spkiSha256: sha256(publicKey.export({ type: 'spki', format: 'der' })),
  };
}

/**
 * The fingerprint of a key, as people have it at hand: 64 hex digits (colons or not) or base64, each with or
 * without a leading `sha256/` or `SHA256:`.
 * @returns lower-case hex
 * @throws Problem `invalid_input` at `spkiSha256`
 */
export function readFingerprint(text: string): string {
  const bare = text.trim().replace(/^sha-?256[/:]+/i, '');
  const hex = bare.replace(/[:\s]/g, '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(bare)) return Buffer.from(bare, 'base64').toString('hex');
  throw fieldProblem(
    'spkiSha256',
    'must be the SHA-256 of the public key: 64 hex digits, or 43 or 44 characters of base64',
  );
}

/** @throws Problem where there is not exactly one block, or it is something else */
function onlyCertificateBlock(text: string): string {
  const labels = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----/g)].map((match) => match[1] ?? '');
  if (labels.some((label) => label.endsWith('PRIVATE KEY')))
    throw fieldProblem(
      'pem',
      'this holds a private key, which does not belong here. It was not stored; paste the certificate alone, and if somebody else may have seen the key, have it replaced',
    );
  if (labels.length === 0) throw fieldProblem('pem', withoutBlock(text));
  if (labels.length > 1)
    throw fieldProblem('pem', `this holds ${labels.length} PEM blocks; import certificates one by one`);
  const [label] = labels;
  if (label === 'CERTIFICATE REQUEST' || label === 'NEW CERTIFICATE REQUEST')
    throw fieldProblem('pem', 'this is a request for a certificate; import the certificate that came of it');
  if (label !== 'CERTIFICATE') throw fieldProblem('pem', `this is a ${label} block, not a CERTIFICATE`);
  return text;
}

function withoutBlock(text: string): string {
  if (/^\s*MI[I-M][A-Za-z0-9+/=\s]+$/.test(text))
    return 'the lines -----BEGIN CERTIFICATE----- and -----END CERTIFICATE----- are missing';
  if (/[\u0000-\u0008\ufffd]/.test(text))
    return 'this looks like a certificate in DER form; convert it: openssl x509 -inform der -in FILE -out FILE.pem';
  return 'this is not a certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----';
}

function parse(pem: string): X509Certificate {
  try {
    const certificate = new X509Certificate(pem);
    // Reads the key too: an algorithm that OpenSSL does not know shows here and not later.
    if (certificate.publicKey.type === 'public') return certificate;
  } catch {
    // What OpenSSL says of a broken block ("wrong tag") helps nobody, and it may quote the input.
  }
  throw fieldProblem('pem', 'the certificate cannot be read; it may be cut off or altered');
}

/** Node gives one attribute a line. Names come from outside: nothing unprintable, and a cap. */
function oneLine(name: string): string {
  const line = name
    .split('\n')
    .map((part) => part.replace(new RegExp(UNPRINTABLE, 'gu'), ' ').trim())
    .filter((part) => part !== '')
    .join(', ');
  return cutText(line, MAX_NAME_LENGTH);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
