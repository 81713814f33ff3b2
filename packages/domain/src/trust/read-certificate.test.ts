import { X509Certificate, createHash, webcrypto } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import 'reflect-metadata'; // @peculiar/x509 does not load without it
import * as x509 from '@peculiar/x509';
import { Problem } from '../problem.js';
import { readCertificate, readFingerprint } from './read-certificate.js';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-06-01T00:00:00Z');
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

interface Wanted {
  isCa?: boolean | null;
  notAfter?: Date;
  name?: string;
  algorithm?: typeof EC | RsaHashedKeyGenParams;
}
type RsaHashedKeyGenParams = webcrypto.RsaHashedKeyGenParams;

async function makeCertificate({
  isCa = true,
  notAfter,
  name = 'CN=Bank CA, O=Bank',
  algorithm = EC,
}: Wanted) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    serialNumber: '0a0b0c',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(NOW.getTime() - 10 * DAY_MS),
    notAfter: notAfter ?? new Date(NOW.getTime() + 10 * DAY_MS),
    extensions: isCa === null ? [] : [new x509.BasicConstraintsExtension(isCa, undefined, true)],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    pem: certificate.toString('pem'),
    der: Buffer.from(certificate.rawData),
    spki: Buffer.from(certificate.publicKey.rawData),
    keyPem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_input') return error.errors?.[0]?.message ?? '';
    throw error;
  }
  throw new Error('It was taken.');
}

let ca: Awaited<ReturnType<typeof makeCertificate>>;
beforeAll(async () => {
  ca = await makeCertificate({});
});

