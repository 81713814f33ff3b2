/** What an endpoint accepts as the peer's identity, checked against the inventory of certificates. */
import type { TrustMode, TrustPolicy } from '@waybill/contracts/trust.js';
import type { Tx } from '@waybill/db/transaction.js';
import { fieldProblem } from '../problem.js';

export interface Trust {
  mode: TrustMode;
  serverName: string | null;
  certificateIds: string[];
  /** SHA-256 fingerprints, as the seal of a password is bound to: of the CA certificates, or of the pinned keys. */
  anchors: string[];
}

export interface Anchor {
  fingerprintSha256: string | null;
  spkiSha256: string;
}

const NEEDED_KIND = { chosen_cas: 'ca', pinned_keys: 'pinned_key' } as const;

/**
 * @param path where the policy is within the input, for messages: `trust`
 * @throws Problem `invalid_input` where certificates are missing, unknown or of the wrong kind
 */
export async function resolveTrust(tx: Tx, policy: TrustPolicy, path: string): Promise<Trust> {
  const certificateIds = [...new Set(policy.certificateIds ?? [])];
  const trust = { mode: policy.mode, serverName: policy.serverName ?? null, certificateIds };
  const at = `${path}.certificateIds`;
  if (policy.mode === 'system_cas') {
    if (certificateIds.length > 0)
      throw fieldProblem(at, 'must be empty with system_cas; choose chosen_cas to trust only these');
    return { ...trust, anchors: [] };
  }
  const what = policy.mode === 'chosen_cas' ? 'CA certificate' : 'pinned key';
  if (certificateIds.length === 0) throw fieldProblem(at, `needs at least one ${what}; import it first`);
  const rows = await tx.certificate.findMany({ where: { id: { in: certificateIds } } });
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const [index, id] of (policy.certificateIds ?? []).entries()) {
    const row = found.get(id);
    if (row === undefined) throw fieldProblem(`${at}.${index}`, 'there is no certificate with that id');
    if (row.kind !== NEEDED_KIND[policy.mode])
      throw fieldProblem(`${at}.${index}`, `"${row.name}" is not a ${what}, which ${policy.mode} needs`);
  }
  return { ...trust, anchors: anchorsOf(policy.mode, rows) };
}

/** A CA is known by its whole certificate, a pin by its key. */
export function anchorsOf(mode: TrustMode, certificates: Anchor[]): string[] {
  if (mode === 'system_cas') return [];
  return certificates
    .map((row) => (mode === 'chosen_cas' ? (row.fingerprintSha256 ?? '') : row.spkiSha256))
    .filter((anchor) => anchor !== '')
    .sort();
}
