/**
 * What the conformance suite is made of: features, each a function that a server passes or that throws, and servers,
 * each with what it lacks and how that shows. A feature that a server is said to lack has to fail in just that way:
 * a server that learns it, or breaks otherwise, fails the suite.
 */
import type { CertificateKind } from '@waybill/testing/pki.js';
import type { workByHand } from '@waybill/testing/servers/by-hand.js';
import type { ServerHost, TlsVersion } from '@waybill/testing/servers/ftp-test-server.js';
import type { FtpsEndpoint } from '../endpoint.js';
import type { EndpointChanges } from '../test-support/open-for-test.js';
import type { Transport } from '../transport.js';

/** How a server is set up; whatever is left out is the server's usual: explicit, both TLS versions. */
export interface StartOptions {
  mode?: 'explicit' | 'implicit';
  certificate?: CertificateKind;
  tlsVersions?: readonly TlsVersion[];
  /** False takes data connections with a TLS session of their own. */
  requireSessionReuse?: boolean;
  requireClientCertificate?: boolean;
  host?: ServerHost;
  idleTimeoutSeconds?: number;
  /** Logins and files in the clear are let in too. */
  allowPlain?: boolean;
  /** The address in answers to PASV, as behind NAT. */
  passiveAddress?: string;
  /** So many bytes are room for the account. */
  quotaBytes?: number;
}

/** What a server throws that cannot be set up so. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/** A running server. */
export interface Partner {
  /** As its partner would set it up here. */
  endpoint: FtpsEndpoint;
  /** For a client that is not ours; explicit FTPS without a client certificate. */
  byHand: Parameters<typeof workByHand>[0];
  /** Where the account's files are on disk. */
  root: string;
  stop(): Promise<void>;
}

export interface Ground {
  partner: Partner;
  /** Opens a session, which is closed when the feature is done. */
  open(changes?: EndpointChanges, partner?: Partner): Promise<Transport>;
  /** The same server set up otherwise. @throws CannotStart */
  start(options: StartOptions): Promise<Partner>;
}

export interface Feature {
  /** As in the table. */
  title: string;
  /** How the server has to be set up for it. */
  needs?: StartOptions;
  /**
   * Left out: every server. A played one is not tried with what takes long, nor with what its documents say nothing
   * about and its script leaves as the practice partner has it; what is a matter of rights on disk, with real ones only.
   */
  only?: 'real' | 'not played';
  run(ground: Ground): Promise<void>;
}

export interface Lack {
  /** Why, for the reader of the table. */
  because: string;
  /** What the feature's error says then. */
  shows: RegExp;
}

export interface ConformanceServer<Id extends string = string> {
  name: string;
  /** played: the practice partner with a script that follows the server's documentation. */
  kind: 'real' | 'practice' | 'played';
  /** @throws CannotStart */
  start(options: StartOptions): Promise<Partner>;
  /** As the program says itself. */
  version?(): Promise<string>;
  /** Of a played server: the documents that it follows. */
  sources?: string[];
  lacks: Partial<Record<Id, Lack>>;
}
