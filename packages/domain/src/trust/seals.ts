/**
 * The sealed passwords of a credential: one seal for each server (host, name, trust) that it may be opened for.
 * Sealing takes no network and some 0.1 ms, so it may happen within a transaction.
 */
import type { Tx } from '@waybill/db/transaction.js';
import { type PasswordBinding, bindingHash } from '@waybill/vault/binding.js';
import type { Seal } from '@waybill/vault/seal.js';
import { Secret } from '@waybill/vault/secret.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { newId } from '../new-id.js';
import { Problem } from '../problem.js';

export interface PasswordInput {
  credentialId: string;
  password: string;
  /** The server that it is given for; without one, every server that it is sealed for already. */
  binding?: PasswordBinding;
}

/**
 * Takes a password. For a server that has no seal yet, it is sealed for that server and the others stay as they
 * are: it is the same password, entered again. For one that has, it is a new password, sealed anew for all.
 *
 * Events credential.password_set
 */
export async function setPassword(tx: Tx, actor: Actor, input: PasswordInput, seal: Seal): Promise<void> {
  const { credentialId, binding } = input;
  // One at a time, so that two changes at once cannot leave old and new passwords side by side.
  await tx.$queryRaw`SELECT 1 FROM credential WHERE id = ${credentialId}::uuid FOR NO KEY UPDATE`;
  const credential = await tx.credential.findUniqueOrThrow({
    where: { id: credentialId },
    include: { seals: { select: { bindingHash: true, binding: true } } },
  });
  const isFirstForServer =
    binding !== undefined && !credential.seals.some((row) => isFor(row.bindingHash, binding));
  const bindings = isFirstForServer ? [binding] : credential.seals.map((row) => readBinding(row.binding));
  const secret = new Secret(input.password);
  const rows = await Promise.all(bindings.map((one) => sealRow(secret, one, seal)));
  await tx.credentialSeal.deleteMany({
    where: { credentialId, bindingHash: { in: rows.map((row) => row.bindingHash) } },
  });
  await tx.credentialSeal.createMany({ data: rows });
  const { name, partnerId } = await tx.credential.update({
    where: { id: credentialId },
    data: { rotatedAt: new Date() },
  });
  await appendEvent(tx, actor, {
    action: 'credential.password_set',
    object: { kind: 'credential', id: credentialId, name },
    partnerId,
    details: {
      sealedFor: hostsOf(bindings),
      vaultKeyId: rows[0]?.vaultKeyId ?? '',
    },
  });
}

/**
 * @param field the one of the input in which the password comes
 * @throws Problem `password_needed` where the password is not sealed for that server or proxy
 */
export async function requireSeal(tx: Tx, binding: PasswordBinding, field: string): Promise<void> {
  const { credentialId, host, trustMode } = binding;
  const seal = await tx.credentialSeal.findUnique({
    where: { credentialId_bindingHash: { credentialId, bindingHash: hashOf(binding) } },
    select: { credentialId: true },
  });
  if (seal !== null) return;
  const { name } = await tx.credential.findUniqueOrThrow({ where: { id: credentialId } });
  const why =
    trustMode === 'plain_ftp'
      ? `is not sent to ${host} without encryption unless somebody enters it for that`
      : trustMode === 'proxy'
        ? `is not handed to the proxy ${host} unless somebody enters it for that`
        : `is sealed for the server and the trust that it was entered for, and is not handed to ${host} under this trust`;
  throw new Problem(
    'password_needed',
    `The password of "${name}" ${why}. Send it again with this request, as ${field}.`,
    {
      errors: [{ path: field, message: `is needed for this ${trustMode === 'proxy' ? 'proxy' : 'server'}` }],
    },
  );
}

/** The servers of some bindings, for people. */
export function hostsOf(bindings: PasswordBinding[]): string[] {
  return [...new Set(bindings.map((binding) => binding.host))].sort();
}

/** Reads what `setPassword` has written; nobody else writes the column. */
export function readBinding(binding: unknown): PasswordBinding {
  return binding as PasswordBinding;
}

/** Whether a stored hash is that of the binding. */
export function isFor(hash: Uint8Array, binding: PasswordBinding): boolean {
  return bindingHash(binding).equals(hash);
}

/** As the database client takes it. */
export function hashOf(binding: PasswordBinding): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bindingHash(binding));
}

async function sealRow(secret: Secret, binding: PasswordBinding, seal: Seal) {
  const { sealed, vaultKeyId } = await seal(secret, binding);
  return {
    id: newId(),
    credentialId: binding.credentialId,
    bindingHash: hashOf(binding),
    binding: { ...binding },
    sealed: new Uint8Array(sealed),
    vaultKeyId,
  };
}
