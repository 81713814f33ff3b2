/** The practice partner's own CA and server certificate: made at first start, kept, renewed before they end. */
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { errorCode } from './error-facts.js';
import { makeCertificate, type MadeCertificate } from './certificates.js';
import { writePrivately } from './write-privately.js';

export interface PracticePki {
  ca: MadeCertificate;
  server: MadeCertificate;
}

/** For which hosts the certificate is good. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'];
const RENEW_BEFORE_END_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Reads or makes ca.pem, ca.key, server.pem and server.key in a folder (0700, keys 0600). The server's
 * certificate is made anew when it soon ends, lacks one of the names of loopback or is not of this CA.
 */
export async function makePracticePki(folder: string): Promise<PracticePki> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const ca = await keep(folder, 'ca', {
    isGood: (cert) => cert.ca,
    make: () => makeCertificate({ commonName: 'Waybill practice CA', use: 'ca' }),
  });
  const issuer = new X509Certificate(ca.cert);
  const server = await keep(folder, 'server', {
    isGood: (cert) =>
      cert.verify(issuer.publicKey) &&
      LOOPBACK_NAMES.every((name) => (isIP(name) === 0 ? cert.checkHost(name) : cert.checkIP(name))),
    make: () =>
      makeCertificate({
        commonName: 'Waybill practice partner',
        use: 'server',
        names: LOOPBACK_NAMES,
        issuer: ca,
      }),
  });
  return { ca, server };
}

async function keep(
  folder: string,
  name: string,
  rule: { isGood: (cert: X509Certificate) => boolean; make: () => Promise<MadeCertificate> },
): Promise<MadeCertificate> {
  const certPath = join(folder, `${name}.pem`);
  const keyPath = join(folder, `${name}.key`);
  const kept = await readBoth(certPath, keyPath);
  if (kept) {
    const cert = new X509Certificate(kept.cert);
    const endsLater = Date.parse(cert.validTo) - Date.now() > RENEW_BEFORE_END_MS;
    if (endsLater && rule.isGood(cert)) return kept;
  }
  const made = await rule.make();
  await writePrivately(keyPath, made.key);
  await writePrivately(certPath, made.cert);
  return made;
}

async function readBoth(certPath: string, keyPath: string): Promise<MadeCertificate | null> {
  try {
    return { cert: await readFile(certPath, 'utf8'), key: await readFile(keyPath, 'utf8') };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
