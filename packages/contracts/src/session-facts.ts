/**
 * What a session with a partner's server leaves behind: the steps with their times, the TLS facts of the
 * control and of the data connection, and the FTP dialogue. Transports produce these, attempts and endpoint
 * tests keep them, the console shows them.
 */
import { z } from 'zod';

/** The steps of one try, in the order in which they happen. */
export const STEP_NAMES = [
  'resolve',
  'connect',
  'tls',
  'login',
  'protect',
  'list',
  'transfer',
  'confirm',
  'verify',
  'rename',
  'cleanup',
] as const;
export const stepName = z.enum(STEP_NAMES);
export type StepName = z.infer<typeof stepName>;

/** Which of the two sides of a transfer a step or a fact belongs to. */
export const side = z.enum(['source', 'target']);
export type Side = z.infer<typeof side>;

export const timelineStep = z.object({
  step: stepName,
  side: side.nullable(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().int().nonnegative(),
  /** `stopped`: broken off because the other side failed. */
  outcome: z.enum(['ok', 'failed', 'stopped', 'running']),
  /** One sentence for people, already free of secrets and control characters. At most 500 characters. */
  detail: z.string().max(500).nullable(),
});
export type TimelineStep = z.infer<typeof timelineStep>;

/** TLS as it was really negotiated on one connection (PCI DSS 4.2.1 evidence). */
export const tlsFacts = z.object({
  /** As Node names it: "TLSv1.3". */
  protocol: z.string(),
  /** The IANA name of the suite: "TLS_AES_256_GCM_SHA384". */
  cipher: z.string(),
  /** SHA-256 of the peer's leaf certificate in lower-case hex; of the resumed session's where resumed. */
  peerFingerprintSha256: z.string().nullable(),
  peerSubject: z.string().nullable(),
  /** Whether the TLS session of the control connection was resumed. */
  resumed: z.boolean(),
});
export type TlsFacts = z.infer<typeof tlsFacts>;

/** One line of the FTP dialogue; passwords never get this far. */
export const dialogueLine = z.object({
  at: z.iso.datetime(),
  from: z.enum(['us', 'server']),
  text: z.string().max(1000),
});
export type DialogueLine = z.infer<typeof dialogueLine>;

/** What one side of an attempt was connected to. `control` and `data` are null where there is no TLS. */
export const connectionFacts = z.object({
  side,
  protocol: z.enum(['ftps_explicit', 'ftps_implicit', 'ftps_implicit_zos', 'ftp', 'local_folder']),
  /** The address that was really dialled, "203.0.113.7:990"; null for a local folder. */
  address: z.string().nullable(),
  serverName: z.string().nullable(),
  /** The greeting of the server, cleaned. */
  greeting: z.string().max(500).nullable(),
  control: tlsFacts.nullable(),
  data: tlsFacts.nullable(),
  // What follows is missing in older records, and null where it does not apply.
  /** What was agreed for data connections: PROT P, PROT C (once something went so), or no TLS at all. */
  dataProtection: z.enum(['private', 'clear', 'none']).nullable().optional(),
  /** How the last data connection came about; in active mode the server opened it. */
  dataMode: z.enum(['epsv', 'pasv', 'active']).nullable().optional(),
  /** The proxy that every connection went through, "proxy.example:3128". */
  proxy: z
    .object({ kind: z.enum(['http_connect', 'socks5']), address: z.string() })
    .nullable()
    .optional(),
  /** SHA-256 in lower-case hex of the certificate that we had ready to show. */
  clientCertificateSha256: z.string().nullable().optional(),
  /** The character set of names and messages, where it is not UTF-8. */
  encoding: z.string().nullable().optional(),
});
export type ConnectionFacts = z.infer<typeof connectionFacts>;

/**
 * The kinds of failure that a transport can report. `retry-policy.ts` in the domain is the only place that
 * decides which of them deserve another try.
 */
export const FAILURE_KINDS = [
  'address_refused',
  'name_not_resolved',
  'connect_failed',
  'connect_timeout',
  'tls_failed',
  'certificate_untrusted',
  'certificate_expired',
  'certificate_wrong_host',
  'client_certificate_refused',
  'protection_refused',
  'setting_refused',
  'exception_needed',
  'proxy_failed',
  'login_refused',
  'secret_unavailable',
  'permission_denied',
  'not_found',
  'name_refused',
  'listing_too_large',
  'server_busy',
  'server_error',
  'protocol_error',
  'connection_lost',
  'stalled',
  'truncated',
  'size_mismatch',
  'hash_mismatch',
  'verification_unavailable',
  'source_changed',
  'target_exists',
  'target_full',
  'local_io',
  'cancelled',
  'worker_lost',
  'worker_stopped',
  'internal',
] as const;
export const failureKind = z.enum(FAILURE_KINDS);
export type FailureKind = z.infer<typeof failureKind>;
