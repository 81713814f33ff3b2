/** How an endpoint signs in at the proxy of its settings, where that asks for it. */
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { PasswordBinding } from '@waybill/vault/binding.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Actor } from '../actor.js';
import { fieldProblem } from '../problem.js';
import { bindProxy, isSameBinding } from './endpoint-binding.js';
import { PROXY_LOGIN, type SignInOwner, allowServer, chooseCredential } from './sign-in.js';

export interface ProxyLoginInput {
  proxyCredentialId?: string | null | undefined;
  proxyUsername?: string | undefined;
  proxyPassword?: string | undefined;
}

export interface ProxyLogin {
  /** Of the endpoint, with the credential for the proxy so far. */
  owner: SignInOwner;
  input: ProxyLoginInput;
  /** As it will be. */
  proxy: FtpsSettings['proxy'];
  bindingBefore: PasswordBinding | null;
}

/**
 * Decides the credential for the proxy, sealed for it; null for none. Without a proxy there is none.
 *
 * Events credential.created, credential.updated, credential.password_set
 * Errors invalid_input, password_needed
 */
export async function chooseProxyLogin(
  tx: Tx,
  actor: Actor,
  { owner, input, proxy, bindingBefore }: ProxyLogin,
  seal: Seal,
): Promise<string | null> {
  const { proxyCredentialId, proxyUsername: username, proxyPassword: password } = input;
  const given = (['proxyUsername', 'proxyPassword', 'proxyCredentialId'] as const).find(
    (field) => input[field] !== undefined && input[field] !== null,
  );
  if (proxy === null) {
    if (given !== undefined) throw fieldProblem(given, 'is for a proxy; there is none in settings.proxy');
    return null;
  }
  if (proxyCredentialId === null) {
    if (given !== undefined)
      throw fieldProblem(given, 'does not go with a proxyCredentialId of null, no login');
    return null;
  }
  if (given === undefined && owner.credentialId === null) return null;
  const login = { credentialId: proxyCredentialId, username, password };
  const credentialId = await chooseCredential(tx, actor, {
    owner: { ...owner, name: `${owner.name} proxy` },
    input: login,
    fields: PROXY_LOGIN,
  });
  const binding = bindProxy(credentialId, proxy.host);
  if (password !== undefined || !isSameBinding(bindingBefore, binding))
    await allowServer(tx, actor, { binding, input: login, fields: PROXY_LOGIN }, seal);
  return credentialId;
}
