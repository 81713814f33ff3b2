/**
 * Certificates: the CA certificates and the pinned keys by which endpoints know a partner's server, and those of ours,
 * with their sealed private keys, which servers ask for.
 */
import type { Certificate, CertificateImport, CertificateQuery } from '@waybill/contracts/certificates.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { valuesOf } from '../audit/changes.js';
import { writing } from '../database-problem.js';
import { nameList } from '../name-list.js';
import { newId } from '../new-id.js';
import { afterName, rowsToTake, toPage } from '../paging.js';
import { requirePartner } from '../partners/require-partner.js';
import { Problem, fieldProblem } from '../problem.js';
import { containing } from '../search.js';
import { readCertificate, readFingerprint } from './read-certificate.js';
import { readOwnCertificate, warningOf } from './read-own-certificate.js';

const AUDITED = [
  'name',
  'partnerId',
  'kind',
  'subject',
  'issuer',
  'serialNumber',
  'notBefore',
  'notAfter',
  'fingerprintSha256',
  'spkiSha256',
] as const;

const withCount = { _count: { select: { endpoints: true, shownBy: true } } };

/** What an endpoint may trust. */
export type TrustedImport = CertificateImport & { kind: Exclude<Certificate['kind'], 'client'> };

/** @throws Problem `invalid_input` where the text is not one certificate that fits the kind, or is known already */
export function importCertificate(tx: Tx, actor: Actor, input: TrustedImport): Promise<Certificate> {
  return insertCertificate(tx, actor, { input, facts: readFacts(input) });
}

/**
 * One of ours, with its key: that goes into the seal, and nowhere else.
 * @throws Problem `invalid_input` where certificate and key cannot be used, do not belong together, or are known already
 */
export async function importOwnCertificate(
  tx: Tx,
  actor: Actor,
  input: CertificateImport,
  seal: Seal,
): Promise<Certificate> {
  if (input.spkiSha256 !== undefined)
    throw fieldProblem('spkiSha256', 'is for a pinned key; a certificate of ours comes whole, with its key');
  const { facts, chainPem, key } = readOwnCertificate(input, new Date());
  const { sealed, vaultKeyId } = await seal(key, { certificateSha256: facts.fingerprintSha256 });
  return insertCertificate(tx, actor, {
    input,
    facts: { ...facts, chainPem, sealedKey: new Uint8Array(sealed), vaultKeyId },
  });
}

type Facts = Pick<Prisma.CertificateUncheckedCreateInput, 'spkiSha256' | 'fingerprintSha256'> &
  Partial<Prisma.CertificateUncheckedCreateInput>;

async function insertCertificate(
  tx: Tx,
  actor: Actor,
  { input, facts }: { input: CertificateImport; facts: Facts },
): Promise<Certificate> {
  await requirePartner(tx, input.partnerId);
  const field = input.pem === undefined ? 'spkiSha256' : 'pem';
  // Of two imports of one key at once, the second finds the first.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`certificate ${facts.spkiSha256}`}, 0))`;
  const same = await tx.certificate.findFirst({
    where: {
      kind: input.kind,
      // Two certificates may share a key, so a certificate is known by its fingerprint and a pin by its key.
      ...(input.kind !== 'pinned_key'
        ? { fingerprintSha256: facts.fingerprintSha256 ?? null }
        : { spkiSha256: facts.spkiSha256 }),
    },
  });
  if (same !== null) throw fieldProblem(field, `this one is in the inventory already, as "${same.name}"`);
  const row = await writing('A certificate', () =>
    tx.certificate.create({
      data: { ...facts, id: newId(), name: input.name, partnerId: input.partnerId ?? null, kind: input.kind },
    }),
  );
  await appendEvent(tx, actor, {
    action: 'certificate.imported',
    object: { kind: 'certificate', id: row.id, name: row.name },
    partnerId: row.partnerId,
    details: { values: valuesOf(row, AUDITED) },
  });
  return getCertificate(tx, row.id);
}

