/** The only reader of the environment in the API. Every fault is told at once; secrets may come as files. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isIP } from 'node:net';
import { fieldMessage } from '@waybill/contracts/field-message.js';
import { z } from 'zod';

/** May be given as `NAME_FILE`, the path of a file that holds the value. */
const FROM_FILES = ['DATABASE_URL', 'REDIS_URL', 'WAYBILL_VAULT_PUBLIC_KEY'] as const;

const localRoots = z.string().transform((text, context) => {
  const roots: { name: string; path: string }[] = [];
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue;
    const [, name, path] = /^([^=]{1,100})=(\/.*)$/.exec(pair) ?? [];
    if (name === undefined || path === undefined)
      context.addIssue({ code: 'custom', message: `"${pair}" is not name=/absolute/path` });
    else roots.push({ name: name.trim(), path });
  }
  return roots;
});

const trustedProxies = z.string().transform((text, context) => {
  const proxies = text.split(',').map((part) => part.trim());
  for (const proxy of proxies)
    if (isIP(proxy.split('/')[0] ?? '') === 0)
      context.addIssue({ code: 'custom', message: `"${proxy}" is not an address or a range` });
  return proxies;
});

const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// address' }).optional(),
  WAYBILL_HOST: z.string().default('127.0.0.1'),
  WAYBILL_PORT: z.coerce.number().int().min(0).max(65_535).default(8470),
  /** The address that people type, behind a proxy; https makes the cookie Secure. */
  WAYBILL_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s):// address' }).optional(),
  /** Proxies whose X-Forwarded-For is believed. */
  WAYBILL_TRUSTED_PROXIES: trustedProxies.default([]),
  WAYBILL_VAULT_PUBLIC_KEY: z.string().regex(/^[\w-]{43}$/, 'must be an X25519 public key in base64url'),
  WAYBILL_LOCAL_ROOTS: localRoots.default([]),
  WAYBILL_CONSOLE_DIR: z
    .string()
    .default(() => fileURLToPath(new URL('../../console/dist', import.meta.url))),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export interface Config {
  databaseUrl: string;
  redisUrl: string | null;
  host: string;
  port: number;
  publicUrl: string | null;
  /** Whether people come by https, so that cookies may be Secure. */
  isSecure: boolean;
  trustedProxies: string[];
  vaultPublicKey: string;
  localRoots: { name: string; path: string }[];
  consoleDir: string;
  logLevel: string;
}

export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  constructor(readonly faults: string[]) {
    super(`The configuration has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** @throws ConfigFault with every fault that was found */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const faults: string[] = [];
  // An empty variable is one that is not set: that is how compose files and unit files leave one out.
  const values = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  for (const name of FROM_FILES) {
    const path = values[`${name}_FILE`];
    if (path === undefined) continue;
    if (values[name] !== undefined) faults.push(`${name} and ${name}_FILE are both set; leave one out`);
    try {
      values[name] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      faults.push(`${name}_FILE: ${(error as Error).message}`);
    }
  }
  const parsed = environment.safeParse(values, { error: fieldMessage });
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join('.');
    const missing = values[name] === undefined && issue.code === 'invalid_type';
    faults.push(`${name}: ${missing ? 'is not set' : issue.message}`);
  }
  if (!parsed.success || faults.length > 0) throw new ConfigFault([...new Set(faults)]);
  const { data } = parsed;
  return {
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL ?? null,
    host: data.WAYBILL_HOST,
    port: data.WAYBILL_PORT,
    publicUrl: data.WAYBILL_PUBLIC_URL ?? null,
    isSecure: data.WAYBILL_PUBLIC_URL?.startsWith('https:') ?? false,
    trustedProxies: data.WAYBILL_TRUSTED_PROXIES,
    vaultPublicKey: data.WAYBILL_VAULT_PUBLIC_KEY,
    localRoots: data.WAYBILL_LOCAL_ROOTS,
    consoleDir: data.WAYBILL_CONSOLE_DIR,
    logLevel: data.LOG_LEVEL,
  };
}
