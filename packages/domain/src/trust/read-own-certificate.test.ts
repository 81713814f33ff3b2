import { type KeyObject, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { getTestPki } from '@waybill/testing/pki.js';
import type { Problem } from '../problem.js';
import { readOwnCertificate, warningOf } from './read-own-certificate.js';

let pem: string;
let caPem: string;
let serverPem: string;
let key: KeyObject;
beforeAll(async () => {
  const pki = await getTestPki();
  const client = await pki.client();
  pem = client.certificatePem;
  caPem = pki.caPem;
  serverPem = (await pki.server('good')).certificatePem;
  key = createPrivateKey(client.keyPem);
});

type Input = Parameters<typeof readOwnCertificate>[0];
const read = (input: Input) => readOwnCertificate(input, new Date());
const pkcs8 = (): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const encrypted = (passphrase: string, type: 'pkcs8' | 'pkcs1' = 'pkcs8'): string =>
  key.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();

function refusalOf(input: Input): string {
  try {
    read(input);
  } catch (error) {
    const { errors } = error as Problem;
    return `${errors?.[0]?.path}: ${errors?.[0]?.message}`;
  }
  throw new Error('It was taken.');
}

describe('a certificate of ours', () => {
  test.each<[string, () => Input]>([
    ['PKCS #8', () => ({ pem, privateKeyPem: pkcs8() })],
    [
      'the traditional form of RSA',
      () => ({ pem, privateKeyPem: key.export({ type: 'pkcs1', format: 'pem' }).toString() }),
    ],
    [
      'PKCS #8 with a passphrase',
      () => ({ pem, privateKeyPem: encrypted('open sesame'), passphrase: 'open sesame' }),
    ],
    [
      'the traditional form with a passphrase',
      () => ({ pem, privateKeyPem: encrypted('s', 'pkcs1'), passphrase: 's' }),
    ],
    ['a passphrase that nothing needs', () => ({ pem, privateKeyPem: pkcs8(), passphrase: 's' })],
  ])('comes with its key in %s, which is kept as PKCS #8', (_, input) => {
    const own = read(input());
    expect(own.key.reveal()).toBe(pkcs8());
    expect(own.facts.subject).toBe('CN=waybill-client');
    expect(own.chainPem).toBe('');
  });

  test('brings its chain along', () => {
    const own = read({ pem: `Bag Attributes\n${pem}\nissuer\n${caPem}`, privateKeyPem: pkcs8() });
    expect(own.facts.subject).toBe('CN=waybill-client');
    expect(own.chainPem.replaceAll(/\s/g, '')).toBe(caPem.replaceAll(/\s/g, ''));
  });

  test.each<[string, () => Input, RegExp]>([
    ['no certificate', () => ({ privateKeyPem: pkcs8() }), /^pem: is needed/],
    ['no key', () => ({ pem }), /^privateKeyPem: is needed/],
    [
      'both in one field',
      () => ({ pem: pem + pkcs8(), privateKeyPem: pkcs8() }),
      /^pem: holds a private key/,
    ],
    [
      'the key of another',
      () => ({ pem: serverPem, privateKeyPem: pkcs8() }),
      /^privateKeyPem: does not belong/,
    ],
    ['the chain before ours', () => ({ pem: caPem + pem, privateKeyPem: pkcs8() }), /ours must be the first/],
    ['a chain without end', () => ({ pem: pem + caPem.repeat(6), privateKeyPem: pkcs8() }), /5 are the most/],
    [
      'a certificate as the key',
      () => ({ pem, privateKeyPem: pem }),
      /^privateKeyPem: this is a certificate/,
    ],
    ['no key at all', () => ({ pem, privateKeyPem: 'secret' }), /^privateKeyPem: this is not a private key/],
    ['a key of SSH', () => ({ pem, privateKeyPem: '-----BEGIN OPENSSH PRIVATE KEY-----' }), /a key of SSH/],
    ['half a key', () => ({ pem, privateKeyPem: pkcs8().slice(0, 300) }), /^privateKeyPem: cannot be read/],
    ['no passphrase', () => ({ pem, privateKeyPem: encrypted('x') }), /^passphrase: is needed/],
    [
      'a wrong passphrase',
      () => ({ pem, privateKeyPem: encrypted('x'), passphrase: 'y' }),
      /^passphrase: does not/,
    ],
  ])('%s is refused in words that help', (_, input, words) => {
    expect(refusalOf(input())).toMatch(words);
  });

  test('a key that would take minutes to open is refused at once', () => {
    const der = Buffer.from(encrypted('x').replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    // PBKDF2 of OpenSSL: the salt, then 2048 iterations.
    const at = der.indexOf(Buffer.from('02020800', 'hex'));
    expect(at).toBeGreaterThan(0);
    const costly = Buffer.concat([
      der.subarray(0, at),
      Buffer.from('02047fffffff', 'hex'),
      der.subarray(at + 4),
    ]);
    const privateKeyPem = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${withLengths(costly).toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
    const start = performance.now();
    expect(refusalOf({ pem, privateKeyPem, passphrase: 'x' })).toMatch(/takes too long to open/);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('one that is not for clients is taken with a warning', () => {
    expect(warningOf(pem)).toBeNull();
    expect(warningOf(serverPem)).toContain('clientAuth');
    expect(warningOf(caPem)).toBeNull();
  });

  test('a key of elliptic curves goes as well', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sec1 = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    expect(refusalOf({ pem, privateKeyPem: sec1 })).toMatch(/does not belong to the certificate/);
  });
});

/** Mends the lengths of the sequences around a number that was made two bytes longer. */
function withLengths(der: Buffer): Buffer {
  const mended = Buffer.from(der);
  // SEQUENCE of all; SEQUENCE of the algorithm; its parameters; the function; its parameters.
  let at = 0;
  for (let depth = 0; depth < 5; depth += 1) {
    while (mended[at] !== 0x30) at += 2 + (mended[at + 1] ?? 0);
    const first = mended[at + 1] ?? 0;
    if (first === 0x82) mended.writeUInt16BE(mended.readUInt16BE(at + 2) + 2, at + 2);
    else mended[at + 1] = first + 2;
    at += first === 0x82 ? 4 : 2;
  }
  return mended;
}
