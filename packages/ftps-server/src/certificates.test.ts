import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { makeCertificate } from './certificates.js';

test('a CA signs a server certificate with its names; both say what they are for', async () => {
  const ca = await makeCertificate({ commonName: 'A CA', use: 'ca' });
  const names = ['localhost', 'partner.example', '127.0.0.1', '::1'];
  const server = await makeCertificate({ commonName: 'A server', use: 'server', names, issuer: ca });
  const [issuer, leaf] = [new X509Certificate(ca.cert), new X509Certificate(server.cert)];
  expect(issuer.ca).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.verify(issuer.publicKey)).toBe(true);
  expect(leaf.checkIssued(issuer)).toBe(true);
  expect(leaf.checkHost('partner.example')).toBe('partner.example');
  expect(leaf.checkHost('other.example')).toBeUndefined();
  expect([leaf.checkIP('127.0.0.1'), leaf.checkIP('::1')]).toEqual(['127.0.0.1', '::1']);
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('expired, not yet valid, self-signed, for a client: each as asked', async () => {
  const notBefore = new Date('2020-01-01T00:00:00Z');
  const notAfter = new Date('2020-02-01T00:00:00Z');
  const old = new X509Certificate(
    (await makeCertificate({ commonName: 'x', use: 'client', notBefore, notAfter })).cert,
  );
  expect([new Date(old.validFrom), new Date(old.validTo)]).toEqual([notBefore, notAfter]);
  expect(old.verify(old.publicKey)).toBe(true);
  expect(old.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
});

test('serial numbers are positive, short enough and never the same', async () => {
  const made = await Promise.all(
    Array.from({ length: 20 }, () => makeCertificate({ commonName: 'x', use: 'ca' })),
  );
  const serials = made.map(({ cert }) => new X509Certificate(cert).serialNumber);
  expect(new Set(serials).size).toBe(20);
  for (const serial of serials) expect(serial).toMatch(/^4[0-9A-F]{31}$/);
});
