/** The only reader of the environment in the API. */
import { join } from 'node:path';
import { API_VARIABLES } from '@waybill/configuration/app-variables.js';
import { readConfiguration } from '@waybill/configuration/read-configuration.js';
import { httpUrl, localRoots, logLevel, postgresUrl, redisUrl } from '@waybill/configuration/variables.js';
import { z } from 'zod';

const environment = z.object({
  DATABASE_URL: postgresUrl,
  REDIS_URL: redisUrl.optional(),
  WAYBILL_HOST: z.string().default('127.0.0.1'),
  WAYBILL_PORT: z.coerce.number().int().min(0).max(65_535).default(8470),
  /** The address that people type, behind a proxy; https makes the cookie Secure. */
  WAYBILL_PUBLIC_URL: httpUrl.optional(),
  ...API_VARIABLES,
  WAYBILL_VAULT_PUBLIC_KEY: z.string().regex(/^[\w-]{43}$/, 'must be an X25519 public key in base64url'),
  WAYBILL_LOCAL_ROOTS: localRoots.default([]),
  LOG_LEVEL: logLevel,
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
  /** The built console. */
  consoleDir: string;
  logLevel: string;
}

/** @throws ConfigFault with every fault that was found */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const data = readConfiguration(environment, env);
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
    consoleDir: join(import.meta.dirname, '../../console/dist'),
    logLevel: data.LOG_LEVEL,
  };
}
