/** Makes X.509 certificates: for the practice partner, and every wrong kind that tests need. ECDSA P-256. */
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Both in PEM. */
export interface MadeCertificate {
  cert: string;
  key: string;
}

export interface CertificateRequest {
  commonName: string;
  use: 'ca' | 'server' | 'client';
  /** Host names and IP addresses for which a server's certificate is good. */
  names?: string[];
  /** The private key that it is for, in PEM; left out: a new one. */
  key?: string;
  /** Who signs it; left out: it signs itself. */
  issuer?: MadeCertificate;
  /** Default: an hour ago, for clocks that differ. */
  notBefore?: Date;
  /** Default: in 397 days, or in ten years for a CA. */
  notAfter?: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Makes a certificate (RFC 5280), and the key pair for it where none is given. */
export async function makeCertificate(request: CertificateRequest): Promise<MadeCertificate> {
  const pair = await (request.key === undefined
    ? webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    : importPair(request.key));
  const issuer = request.issuer;
  const issuerCert = issuer ? new X509Certificate(issuer.cert) : null;
  const subject = [{ CN: [request.commonName] }];
  const lifeMs = (request.use === 'ca' ? 3650 : 397) * DAY_MS;
  const cert = await X509CertificateGenerator.create({
    // Positive, 127 bits of chance (RFC 5280 section 4.1.2.2 wants it positive and at most 20 octets).
    serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
    subject,
    issuer: issuerCert ? issuerCert.subjectName : subject,
    notBefore: request.notBefore ?? new Date(Date.now() - HOUR_MS),
    notAfter: request.notAfter ?? new Date(Date.now() + lifeMs),
    publicKey: pair.publicKey,
    signingKey: issuer ? await importKey(issuer.key) : pair.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      ...extensionsForUse(request),
      await SubjectKeyIdentifierExtension.create(pair.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuerCert ? issuerCert.publicKey : pair.publicKey),
    ],
  });
  const key = request.key ?? String(KeyObject.from(pair.privateKey).export({ type: 'pkcs8', format: 'pem' }));
  return { cert: `${cert.toString('pem')}\n`, key };
}

function extensionsForUse({ use, names = [] }: CertificateRequest) {
  if (use === 'ca') {
    return [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ];
  }
  const purpose = use === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
  const general = names.map((value) => ({
    type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
    value,
  }));
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([purpose]),
    ...(general.length > 0 ? [new SubjectAlternativeNameExtension(general)] : []),
  ];
}

async function importPair(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const publicKey = await webcrypto.subtle.importKey('spki', der, ALGORITHM, true, ['verify']);
  return { publicKey, privateKey: await importKey(pem) };
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}
