/**
 * What an installation consists of before anything runs: its folder, its database, its keys. `npm start` and
 * `npm run waybill` both open it; what they start is told where things are by environment, and each secret by
 * the name of its file.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRETS } from '@waybill/configuration/read-configuration.js';
import { REPOSITORY, type LauncherConfig } from './config.js';
import { openDataFolder, writeSecret, type DataFolder, type LockedDataFolder } from './data-folder.js';
import { provideDatabase, type ProvidedDatabase } from './database.js';
import { keepVaultKeys, vaultKeyFiles } from './vault-keys.js';

export interface Installation {
  folder: LockedDataFolder;
  database: ProvidedDatabase;
}

/** @throws LaunchError with what to do */
export async function openInstallation(config: LauncherConfig): Promise<Installation> {
  const folder = await openDataFolder(config.dataFolder);
  try {
    await keepVaultKeys(folder);
    const database = await provideDatabase(config, folder);
    await keepAddresses(folder, database);
    return { folder, database };
  } catch (error) {
    folder.release();
    throw error;
  }
}

/** Stops the embedded server, if there is one, and gives the folder back. */
export async function closeInstallation({ folder, database }: Installation): Promise<void> {
  await database.server?.stop();
  folder.release();
}

/** A password that we were given is not written down: only the addresses of the roles that we made are. */
async function keepAddresses(folder: DataFolder, { urls, made }: ProvidedDatabase): Promise<void> {
  for (const role of Object.keys(GIVEN_AS) as Role[]) {
    if (made.includes(role)) await writeSecret(folder, `${role}.url`, urls[role]);
    else await rm(addressFile(folder, role), { force: true });
  }
}

type Role = keyof ProvidedDatabase['urls'];

/** How a role's address may have been given to us, best first. */
const GIVEN_AS = {
  owner: ['MIGRATION_DATABASE_URL', 'DATABASE_URL'],
  app: ['DATABASE_URL'],
  worker: ['WORKER_DATABASE_URL', 'DATABASE_URL'],
  sealer: ['SEALER_DATABASE_URL', 'DATABASE_URL'],
} as const;

const addressFile = (folder: DataFolder, role: Role): string => join(folder.secrets, `${role}.url`);

/** The variable that tells a role's address: by our file where there is one, else in the form we were given it. */
function addressAs(
  variable: (typeof SECRETS)[number],
  role: Role,
  { config, folder }: { config: LauncherConfig; folder: DataFolder },
): NodeJS.ProcessEnv {
  const file = addressFile(folder, role);
  if (existsSync(file)) return { [`${variable}_FILE`]: file };
  const given = GIVEN_AS[role].find((name) => config.environment[name] || config.environment[`${name}_FILE`]);
  return given ? secretAsGiven(config, given, variable) : {};
}

/** What every process of ours is told: all that was set for the launcher, without the secrets. */
function commonEnvironment(config: LauncherConfig, folder: DataFolder): NodeJS.ProcessEnv {
  const secrets = new Set(SECRETS.flatMap((name) => [name, `${name}_FILE`]));
  const inherited = Object.entries(config.environment).filter(([name]) => !secrets.has(name));
  return {
    ...Object.fromEntries(inherited),
    ...secretAsGiven(config, 'REDIS_URL'),
    WAYBILL_DATA: folder.path,
    WAYBILL_LOCAL_ROOTS: config.localRoots.map(({ name, path }) => `${name}=${path}`).join(','),
  };
}

/** One secret in the form in which the launcher was given it: itself, or its file. */
function secretAsGiven(
  { environment }: LauncherConfig,
  name: (typeof SECRETS)[number],
  as = name,
): NodeJS.ProcessEnv {
  return { [as]: environment[name], [`${as}_FILE`]: environment[`${name}_FILE`] };
}

export function apiEnvironment(config: LauncherConfig, folder: DataFolder): NodeJS.ProcessEnv {
  return {
    ...commonEnvironment(config, folder),
    WAYBILL_HOST: config.host,
    WAYBILL_PORT: String(config.port),
    ...addressAs('DATABASE_URL', 'app', { config, folder }),
    WAYBILL_VAULT_PUBLIC_KEY_FILE: vaultKeyFiles(folder).publicKeyFile,
  };
}

/**
 * What the API may read from disk: its own code, the secrets that it is told, with the certificates that the database's address names, and what
 * /metrics tells of the process itself: not the folder of all secrets, and not the files that are moved.
 */
export function readableByApi(environment: NodeJS.ProcessEnv, databaseUrl: string): string[] {
  const code = ['apps', 'packages', 'node_modules', 'prisma', 'infra/launcher', 'package.json'];
  const { searchParams } = new URL(databaseUrl);
  const named = ['sslrootcert', 'sslcert', 'sslkey'].map((name) => searchParams.get(name));
  const secrets = SECRETS.map((name) => environment[`${name}_FILE`]);
  // Not all of /proc/self: its "root" leads everywhere.
  const measures = ['/proc/self/status', '/proc/self/limits', '/proc/self/fd'];
  return [
    ...measures,
    ...code.map((path) => join(REPOSITORY, path)),
    ...[...named, ...secrets].filter((path) => path != null),
  ];
}

export function workerEnvironment(config: LauncherConfig, folder: DataFolder): NodeJS.ProcessEnv {
  return {
    ...commonEnvironment(config, folder),
    ...secretAsGiven(config, 'SMTP_URL'),
    // For the links in its mails.
    WAYBILL_PUBLIC_URL: consoleUrl(config),
    ...addressAs('DATABASE_URL', 'worker', { config, folder }),
    WAYBILL_VAULT_PRIVATE_KEY_FILE: vaultKeyFiles(folder).privateKeyFile,
  };
}

/** The command line is the machine administrator's: it may do everything. */
export function commandEnvironment(config: LauncherConfig, folder: DataFolder): NodeJS.ProcessEnv {
  const keys = vaultKeyFiles(folder);
  return {
    ...commonEnvironment(config, folder),
    WAYBILL_PUBLIC_URL: consoleUrl(config),
    ...addressAs('DATABASE_URL', 'app', { config, folder }),
    ...addressAs('MIGRATION_DATABASE_URL', 'owner', { config, folder }),
    ...addressAs('WORKER_DATABASE_URL', 'worker', { config, folder }),
    ...addressAs('SEALER_DATABASE_URL', 'sealer', { config, folder }),
    // The doctor tells of a file that is gone.
    ...(existsSync(keys.publicKeyFile) && { WAYBILL_VAULT_PUBLIC_KEY_FILE: keys.publicKeyFile }),
    ...(existsSync(keys.privateKeyFile) && { WAYBILL_VAULT_PRIVATE_KEY_FILE: keys.privateKeyFile }),
  };
}

/** The practice partner plays somebody else's server, so it is told nothing of ours. */
export function practiceEnvironment(
  config: LauncherConfig,
  folder: DataFolder,
  ports: { explicit: number; implicit: number },
): NodeJS.ProcessEnv {
  const { PATH, HOME, TZ, LANG } = config.environment;
  return {
    PATH,
    HOME,
    TZ,
    LANG,
    WAYBILL_PRACTICE_FOLDER: folder.practice,
    WAYBILL_PRACTICE_EXPLICIT_PORT: String(ports.explicit),
    WAYBILL_PRACTICE_IMPLICIT_PORT: String(ports.implicit),
  };
}

/** What people type to reach the console. */
export function consoleUrl(config: LauncherConfig): string {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const literal = host.includes(':') ? `[${host}]` : host;
  return config.publicUrl ?? `http://${literal}:${config.port}`;
}
