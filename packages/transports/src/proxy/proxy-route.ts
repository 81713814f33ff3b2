/** A proxy on the way to the server, and what it says when it does not let us through. */
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { Secret } from '@waybill/vault/secret.js';
import { cleanText } from '../clean-text.js';

/** The proxy of an endpoint after its own name was looked up and passed the network guard. */
export interface ProxyRoute {
  kind: NonNullable<FtpsSettings['proxy']>['kind'];
  /** For people: "proxy.example:3128". */
  shownAs: string;
  /** In the order in which they are to be tried. */
  addresses: string[];
  port: number;
  login: { username: string; password: Secret } | null;
}

/** What is asked of the proxy: an address that was checked, or a name that only the proxy can look up. */
export interface ProxyTarget {
  host: string;
  port: number;
}

/** Whose move it is. */
const WHO = {
  login: 'Check the user name and password for the proxy at the endpoint.',
  rules: 'Ask whoever runs the proxy to let Waybill through to this host and port.',
  server: 'Check host and port; if they are right, ask whoever runs the proxy whether it gets there.',
  silent:
    'Check the kind, host and port of the proxy; if they are right, ask whoever runs it whether it gets to the server.',
  setup: 'Check the kind, host and port of the proxy at the endpoint.',
} as const;

/** A proxy said no, or nothing that makes sense; `words` go after "The proxy was asked, and it". */
export class ProxyRefusedError extends Error {
  override readonly name = 'ProxyRefusedError';

  constructor(
    words: string,
    readonly who: keyof typeof WHO,
  ) {
    super(`${words} ${WHO[who]}`);
  }
}

/** User name and password as HTTP says them (RFC 7617 section 2). */
export function basicPair({ username, password }: NonNullable<ProxyRoute['login']>): string {
  return Buffer.from(`${username}:${password.reveal()}`, 'utf8').toString('base64');
}

/** What a proxy is told and must not be quoted with, by itself or in the place of the server. */
export function proxySecrets(login: ProxyRoute['login']): string[] {
  return login === null ? [] : [login.password.reveal(), basicPair(login)].filter((text) => text !== '');
}

/** The proxy's own words in quotes, clean, short and without the password that it was told. */
export function quoteProxy(text: string, { login }: ProxyRoute): string {
  const masked = proxySecrets(login).reduce((rest, secret) => rest.replaceAll(secret, '****'), text);
  return `“${cleanText(masked.trim(), 200)}”`;
}
