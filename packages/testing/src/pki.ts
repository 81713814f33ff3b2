import { webcrypto } from 'node:crypto';
import 'reflect-metadata'; // @peculiar/x509 does not load without it
import * as x509 from '@peculiar/x509';

/**
 * A public key infrastructure for tests: one authority that the client is told to trust, and server certificates
 * that are good or wrong in exactly one way. Written apart from the certificates of the practice partner, so that
 * one mistake cannot make both sides agree.
 */

/**
 * - `good`: for localhost, 127.0.0.1, 127.0.0.2 and ::1, signed by the authority
 * - `expired`: the same, ended yesterday
 * - `wrong-host`: signed by the authority, for partner.invalid only
 * - `self-signed`: for localhost, signed by its own key
 * - `unknown-ca`: for localhost, signed by another authority of the same name
 */
export type CertificateKind = 'good' | 'expired' | 'wrong-host' | 'self-signed' | 'unknown-ca';

/**
 * What a client shows; each for `CN=waybill-client`.
 * - `good`: signed by the authority
 * - `expired`: the same, ended yesterday
 * - `unknown-ca`: signed by another authority of the same name
 */
export type ClientCertificateKind = 'good' | 'expired' | 'unknown-ca';

/** Both in PEM. */
export interface KeyAndCertificate {
  keyPem: string;
  certificatePem: string;
}

export interface TestPki {
  /** The certificate of the authority that clients are to trust, in PEM. */
  caPem: string;
  server(kind: CertificateKind): Promise<KeyAndCertificate>;
  client(kind?: ClientCertificateKind): Promise<KeyAndCertificate>;
}

interface Authority {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  // RSA, because vsftpd and ProFTPD take it under every configuration.
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const dayMs = 24 * 3600_000;
const localNames: x509.JsonGeneralNames = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '127.0.0.2' },
  { type: 'ip', value: '::1' },
];

let pki: Promise<TestPki> | undefined;

/** The PKI of this test file: made at the first call (some 200 ms), the same afterwards. */
export function getTestPki(): Promise<TestPki> {
  pki ??= makeTestPki();
  return pki;
}

async function makeTestPki(): Promise<TestPki> {
  const [authority, serverKeys] = await Promise.all([makeAuthority(), makeKeys()]);
  const made = new Map<string, Promise<KeyAndCertificate>>();
  const once = (name: string, make: () => Promise<KeyAndCertificate>) => {
    const found = made.get(name) ?? make();
    made.set(name, found);
    return found;
  };
  return {
    caPem: authority.certificate.toString('pem'),
    server: (kind) => once(kind, () => makeServerCertificate(kind, authority, serverKeys)),
    client: (kind = 'good') => once(`client ${kind}`, () => makeClientCertificate(kind, authority)),
  };
}

async function makeServerCertificate(
  kind: CertificateKind,
  authority: Authority,
  keys: webcrypto.CryptoKeyPair,
): Promise<KeyAndCertificate> {
  switch (kind) {
    case 'good':
      return signLeaf({ issuer: authority, keys });
    case 'expired':
      return signLeaf({ issuer: authority, keys, endsInMs: -dayMs });
    case 'wrong-host':
      return signLeaf({ issuer: authority, keys, names: [{ type: 'dns', value: 'partner.invalid' }] });
    case 'self-signed':
      return signLeaf({ keys });
    case 'unknown-ca':
      return signLeaf({ issuer: await makeAuthority(), keys });
  }
}

async function makeClientCertificate(
  kind: ClientCertificateKind,
  authority: Authority,
): Promise<KeyAndCertificate> {
  const issuer = kind === 'unknown-ca' ? await makeAuthority() : authority;
  const endsInMs = kind === 'expired' ? -dayMs : undefined;
  return signLeaf({ issuer, keys: await makeKeys(), endsInMs, use: 'client' });
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function makeAuthority(): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Waybill test authority',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 30 * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

interface Leaf {
  /** Left out: signed by its own key. */
  issuer?: Authority;
  keys: webcrypto.CryptoKeyPair;
  names?: x509.JsonGeneralNames;
  endsInMs?: number;
  use?: 'server' | 'client';
}

async function signLeaf(leaf: Leaf): Promise<KeyAndCertificate> {
  const { issuer, keys, names = localNames, endsInMs = 30 * dayMs, use = 'server' } = leaf;
  const subject = use === 'client' ? 'CN=waybill-client' : 'CN=localhost';
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer ? issuer.certificate.subject : subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 10 * dayMs),
    notAfter: new Date(Date.now() + endsInMs),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([
        use === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
      ]),
      ...(use === 'server' ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ...(issuer ? [await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey)] : []),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY') + '\n',
    certificatePem: certificate.toString('pem') + '\n',
  };
}