describe('a certificate in PEM form', () => {
  test('gives names, dates and both fingerprints, in lower-case hex', () => {
    const facts = readCertificate(ca.pem, 'ca', NOW);
    expect(facts).toEqual({
      pem: new X509Certificate(ca.pem).toString(),
      subject: 'CN=Bank CA, O=Bank',
      issuer: 'CN=Bank CA, O=Bank',
      serialNumber: '0A0B0C',
      notBefore: new Date(NOW.getTime() - 10 * DAY_MS),
      notAfter: new Date(NOW.getTime() + 10 * DAY_MS),
      fingerprintSha256: createHash('sha256').update(ca.der).digest('hex'),
      spkiSha256: createHash('sha256').update(ca.spki).digest('hex'),
    });
  });

  test('is kept without the text around it', () => {
    const facts = readCertificate(`Bag Attributes\n  friendlyName: x\n${ca.pem}\ntrailing`, 'ca', NOW);
    expect(facts.pem).toBe(new X509Certificate(ca.pem).toString());
  });

  test('with Windows line ends is read as well', () => {
    expect(readCertificate(ca.pem.replaceAll('\n', '\r\n'), 'ca', NOW).subject).toBe('CN=Bank CA, O=Bank');
  });

  test('loses characters of its names that change the direction of text', async () => {
    const { pem } = await makeCertificate({ name: 'CN=good\u202egpj.exe' });
    expect(readCertificate(pem, 'ca', NOW).subject).toBe('CN=good gpj.exe');
  });

  test('of a server is no CA, and the message names the way out', async () => {
    for (const isCa of [false, null]) {
      const { pem } = await makeCertificate({ isCa });
      expect(faultOf(() => readCertificate(pem, 'ca', NOW))).toMatch(
        /not the certificate of a CA.*as a server’s key/,
      );
      expect(readCertificate(pem, 'pinned_key', NOW).spkiSha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test('that has expired is refused with its last day', async () => {
    const { pem } = await makeCertificate({ notAfter: new Date('2026-05-31T12:00:00Z') });
    expect(faultOf(() => readCertificate(pem, 'ca', NOW))).toMatch(/expired on 2026-05-31/);
    expect(faultOf(() => readCertificate(pem, 'pinned_key', NOW))).toMatch(/expired on 2026-05-31/);
  });

  test('with a date that is none is refused', () => {
    // A date of 13 characters stands behind its tag and its length.
    const [from, to] = [...ca.der.toString('latin1').matchAll(/\x17\x0d(\d{12}Z)/g)].map(
      ({ index }) => index,
    );
    for (const at of [from!, to!]) {
      const der = Buffer.from(ca.der);
      der.write('999999999999Z', at + 2, 'latin1');
      const pem = x509.PemConverter.encode(der, 'CERTIFICATE');
      expect(faultOf(() => readCertificate(pem, 'ca', NOW))).toMatch(/a date in it is none/);
      expect(faultOf(() => readCertificate(pem, 'pinned_key', NOW))).toMatch(/a date in it is none/);
    }
  });

  test('with a key that TLS does not take is refused', async () => {
    const { pem } = await makeCertificate({
      algorithm: {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: 1024,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
    });
    expect(faultOf(() => readCertificate(pem, 'ca', NOW))).toMatch(/1024 bits/);
  });
});

describe('what is not one certificate', () => {
  test('a private key is refused, and nothing of it is repeated', () => {
    for (const label of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']) {
      const key = ca.keyPem.replaceAll('PRIVATE KEY', label);
      for (const text of [key, ca.pem + key, key + ca.pem]) {
        const fault = faultOf(() => readCertificate(text, 'ca', NOW));
        expect(fault).toMatch(/private key.*not stored/);
        expect(fault).not.toContain(ca.keyPem.split('\n')[1]);
      }
    }
  });

  test('several in one file are counted', () => {
    expect(faultOf(() => readCertificate(ca.pem + ca.pem + ca.pem, 'ca', NOW))).toMatch(/holds 3 PEM blocks/);
  });

  test('a request, a public key and other blocks are named', () => {
    const as = (label: string) => ca.pem.replaceAll('CERTIFICATE', label);
    expect(faultOf(() => readCertificate(as('CERTIFICATE REQUEST'), 'ca', NOW))).toMatch(/request/);
    expect(faultOf(() => readCertificate(as('PUBLIC KEY'), 'ca', NOW))).toMatch(/PUBLIC KEY block/);
    expect(faultOf(() => readCertificate(as('PKCS7'), 'ca', NOW))).toMatch(/PKCS7 block/);
  });

  test('DER is recognised, as bytes and as base64 without the lines around it', () => {
    expect(faultOf(() => readCertificate(ca.der.toString('latin1'), 'ca', NOW))).toMatch(/DER.*openssl x509/);
    expect(faultOf(() => readCertificate(ca.der.toString('utf8'), 'ca', NOW))).toMatch(/DER/);
    expect(faultOf(() => readCertificate(ca.der.toString('base64'), 'ca', NOW))).toMatch(/lines.*missing/);
  });

  test('a certificate that is cut off, broken or empty is refused', () => {
    const half = ca.pem.slice(0, 200) + '\n-----END CERTIFICATE-----\n';
    const broken = ca.pem.replace('MII', 'MIX');
    for (const text of [half, broken, ca.pem.slice(0, 300)])
      expect(faultOf(() => readCertificate(text, 'ca', NOW))).toMatch(/cannot be read/);
    expect(faultOf(() => readCertificate('', 'ca', NOW))).toMatch(/not a certificate in PEM form/);
    expect(faultOf(() => readCertificate('hello', 'ca', NOW))).toMatch(/not a certificate in PEM form/);
  });
});

describe('the fingerprint of a key', () => {
  const bytes = createHash('sha256').update('a key').digest();
  const hex = bytes.toString('hex');

  test('is taken in every form in which people have it', () => {
    const colons = (hex.toUpperCase().match(/../g) ?? []).join(':');
    for (const text of [hex, hex.toUpperCase(), colons, bytes.toString('base64'), ` ${hex} `])
      expect(readFingerprint(text)).toBe(hex);
    expect(readFingerprint(`sha256/${bytes.toString('base64')}`)).toBe(hex);
    expect(readFingerprint(`SHA256:${bytes.toString('base64').replace('=', '')}`)).toBe(hex);
    expect(readFingerprint(bytes.toString('base64url'))).toBe(hex);
  });

  test('of another length or alphabet is refused', () => {
    for (const text of ['', 'abc', hex.slice(1), `${hex}0`, 'z'.repeat(64), 'ab:cd'])
      expect(faultOf(() => readFingerprint(text))).toMatch(/64 hex digits/);
  });
});
