import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';
import { id, instant, name } from './text.js';

export const certificateKind = z.enum(['ca', 'pinned_key', 'client']);
export type CertificateKind = z.infer<typeof certificateKind>;

/**
 * What is imported: a CA certificate as PEM, a server's key to pin (its certificate, or its fingerprint), or a
 * certificate of ours with its private key, which we show to servers that ask for one.
 */
export const certificateImport = z
  .object({
    name,
    partnerId: id.nullable().optional(),
    kind: certificateKind,
    pem: z
      .string()
      .max(60_000)
      .optional()
      .describe('One certificate in PEM form; behind one of ours may follow its chain.'),
    spkiSha256: z
      .string()
      .trim()
      .max(100)
      .optional()
      .describe('For a pin without a certificate: SHA-256 of the public key, in hex or base64.'),
    privateKeyPem: z
      .string()
      .max(20_000)
      .optional()
      .describe('For client: its private key in PEM form. Sealed on arrival, never returned.'),
    passphrase: z.string().max(500).optional().describe('Where the private key is encrypted. Not kept.'),
  })
  .meta({ id: 'CertificateImport' });
export type CertificateImport = z.infer<typeof certificateImport>;

export const certificate = z
  .object({
    id,
    name: z.string(),
    partnerId: id.nullable(),
    kind: certificateKind,
    subject: z.string().nullable(),
    issuer: z.string().nullable(),
    serialNumber: z.string().nullable(),
    notBefore: instant.nullable(),
    notAfter: instant.nullable(),
    fingerprintSha256: z.string().nullable(),
    spkiSha256: z.string(),
    hasPrivateKey: z.boolean().describe('Whether its private key is sealed here, for the worker alone.'),
    warning: z
      .string()
      .nullable()
      .describe('What may keep a server from accepting it; null where nothing does.'),
    endpointCount: z.number().int(),
    createdAt: instant,
  })
  .meta({ id: 'Certificate' });
export type Certificate = z.infer<typeof certificate>;
export const certificatePage = pageOf(certificate, 'CertificatePage');
export const certificateQuery = pageQuery.extend({
  search: z.string().trim().max(100).optional(),
  partnerId: id.optional(),
  kind: certificateKind.optional(),
});
export type CertificateQuery = z.infer<typeof certificateQuery>;
