/**
 * Reads a certificate of ours with its chain and its private key, for mutual TLS, and checks that they belong together.
 * Nothing of the key ever appears in a message.
 */
import { type KeyObject, X509Certificate, createPrivateKey } from 'node:crypto';
import { Secret } from '@waybill/vault/secret.js';
import { fieldProblem } from '../problem.js';
import { type CertificateFacts, readCertificate } from './read-certificate.js';

export interface OwnCertificate {
  facts: CertificateFacts;
  /** The certificates behind it, encoded anew; empty where there are none. */
  chainPem: string;
  /** PKCS #8 in PEM form, not encrypted any more. */
  key: Secret;
}

const MAX_CHAIN = 5;
/** The extended key usage of TLS clients (RFC 5280 §4.2.1.12). */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * @param input the certificate, its chain behind it where there is one; the key, and what it is encrypted with
 * @throws Problem `invalid_input` at `pem`, `privateKeyPem` or `passphrase`
 */
export function readOwnCertificate(
  input: { pem?: string | undefined; privateKeyPem?: string | undefined; passphrase?: string | undefined },
  now: Date,
): OwnCertificate {
  if (input.pem === undefined) throw fieldProblem('pem', 'is needed: the certificate in PEM form');
  if (input.privateKeyPem === undefined)
    throw fieldProblem('privateKeyPem', 'is needed: the private key of the certificate, in PEM form');
  if (input.pem.includes('PRIVATE KEY-----'))
    throw fieldProblem('pem', 'holds a private key too; give that apart, as privateKeyPem');
  const [own = input.pem, ...chain] = input.pem.match(CERTIFICATE) ?? [];
  if (chain.length > MAX_CHAIN)
    throw fieldProblem(
      'pem',
      `has ${chain.length} certificates behind the first, and ${MAX_CHAIN} are the most`,
    );
  const facts = readCertificate(own, 'client', now);
  const chainPem = chain.map((pem) => readCertificate(pem, 'client', now).pem).join('');
  const key = readPrivateKey(input.privateKeyPem, input.passphrase);
  if (!new X509Certificate(facts.pem).checkPrivateKey(key))
    throw fieldProblem(
      'privateKeyPem',
      'does not belong to the certificate; where several certificates are given, ours must be the first',
    );
  return { facts, chainPem, key: new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString()) };
}

/** What may keep a server from accepting a certificate of ours; null where nothing does. */
export function warningOf(pem: string): string | null {
  const { keyUsage } = new X509Certificate(pem);
  if (keyUsage === undefined || keyUsage.includes(CLIENT_AUTH)) return null;
  return 'It is not made for clients: its extended key usage does not name clientAuth, and most servers refuse it.';
}

function readPrivateKey(pem: string, passphrase: string | undefined): KeyObject {
  const label = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(pem)?.[1];
  if (label === undefined || !label.endsWith('PRIVATE KEY'))
    throw fieldProblem(
      'privateKeyPem',
      label === 'CERTIFICATE'
        ? 'this is a certificate; its private key begins with -----BEGIN PRIVATE KEY----- or the like'
        : 'this is not a private key in PEM form, which begins with -----BEGIN PRIVATE KEY----- or the like',
    );
  if (label === 'OPENSSH PRIVATE KEY')
    throw fieldProblem(
      'privateKeyPem',
      'this is a key of SSH; TLS needs the one that the certificate was made for',
    );
  const isEncrypted = label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (isEncrypted && !passphrase) throw fieldProblem('passphrase', 'is needed: the private key is encrypted');
  if (label === 'ENCRYPTED PRIVATE KEY') refuseCostlyKey(pem);
  try {
    return createPrivateKey({ key: pem, ...(isEncrypted && { passphrase }) });
  } catch {
    // What OpenSSL says here ("unsupported", "bad decrypt") helps nobody, and it may quote the input.
    throw isEncrypted
      ? fieldProblem('passphrase', 'does not open the private key')
      : fieldProblem('privateKeyPem', 'cannot be read; it may be cut off or altered');
  }
}

/** Some seconds of work for one processor, which the API would spend on it alone. */
const MAX_ITERATIONS = 4_000_000;
/** scrypt (RFC 7914 §7), as DER. */
const SCRYPT = Buffer.from('060b2b06010401da47040b', 'hex');
const INTEGER = 0x02;
const CONSTRUCTED = 0x20;

/**
 * Refuses a key whose decryption would take minutes, as a key made for that can have it (RFC 8018 §A.4: how often the
 * passphrase is hashed is stated in the key).
 */
function refuseCostlyKey(pem: string): void {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
  // EncryptedPrivateKeyInfo: the algorithm with its numbers, then the data (RFC 5958 §3).
  const [algorithm] = partsOf(partsOf(der)[0]?.content ?? der);
  if (algorithm === undefined) return;
  const numbers = integersIn(algorithm.content);
  if (algorithm.content.includes(SCRYPT) || numbers.some((number) => number > MAX_ITERATIONS))
    throw fieldProblem(
      'privateKeyPem',
      'is encrypted in a way that takes too long to open; encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW',
    );
}

interface Part {
  tag: number;
  content: Buffer;
}

/** The values of a run of DER, one after the other (X.690 §8.1); what is cut off ends it. */
function partsOf(der: Buffer): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at + 2 <= der.length) {
    const tag = der.readUInt8(at);
    const first = der.readUInt8(at + 1);
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    if (lengthBytes > 4 || start > der.length) break;
    const length = lengthBytes === 0 ? first & 0x7f : der.readUIntBE(at + 2, lengthBytes);
    parts.push({ tag, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return parts;
}

/** Every integer at any depth; one of more than six bytes is larger than all that is permitted. */
function integersIn(der: Buffer, depth = 0): number[] {
  if (depth > 8) return [];
  return partsOf(der).flatMap(({ tag, content }) => {
    if (tag === INTEGER)
      return [
        content.length > 6 ? Infinity : content.length === 0 ? 0 : content.readUIntBE(0, content.length),
      ];
    return (tag & CONSTRUCTED) === 0 ? [] : integersIn(content, depth + 1);
  });
}
