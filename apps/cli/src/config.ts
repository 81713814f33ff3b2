/** The only reader of the environment in the command line. `npm run waybill` sets these from the data folder. */
import { userInfo } from 'node:os';
import { API_VARIABLES, requireMailSender, WORKER_VARIABLES } from '@waybill/configuration/app-variables.js';
import { installationEnvironment } from '@waybill/configuration/installation-environment.js';
import { readConfiguration } from '@waybill/configuration/read-configuration.js';
import { httpUrl, localRoots, postgresUrl, redisUrl } from '@waybill/configuration/variables.js';
import type { RunningRoles } from '@waybill/db/roles.js';
import { z } from 'zod';

const environment = z
  .object({
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
    /** Who has become root by sudo. */
    SUDO_USER: z.string().optional(),
    ...API_VARIABLES,
    ...WORKER_VARIABLES,
  })
  .superRefine(requireMailSender);

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
  /** Who is named in the audit log: the account that the system knows, whatever the environment says. */
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
    userName: accountName(found.SUDO_USER),
  };
}

function accountName(sudoUser: string | undefined): string {
  const uid = process.getuid?.();
  let name = `uid ${uid}`;
  try {
    name = userInfo().username;
  } catch (error) {
    // In a container an account may have a number and no name.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
  }
  // Only root could have made that up.
  return uid === 0 && sudoUser !== undefined ? `${name} (${sudoUser} by sudo)` : name;
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
