/** How an endpoint signs in: which credential, and whether its password may go to this server. */
import { cutText } from '@waybill/contracts/text.js';
import type { Tx } from '@waybill/db/transaction.js';
import { type SecretBinding, canonicalBinding } from '@waybill/vault/binding.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { Problem, fieldProblem } from '../problem.js';
import { changeCredential, insertCredential } from '../trust/credentials.js';
import { hashOf, requireSeal, setPassword } from '../trust/seals.js';
import { bindingOf, withTrust } from './endpoint-binding.js';

export interface SignInInput {
  credentialId?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
}

export interface SignInOwner {
  name: string;
  partnerId: string | null;
  /** The credential so far; null for a new endpoint. */
  credentialId: string | null;
}

const MAX_OWN_NAME = 90;

/**
 * Decides the credential: the one that is named, the one so far, or a new one of the endpoint's own.
 * @throws Problem `invalid_input`, or `password_needed` where a shared credential cannot take another user name
 */
export async function chooseCredential(
  tx: Tx,
  actor: Actor,
  { owner, input }: { owner: SignInOwner; input: SignInInput },
): Promise<string> {
  if (input.credentialId !== undefined) {
    if (input.username !== undefined)
      throw fieldProblem('username', 'belongs to the credential; leave it out, or leave out credentialId');
    const found = await tx.credential.findUnique({
      where: { id: input.credentialId },
      select: { id: true },
    });
    if (found === null) throw fieldProblem('credentialId', 'there is no credential with that id');
    return found.id;
  }
  if (owner.credentialId === null) return makeOwnCredential(tx, actor, { owner, input });
  if (input.username === undefined) return owner.credentialId;

  const current = await tx.credential.findUniqueOrThrow({
    where: { id: owner.credentialId },
    include: { _count: { select: { endpoints: true } } },
  });
  if (current.username === input.username) return current.id;
  if (current._count.endpoints <= 1) {
    await changeCredential(tx, actor, { id: current.id, change: { username: input.username } });
    return current.id;
  }
  if (input.password === undefined)
    throw new Problem(
      'password_needed',
      `"${current.name}" serves ${current._count.endpoints} endpoints. With another user name this endpoint gets a credential of its own, so send its password too; or change the user name of the credential for all of them.`,
      { errors: [{ path: 'password', message: 'is needed with another user name' }] },
    );
  return makeOwnCredential(tx, actor, { owner, input });
}

/** @throws Problem `password_needed` where the server is new to the credential and no password comes along */
export async function allowServer(
  tx: Tx,
  actor: Actor,
  { binding, password }: { binding: SecretBinding; password: string | undefined },
  seal: Seal,
): Promise<void> {
  const { credentialId } = binding;
  if (password !== undefined) return setPassword(tx, actor, { credentialId, password, binding }, seal);
  const { name } = await tx.credential.findUniqueOrThrow({ where: { id: credentialId } });
  await requireSeal(tx, binding, name);
}

/**
 * Drops the seal of a server that an endpoint has left and no other one with the credential uses: coming back
 * to it asks for the password again, since the host may belong to somebody else by then.
 *
 * Events credential.seal_dropped
 */
export async function dropSealIfUnused(tx: Tx, actor: Actor, binding: SecretBinding): Promise<void> {
  const others = await tx.endpoint.findMany({
    where: { credentialId: binding.credentialId, host: binding.host },
    include: withTrust,
  });
  const left = canonicalBinding(binding);
  const isUsed = others.some((other) => {
    const used = bindingOf(other);
    return used !== null && canonicalBinding(used) === left;
  });
  if (isUsed) return;
  const { count } = await tx.credentialSeal.deleteMany({
    where: { credentialId: binding.credentialId, bindingHash: hashOf(binding) },
  });
  if (count === 0) return;
  const { id, name, partnerId } = await tx.credential.findUniqueOrThrow({
    where: { id: binding.credentialId },
  });
  const { host, serverName, trustMode } = binding;
  await appendEvent(tx, actor, {
    action: 'credential.seal_dropped',
    object: { kind: 'credential', id, name },
    partnerId,
    details: { host, serverName, trustMode },
  });
}

async function makeOwnCredential(
  tx: Tx,
  actor: Actor,
  { owner, input }: { owner: SignInOwner; input: SignInInput },
): Promise<string> {
  const { username, password } = input;
  if (username === undefined)
    throw fieldProblem(
      'username',
      'is needed, with the password; or name an existing credential as credentialId',
    );
  if (password === undefined) throw fieldProblem('password', 'is needed with the user name');
  const name = await freeCredentialName(tx, owner.name);
  return insertCredential(tx, actor, { name, partnerId: owner.partnerId, username });
}

/** The endpoint's name, or with a number behind it where that is taken: `Bank`, `Bank (2)`. */
async function freeCredentialName(tx: Tx, endpointName: string): Promise<string> {
  const base = cutText(endpointName, MAX_OWN_NAME);
  const rows = await tx.credential.findMany({
    where: { OR: [{ name: base }, { name: { startsWith: `${base} (` } }] },
    select: { name: true },
  });
  const taken = new Set(rows.map((row) => row.name));
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base} (${number})`;
  return name;
}
