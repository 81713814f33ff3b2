/** The only reader of the environment in the worker. */
import { readConfiguration } from '@waybill/configuration/read-configuration.js';
import { httpUrl, localRoots, logLevel, postgresUrl, redisUrl } from '@waybill/configuration/variables.js';
import { z } from 'zod';
import { CRASH_BOUNDARIES, type CrashBoundary } from './crash-at.js';

const addresses = z.string().transform((text, context) => {
  const list = text.split(',').map((part) => part.trim());
  for (const address of list)
    if (!z.email().safeParse(address).success)
      context.addIssue({ code: 'custom', message: `"${address}" is not an e-mail address` });
  return list;
});

const milliseconds = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const environment = z
  .object({
    DATABASE_URL: postgresUrl,
    REDIS_URL: redisUrl.optional(),
    WAYBILL_VAULT_PRIVATE_KEY: z.string().regex(/^[\w-]{43}$/, 'must be an X25519 private key in base64url'),
    WAYBILL_LOCAL_ROOTS: localRoots.default([]),
    WAYBILL_PUBLIC_URL: httpUrl.optional(),
    SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' }).optional(),
    WAYBILL_MAIL_FROM: z.email('must be an e-mail address').optional(),
    /** Instead of every enabled administrator and operator. */
    WAYBILL_MAIL_TO: addresses.optional(),
    WAYBILL_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
    /** Most sessions that one transfer opens on an endpoint; more than one where it has many files. */
    WAYBILL_SESSIONS_PER_TRANSFER: z.coerce.number().int().min(1).max(16).default(4),
    /** A worker that is silent for this long has lost its transfers to another one. */
    WAYBILL_LEASE_MS: milliseconds(1000, 600_000).default(30_000),
    WAYBILL_SWEEP_MS: milliseconds(200, 600_000).default(2000),
    WAYBILL_RETRY_BASE_MS: milliseconds(10, 3_600_000).default(5000),
    LOG_LEVEL: logLevel,
    NODE_ENV: z.string().optional(),
    /** Kills the worker at this point of a transfer; for tests of recovery, and only there. */
    WAYBILL_CRASH_AT: z.enum(CRASH_BOUNDARIES).optional(),
  })
  .superRefine((values, context) => {
    if (values.SMTP_URL !== undefined && values.WAYBILL_MAIL_FROM === undefined)
      context.addIssue({
        code: 'custom',
        path: ['WAYBILL_MAIL_FROM'],
        message: 'is not set, and SMTP_URL is; mail needs a sender',
      });
    if (values.WAYBILL_CRASH_AT !== undefined && values.NODE_ENV !== 'test')
      context.addIssue({ code: 'custom', path: ['WAYBILL_CRASH_AT'], message: 'is for tests; leave it out' });
  });

export interface Mail {
  smtpUrl: string;
  from: string;
  to: string[] | null;
}

export interface Config {
  databaseUrl: string;
  redisUrl: string | null;
  vaultPrivateKey: string;
  /** Absolute paths by name. */
  localRoots: ReadonlyMap<string, string>;
  publicUrl: string | null;
  mail: Mail | null;
  concurrency: number;
  sessionsPerTransfer: number;
  leaseMs: number;
  sweepMs: number;
  retryBaseMs: number;
  logLevel: string;
  crashAt: CrashBoundary | null;
}

/** @throws ConfigFault with every fault that was found */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const data = readConfiguration(environment, env);
  return {
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL ?? null,
    vaultPrivateKey: data.WAYBILL_VAULT_PRIVATE_KEY,
    localRoots: new Map(data.WAYBILL_LOCAL_ROOTS.map(({ name, path }) => [name, path])),
    publicUrl: data.WAYBILL_PUBLIC_URL ?? null,
    mail:
      data.SMTP_URL === undefined || data.WAYBILL_MAIL_FROM === undefined
        ? null
        : { smtpUrl: data.SMTP_URL, from: data.WAYBILL_MAIL_FROM, to: data.WAYBILL_MAIL_TO ?? null },
    concurrency: data.WAYBILL_CONCURRENCY,
    sessionsPerTransfer: data.WAYBILL_SESSIONS_PER_TRANSFER,
    leaseMs: data.WAYBILL_LEASE_MS,
    sweepMs: data.WAYBILL_SWEEP_MS,
    retryBaseMs: data.WAYBILL_RETRY_BASE_MS,
    logLevel: data.LOG_LEVEL,
    crashAt: data.WAYBILL_CRASH_AT ?? null,
  };
}
