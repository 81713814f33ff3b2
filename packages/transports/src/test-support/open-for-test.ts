/** Sessions on test servers: loopback allowed, the test authority trusted, short time-outs. */
import { DEFAULT_FTPS_SETTINGS, type FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { Secret } from '@waybill/vault/secret.js';
import type { FtpsEndpoint, OpenEndpoint } from '../endpoint.js';
import type { OpenContext } from '../ftps/ftps-session.js';
import type { NetworkAllow } from '../network-guard.js';
import { openTransport } from '../open-transport.js';
import type { Transport } from '../transport.js';

export const LOOPBACK: NetworkAllow[] = [{ cidr: '127.0.0.0/8', fromPort: 1, toPort: 65_535 }];
export const quiet: AbortSignal = new AbortController().signal;

/** What a test wants otherwise; of the settings only what differs. */
export type EndpointChanges = Partial<Omit<FtpsEndpoint, 'settings'>> & { settings?: Partial<FtpsSettings> };

/** The endpoint of a real server as its partner would set it up. */
export function endpointOf(server: FtpTestServer, changes: EndpointChanges = {}): FtpsEndpoint {
  return {
    protocol: server.mode === 'implicit' ? 'ftps_implicit' : 'ftps_explicit',
    host: server.host,
    port: server.port,
    username: server.user,
    password: new Secret(server.password),
    trust: { mode: 'chosen_cas', caPems: [server.caPem] },
    serverName: null,
    tlsMinVersion: 'TLSv1.2',
    connectTimeoutMs: 5000,
    idleTimeoutMs: 10_000,
    basePath: server.homePath === '' ? '/' : server.homePath,
    ...changes,
    settings: { ...DEFAULT_FTPS_SETTINGS, dataTimeoutMs: 5000, stallTimeoutMs: 10_000, ...changes.settings },
  };
}

export function openForTest(endpoint: OpenEndpoint, context: Partial<OpenContext> = {}): Promise<Transport> {
  return openTransport(endpoint, { networkAllow: LOOPBACK, signal: quiet, side: 'target', ...context });
}
