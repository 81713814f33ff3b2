/** What a server can be told, with its defaults and the checks that keep a mistake from opening it up. */
import { isIP } from 'node:net';
import type { Script } from './script.js';
import type { TlsSettings } from './tls-door.js';

export interface User {
  name: string;
  password: string;
}

export interface Limits {
  /** Without a command or a transfer for this long: 421. */
  idleTimeoutMs: number;
  /** No byte of a transfer moved for this long: 426. */
  stallTimeoutMs: number;
  /** How long a transfer command waits for the client to connect to the passive port. */
  acceptTimeoutMs: number;
  handshakeTimeoutMs: number;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** Wrong passwords before the connection is closed. */
  maxLoginFailures: number;
  loginFailureDelayMs: number;
}

const DEFAULT_LIMITS: Limits = {
  idleTimeoutMs: 300_000,
  stallTimeoutMs: 60_000,
  acceptTimeoutMs: 15_000,
  handshakeTimeoutMs: 10_000,
  maxConnections: 200,
  maxConnectionsPerAddress: 200,
  maxLoginFailures: 3,
  loginFailureDelayMs: 300,
};

/** Something that happened, for logs and tests. `detail` is free of secrets. */
export interface ServerEvent {
  sessionId: number;
  kind:
    | 'connected'
    | 'refused'
    | 'secured'
    | 'logged_in'
    | 'login_failed'
    | 'clear_bytes_discarded'
    | 'data_opened'
    | 'session_not_resumed'
    | 'downloaded'
    | 'uploaded'
    | 'upload_truncated'
    | 'transfer_failed'
    | 'internal_error'
    | 'closed';
  detail: string;
}

export interface FtpsServerOptions {
  /**
   * Explicit: AUTH TLS on a clear connection (RFC 4217). Implicit: TLS from the first byte, or as z/OS has it right
   * after the greeting.
   */
  mode: 'explicit' | 'implicit' | 'implicit_zos';
  /** Address of loopback to listen on; default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** The folder that clients see as `/`; nothing outside can be reached. */
  root: string;
  users: User[];
  tls: TlsSettings;
  /** Refuse (522) a data connection that does not resume the TLS session of its control connection. */
  requireSessionReuse?: boolean;
  /** Ports for EPSV and PASV, both ends included; default: any free port. */
  passivePorts?: { from: number; to: number };
  limits?: Partial<Limits>;
  script?: Script;
  onEvent?: (event: ServerEvent) => void;
}

export type ServerSettings = Required<Omit<FtpsServerOptions, 'limits' | 'passivePorts'>> & {
  limits: Limits;
  passivePorts: { from: number; to: number } | null;
};

/** Fills in the defaults. @throws Error with what to change, for anything that cannot work or is not safe */
export function completeOptions(options: FtpsServerOptions): ServerSettings {
  const host = options.host ?? '127.0.0.1';
  if (isIP(host) === 0) throw new Error(`host must be an IP address, not "${host}"`);
  if (!isLoopback(host)) throw new Error(`The practice server listens on loopback only, not on ${host}`);
  if (options.users.length === 0) throw new Error('At least one user is needed');
  for (const { name, password } of options.users) {
    if (name === '' || password === '') throw new Error('A user needs a name and a password');
  }
  const { passivePorts } = options;
  if (
    passivePorts &&
    !(1 <= passivePorts.from && passivePorts.from <= passivePorts.to && passivePorts.to <= 65535)
  ) {
    throw new Error(
      `passivePorts must be a range within 1 to 65535, not ${passivePorts.from}-${passivePorts.to}`,
    );
  }
  return {
    mode: options.mode,
    host,
    port: options.port ?? 0,
    root: options.root,
    users: options.users,
    tls: options.tls,
    requireSessionReuse: options.requireSessionReuse ?? true,
    passivePorts: passivePorts ?? null,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    script: options.script ?? {},
    onEvent: options.onEvent ?? (() => {}),
  };
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}
