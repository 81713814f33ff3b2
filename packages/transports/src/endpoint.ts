/** What a session is opened on: an endpoint with its secrets already opened. */
import type { ServerProtocol } from '@waybill/contracts/endpoints.js';
import type { Deviation } from '@waybill/contracts/exceptions.js';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { Secret } from '@waybill/vault/secret.js';

/** What is accepted as the server's identity. There is no way to accept everything. */
export type TrustPolicy =
  /** The public CAs that come with Node, and those of this machine's system store. */
  | { mode: 'system_cas' }
  /** Only these CA certificates. */
  | { mode: 'chosen_cas'; caPems: string[] }
  /**
   * Only these keys: SHA-256 of the certificate's SubjectPublicKeyInfo, in hex or base64. No chain is asked
   * for; the certificate must still be in its dates and for the host or the stated name.
   */
  | { mode: 'pinned_keys'; spkiSha256: string[] };

export interface FtpsEndpoint {
  /** What is counted over all sessions of this process on it; a session without is on its own. */
  id?: string;
  protocol: ServerProtocol;
  host: string;
  port: number;
  username: string;
  password: Secret;
  trust: TrustPolicy;
  /** The name that the certificate must show under every trust policy, where it is not the host. */
  serverName: string | null;
  tlsMinVersion: 'TLSv1.2' | 'TLSv1.3';
  /** How long resolving, connecting, the handshake and the greeting may take, each. */
  connectTimeoutMs: number;
  /** How long the server may be silent. */
  idleTimeoutMs: number;
  settings: FtpsSettings;
  /** What the exceptions that are in force now permit; nothing where not given. */
  permitted?: readonly Deviation[];
  /** For mutual TLS: our certificate with its chain, and its key. */
  clientCertificate?: { certificatePem: string; keyPem: Secret };
  /** For the proxy of the settings, where it asks. */
  proxyLogin?: { username: string; password: Secret };
  /** The folder that paths begin at; "/" where not given. */
  basePath?: string;
}

export interface LocalFolderEndpoint {
  protocol: 'local_folder';
  /** The configured root as an absolute path on this machine; in no record and no message. */
  root: string;
  /** The root as people know it. */
  rootName: string;
  /** The folder beneath the root that paths begin at; "/" where not given. */
  basePath?: string;
}

export type OpenEndpoint = FtpsEndpoint | LocalFolderEndpoint;
