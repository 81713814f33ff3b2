/** The only reader of the environment in the worker. Every fault is told at once; secrets may come as files. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CRASH_BOUNDARIES, type CrashBoundary } from './crash-at.js';

/** May be given as `NAME_FILE`, the path of a file that holds the value. */
const FROM_FILES = ['DATABASE_URL', 'REDIS_URL', 'WAYBILL_VAULT_PRIVATE_KEY', 'SMTP_URL'] as const;

const localRoots = z.string().transform((text, context) => {
  const roots = new Map<string, string>();
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue;
    const [, name, path] = /^([^=]{1,100})=(\/.*)$/.exec(pair) ?? [];
    if (name === undefined || path === undefined)
      context.addIssue({ code: 'custom', message: `"${pair}" is not name=/absolute/path` });
    else roots.set(name.trim(), path);
  }
  return roots;
});

const addresses = z.string().transform((text, context) => {
  const list = text.split(',').map((part) => part.trim());
  for (const address of list)
    if (!z.email().safeParse(address).success)
      context.addIssue({ code: 'custom', message: `"${address}" is not an e-mail address` });
  return list;
});

const milliseconds = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// address' }).optional(),
  WAYBILL_VAULT_PRIVATE_KEY: z.string().regex(/^[\w-]{43}$/, 'must be an X25519 private key in base64url'),
  WAYBILL_LOCAL_ROOTS: localRoots.default(new Map()),
  WAYBILL_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s):// address' }).optional(),
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
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  NODE_ENV: z.string().optional(),
  /** Kills the worker at this point of a transfer; for tests of recovery, and only there. */
  WAYBILL_CRASH_AT: z.enum(CRASH_BOUNDARIES).optional(),
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

export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  constructor(readonly faults: string[]) {
    super(`The configuration has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** @throws ConfigFault with every fault that was found */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const faults: string[] = [];
  const values = readValues(env, faults);
  const parsed = environment.safeParse(values);
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join('.');
    const missing = values[name] === undefined && issue.code === 'invalid_type';
    faults.push(`${name}: ${missing ? 'is not set' : issue.message}`);
  }
  const { data } = parsed;
  if (data?.SMTP_URL !== undefined && data.WAYBILL_MAIL_FROM === undefined)
    faults.push('WAYBILL_MAIL_FROM: is not set, and SMTP_URL is; mail needs a sender');
  if (data?.WAYBILL_CRASH_AT !== undefined && data.NODE_ENV !== 'test')
    faults.push('WAYBILL_CRASH_AT: is for tests; leave it out');
  if (data === undefined || faults.length > 0) throw new ConfigFault([...new Set(faults)]);
  return {
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL ?? null,
    vaultPrivateKey: data.WAYBILL_VAULT_PRIVATE_KEY,
    localRoots: data.WAYBILL_LOCAL_ROOTS,
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

/** The variables, with the content of the files that are named instead of a value. */
function readValues(env: NodeJS.ProcessEnv, faults: string[]): NodeJS.ProcessEnv {
  // An empty variable is one that is not set: that is how compose files and unit files leave one out.
  const values = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  for (const name of FROM_FILES) {
    const path = values[`${name}_FILE`];
    if (path === undefined) continue;
    if (values[name] !== undefined) faults.push(`${name} and ${name}_FILE are both set; leave one out`);
    try {
      values[name] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      faults.push(`${name}_FILE: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return values;
}
