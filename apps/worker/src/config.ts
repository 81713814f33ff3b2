/** The only reader of the environment in the worker. */
import { requireMailSender, WORKER_VARIABLES } from '@waybill/configuration/app-variables.js';
import { readConfiguration } from '@waybill/configuration/read-configuration.js';
import { httpUrl, localRoots, logLevel, postgresUrl, redisUrl } from '@waybill/configuration/variables.js';
import { z } from 'zod';
import { CRASH_BOUNDARIES, type CrashBoundary } from './crash-at.js';

const environment = z
  .object({
    DATABASE_URL: postgresUrl,
    REDIS_URL: redisUrl.optional(),
    WAYBILL_VAULT_PRIVATE_KEY: z.string().regex(/^[\w-]{43}$/, 'must be an X25519 private key in base64url'),
    WAYBILL_LOCAL_ROOTS: localRoots.default([]),
    WAYBILL_PUBLIC_URL: httpUrl.optional(),
    ...WORKER_VARIABLES,
    LOG_LEVEL: logLevel,
    NODE_ENV: z.string().optional(),
    /** Kills the worker at this point of a transfer; for tests of recovery, and only there. */
    WAYBILL_CRASH_AT: z.enum(CRASH_BOUNDARIES).optional(),
  })
  .superRefine(requireMailSender)
  .superRefine((values, context) => {
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
