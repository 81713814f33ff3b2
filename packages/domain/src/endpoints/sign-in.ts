/** How an endpoint signs in: which credential, and whether its password may go to this server. */
import { cutText } from '@waybill/contracts/text.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { PasswordBinding } from '@waybill/vault/binding.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { Problem, fieldProblem } from '../problem.js';
import { changeCredential, insertCredential } from '../trust/credentials.js';
import { hashOf, requireSeal, setPassword } from '../trust/seals.js';
import { bindingsOf, isSameBinding, withTrust } from './endpoint-binding.js';

export interface SignInInput {
  credentialId?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
}

export interface SignInOwner {
  /** A credential of its own is called like this. */
  name: string;
  partnerId: string | null;
  /** The credential so far; null for none. */
  credentialId: string | null;
}

/** What the fields of a login are called in the input, for messages. */
export type SignInFields = Record<keyof SignInInput, string>;
export const SERVER_LOGIN: SignInFields = {
  credentialId: 'credentialId',
  username: 'username',
  password: 'password',
};
export const PROXY_LOGIN: SignInFields = {
  credentialId: 'proxyCredentialId',
  username: 'proxyUsername',
  password: 'proxyPassword',
};

interface SignIn {
  owner: SignInOwner;
  input: SignInInput;
  fields: SignInFields;
}

const MAX_OWN_NAME = 90;

/**
 * Decides the credential: the one that is named, the one so far, or a new one of the endpoint's own.
 * @throws Problem `invalid_input`, or `password_needed` where a shared credential cannot take another user name
 */
export async function chooseCredential(
  tx: Tx,
  actor: Actor,
  { owner, input, fields }: SignIn,
): Promise<string> {
  if (input.credentialId !== undefined) {
    if (input.username !== undefined)
      throw fieldProblem(
        fields.username,
        `belongs to the credential; leave it out, or leave out ${fields.credentialId}`,
      );
    const found = await tx.credential.findUnique({
      where: { id: input.credentialId },
      select: { id: true },
    });
    if (found === null) throw fieldProblem(fields.credentialId, 'there is no credential with that id');
    return found.id;
  }
  if (owner.credentialId === null) return makeOwnCredential(tx, actor, { owner, input, fields });
  if (input.username === undefined) return owner.credentialId;

  const current = await tx.credential.findUniqueOrThrow({
    where: { id: owner.credentialId },
    include: { _count: { select: { endpoints: true, proxiedEndpoints: true } } },
  });
  if (current.username === input.username) return current.id;
  const useCount = current._count.endpoints + current._count.proxiedEndpoints;
  if (useCount <= 1) {
    await changeCredential(tx, actor, { id: current.id, change: { username: input.username } });
    return current.id;
  }
  if (input.password === undefined)
    throw new Problem(
      'password_needed',
      `"${current.name}" serves ${useCount} endpoints. With another user name this endpoint gets a credential of its own, so send its password too; or change the user name of the credential for all of them.`,
      { errors: [{ path: fields.password, message: 'is needed with another user name' }] },
    );
  return makeOwnCredential(tx, actor, { owner, input, fields });
}

/** @throws Problem `password_needed` where the server is new to the credential and no password comes along */
export async function allowServer(
  tx: Tx,
  actor: Actor,
  { binding, input, fields }: { binding: PasswordBinding; input: SignInInput; fields: SignInFields },
  seal: Seal,
): Promise<void> {
  const { credentialId } = binding;
  const { password } = input;
  if (password !== undefined) return setPassword(tx, actor, { credentialId, password, binding }, seal);
  await requireSeal(tx, binding, fields.password);
}

/**
 * Drops the seal of a server that an endpoint has left and no other one with the credential uses: coming back
 * to it asks for the password again, since the host may belong to somebody else by then.
 *
 * Events credential.seal_dropped
 */
export async function dropSealIfUnused(tx: Tx, actor: Actor, binding: PasswordBinding): Promise<void> {
  const { credentialId } = binding;
  const others = await tx.endpoint.findMany({
    where: { OR: [{ credentialId, host: binding.host }, { proxyCredentialId: credentialId }] },
    include: withTrust,
  });
  const isUsed = others.some((other) => bindingsOf(other).some((used) => isSameBinding(used, binding)));
  if (isUsed) return;
  const { count } = await tx.credentialSeal.deleteMany({
    where: { credentialId, bindingHash: hashOf(binding) },
  });
  if (count === 0) return;
  const { id, name, partnerId } = await tx.credential.findUniqueOrThrow({ where: { id: credentialId } });
  const { host, serverName, trustMode } = binding;
  await appendEvent(tx, actor, {
    action: 'credential.seal_dropped',
    object: { kind: 'credential', id, name },
    partnerId,
    details: { host, serverName, trustMode },
  });
}

async function makeOwnCredential(tx: Tx, actor: Actor, { owner, input, fields }: SignIn): Promise<string> {
  const { username, password } = input;
  if (username === undefined)
    throw fieldProblem(
      fields.username,
      `is needed, with the password; or name an existing credential as ${fields.credentialId}`,
    );
  if (password === undefined) throw fieldProblem(fields.password, 'is needed with the user name');
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
