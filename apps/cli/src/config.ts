/** The only reader of the environment in the command line. `npm run waybill` sets these from the data folder. */
import { installationEnvironment } from '@waybill/configuration/installation-environment.js';
import { readConfiguration } from '@waybill/configuration/read-configuration.js';
import { httpUrl, localRoots, postgresUrl, redisUrl } from '@waybill/configuration/variables.js';
import type { RunningRoles } from '@waybill/db/roles.js';
import { z } from 'zod';

const environment = z.object({
  DATABASE_URL: postgresUrl,
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  WORKER_DATABASE_URL: postgresUrl.optional(),
  SEALER_DATABASE_URL: postgresUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  WAYBILL_DATA: z.string().optional(),
  WAYBILL_LOCAL_ROOTS: localRoots.default([]),
  WAYBILL_VAULT_PUBLIC_KEY: z.string().optional(),
  WAYBILL_VAULT_PRIVATE_KEY: z.string().optional(),
  WAYBILL_PUBLIC_URL: httpUrl.optional(),
  USER: z.string().default('unknown'),
});

export interface CliConfig {
  /** Role `app`. */
  databaseUrl: string;
  ownerUrl: string;
  workerUrl: string | null;
  sealerUrl: string | null;
  redisUrl: string | null;
  dataFolder: string | null;
  /** Name and path of each. */
  localRoots: { name: string; path: string }[];
  vaultPublicKey: string | null;
  vaultPrivateKey: string | null;
  publicUrl: string | null;
  userName: string;
}

let opened: Promise<CliConfig> | undefined;

/** The configuration of this process, for which the launcher opens the installation at the first call. */
export function openConfig(): Promise<CliConfig> {
  return (opened ??= installationEnvironment(process.env).then(readConfig));
}

/** @throws ConfigFault with every fault that was found */
function readConfig(env: NodeJS.ProcessEnv): CliConfig {
  const found = readConfiguration(environment, env);
  return {
    databaseUrl: found.DATABASE_URL,
    ownerUrl: found.MIGRATION_DATABASE_URL ?? found.DATABASE_URL,
    workerUrl: found.WORKER_DATABASE_URL ?? null,
    sealerUrl: found.SEALER_DATABASE_URL ?? null,
    redisUrl: found.REDIS_URL ?? null,
    dataFolder: found.WAYBILL_DATA ?? null,
    localRoots: found.WAYBILL_LOCAL_ROOTS,
    vaultPublicKey: found.WAYBILL_VAULT_PUBLIC_KEY ?? null,
    vaultPrivateKey: found.WAYBILL_VAULT_PRIVATE_KEY ?? null,
    publicUrl: found.WAYBILL_PUBLIC_URL ?? null,
    userName: found.USER,
  };
}

/** The names of the roles that run, where they are apart from the owner. */
export function rolesOf(config: CliConfig): RunningRoles | null {
  if (config.workerUrl === null || config.sealerUrl === null) return null;
  const nameOf = (url: string): string => decodeURIComponent(new URL(url).username);
  const roles = {
    app: nameOf(config.databaseUrl),
    worker: nameOf(config.workerUrl),
    sealer: nameOf(config.sealerUrl),
  };
  return Object.values(roles).includes(nameOf(config.ownerUrl)) ? null : roles;
}