/** @throws Problem `in_use` while an endpoint trusts it or shows it */
export async function deleteCertificate(tx: Tx, actor: Actor, input: { id: string }): Promise<void> {
  const row = await tx.certificate.findUnique({
    where: { id: input.id },
    include: {
      endpoints: { select: { endpoint: { select: { name: true } } } },
      shownBy: { select: { name: true } },
    },
  });
  if (row === null) throw certificateNotFound();
  if (row.endpoints.length > 0)
    throw new Problem(
      'in_use',
      `${row.name} is trusted by ${nameList(row.endpoints.map(({ endpoint }) => endpoint.name))}. Change their trust first.`,
    );
  if (row.shownBy.length > 0)
    throw new Problem(
      'in_use',
      `${row.name} is shown by ${nameList(row.shownBy.map(({ name }) => name))}. Give them another one first.`,
    );
  await writing('The certificate', () => tx.certificate.delete({ where: { id: input.id } }));
  await appendEvent(tx, actor, {
    action: 'certificate.deleted',
    object: { kind: 'certificate', id: row.id, name: row.name },
    partnerId: row.partnerId,
    details: { values: valuesOf(row, AUDITED) },
  });
}

export async function getCertificate(tx: Tx, id: string): Promise<Certificate> {
  const row = await tx.certificate.findUnique({ where: { id }, include: withCount });
  if (row === null) throw certificateNotFound();
  return toCertificate(row);
}

/** Certificates by name, A to Z. */
export async function listCertificates(tx: Tx, query: CertificateQuery) {
  const rows = await tx.certificate.findMany({
    where: {
      AND: [
        afterName('certificates', query),
        query.search ? { name: containing(query.search) } : {},
        query.partnerId ? { partnerId: query.partnerId } : {},
        query.kind ? { kind: query.kind } : {},
      ],
    },
    include: withCount,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list: 'certificates',
    item: toCertificate,
    place: (row) => ({ at: row.name, id: row.id }),
  });
}

function readFacts(input: TrustedImport): Facts {
  const secret = (['privateKeyPem', 'passphrase'] as const).find((field) => input[field] !== undefined);
  if (secret !== undefined)
    throw fieldProblem(secret, 'is for a certificate of ours, the kind client. It was not stored');
  if (input.pem !== undefined) {
    const facts = readCertificate(input.pem, input.kind, new Date());
    if (input.spkiSha256 !== undefined && readFingerprint(input.spkiSha256) !== facts.spkiSha256)
      throw fieldProblem('spkiSha256', 'does not belong to the certificate; leave one of the two out');
    return facts;
  }
  if (input.kind === 'ca') throw fieldProblem('pem', 'is needed: the certificate of the CA in PEM form');
  if (input.spkiSha256 === undefined)
    throw fieldProblem(
      'pem',
      "is needed: the server's certificate, or the fingerprint of its key as spkiSha256",
    );
  return { fingerprintSha256: null, spkiSha256: readFingerprint(input.spkiSha256) };
}

function certificateNotFound(): Problem {
  return new Problem('not_found', 'There is no certificate with that id.');
}

interface CertificateRow {
  pem: string | null;
  sealedKey: Uint8Array | null;
  id: string;
  name: string;
  partnerId: string | null;
  kind: Certificate['kind'];
  subject: string | null;
  issuer: string | null;
  serialNumber: string | null;
  notBefore: Date | null;
  notAfter: Date | null;
  fingerprintSha256: string | null;
  spkiSha256: string;
  createdAt: Date;
  _count: { endpoints: number; shownBy: number };
}

/** A positive list of what leaves. */
function toCertificate(row: CertificateRow): Certificate {
  return {
    id: row.id,
    name: row.name,
    partnerId: row.partnerId,
    kind: row.kind,
    subject: row.subject,
    issuer: row.issuer,
    serialNumber: row.serialNumber,
    notBefore: row.notBefore?.toISOString() ?? null,
    notAfter: row.notAfter?.toISOString() ?? null,
    fingerprintSha256: row.fingerprintSha256,
    spkiSha256: row.spkiSha256,
    hasPrivateKey: row.sealedKey !== null,
    warning: row.kind === 'client' && row.pem !== null ? warningOf(row.pem) : null,
    endpointCount: row._count.endpoints + row._count.shownBy,
    createdAt: row.createdAt.toISOString(),
  };
}
