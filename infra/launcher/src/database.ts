/**
 * The database of an installation: the embedded Postgres, or one that DATABASE_URL names. In both cases the
 * schema is brought to this version and the API, the worker and the sealer get a role of their own each.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { migrateDatabase } from '@waybill/db/migrate.js';
import { createLoginRoles, type RunningRoles } from '@waybill/db/roles.js';
import { FULL_VERSION, OLDEST_VERSION } from '@waybill/db/server-version.js';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@waybill/embedded-postgres/embedded-postgres.js';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';
import { prepareJobs } from '@waybill/jobs/connection.js';
import pg from 'pg';
import { LaunchError, type LauncherConfig } from './config.js';
import { rememberDatabase, requireUsualDatabase } from './database-of-folder.js';
import { keepSecret, type DataFolder } from './data-folder.js';
import { cutLogFile } from './log-file.js';

export interface DatabaseUrls {
  owner: string;
  app: string;
  worker: string;
  sealer: string;
}

export interface ProvidedDatabase {
  urls: DatabaseUrls;
  /** Roles whose password is of our making; the addresses of the others are as they were given to us. */
  made: (keyof DatabaseUrls)[];
  /** What the person who starts Waybill should know, one line each. */
  notes: string[];
  /** The server, where it is ours. */
  server: EmbeddedPostgres | null;
}

/** The embedded server, with the database and its owner in it, as the schema has not been touched yet. */
interface OpenedDatabase extends ProvidedDatabase {
  /** Null where everything runs as the owner. */
  roles: RunningRoles | null;
}

const DATABASE = 'waybill';
const OWNER = 'waybill_owner';

/** @throws LaunchError with what to do where the database cannot be reached, or is of a newer version */
export async function provideDatabase(config: LauncherConfig, folder: DataFolder): Promise<ProvidedDatabase> {
  await requireUsualDatabase(config, folder);
  const opened = config.databaseUrl ? await openOwnDatabase(config, folder) : await openEmbedded(folder);
  try {
    await migrateDatabase({ ownerUrl: opened.urls.owner, roles: opened.roles ?? undefined });
    await prepareJobs(opened.urls.owner, opened.roles ? [opened.roles.app, opened.roles.worker] : []);
  } catch (cause) {
    await opened.server?.stop();
    // What Postgres says lacks what it is about; our own messages say it.
    throw cause instanceof pg.DatabaseError
      ? unusable(opened.urls.owner, cause)
      : new LaunchError((cause as Error).message, { cause });
  }
  await rememberDatabase(config, folder);
  return opened;
}

async function openEmbedded(folder: DataFolder): Promise<OpenedDatabase> {
  await mkdir(dirname(folder.postgres), { recursive: true });
  const password = await keepSecret(folder, 'database-superuser');
  const logFile = join(folder.logs, 'postgres.log');
  cutLogFile(logFile);
  const server = await startEmbeddedPostgres({
    dataDir: folder.postgres,
    // Who connects is told the port at each start, so it need not stay the same.
    port: await findFreePort(),
    superuserPassword: password,
    logFile,
  }).catch((cause: Error) => {
    throw new LaunchError(cause.message, { cause });
  });
  try {
    const roles = rolesOf(DATABASE);
    const passwords = new Map<string, string>();
    for (const name of [OWNER, ...Object.values(roles)]) {
      passwords.set(name, await keepSecret(folder, `database-${name}`));
    }
    const adminUrl = server.superuserUrl('postgres');
    await createLoginRoles(
      adminUrl,
      [...passwords].map(([name, secret]) => ({ name, password: secret })),
    );
    await createDatabase(adminUrl);
    const url = (name: string): string =>
      withLogin(server.superuserUrl(DATABASE), name, passwords.get(name)!);
    const urls = {
      owner: url(OWNER),
      app: url(roles.app),
      worker: url(roles.worker),
      sealer: url(roles.sealer),
    };
    return { urls, made: ['owner', 'app', 'worker', 'sealer'], roles, server, notes: [] };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  } finally {
    await client.end();
  }
}

/** The database that DATABASE_URL names: as the owner where it is the only address, as the API otherwise. */
async function openOwnDatabase(config: LauncherConfig, folder: DataFolder): Promise<OpenedDatabase> {
  const owner = config.ownerUrl ?? config.databaseUrl!;
  await requireReachable(owner);
  if (config.ownerUrl ?? config.workerUrl ?? config.sealerUrl) {
    const app = config.databaseUrl!;
    const urls = { owner, app, worker: config.workerUrl ?? app, sealer: config.sealerUrl ?? app };
    const roles = { app: userOf(urls.app), worker: userOf(urls.worker), sealer: userOf(urls.sealer) };
    const separate = !Object.values(roles).includes(userOf(owner));
    const notes = separate ? [] : [ROLES_OFF];
    return { urls, made: [], roles: separate ? roles : null, server: null, notes };
  }
  return separateRoles(owner, folder);
}

const ROLES_OFF =
  'The separation of database roles is off: everything runs as the owner of the database, who could rewrite the ' +
  'audit log. Set MIGRATION_DATABASE_URL to the owner and DATABASE_URL, WORKER_DATABASE_URL and ' +
  'SEALER_DATABASE_URL to other roles, or give the owner the right CREATEROLE.';

/** Makes the roles that run beside the owner, where the owner may make roles. */
async function separateRoles(owner: string, folder: DataFolder): Promise<OpenedDatabase> {
  const roles = rolesOf(new URL(owner).pathname.slice(1));
  const names = Object.values(roles);
  const logins = await Promise.all(
    names.map(async (name) => ({
      name,
      password: await keepSecret(folder, `database-${name.replaceAll('/', '_')}`),
    })),
  );
  try {
    await createLoginRoles(owner, logins);
  } catch (error) {
    // 42501: insufficient privilege.
    if ((error as { code?: string }).code !== '42501') throw error;
    const urls = { owner, app: owner, worker: owner, sealer: owner };
    return { urls, made: [], roles: null, server: null, notes: [ROLES_OFF] };
  }
  const url = (index: number): string => withLogin(owner, logins[index]!.name, logins[index]!.password);
  const urls = { owner, app: url(0), worker: url(1), sealer: url(2) };
  return { urls, made: ['app', 'worker', 'sealer'], roles, server: null, notes: [] };
}

function rolesOf(database: string): RunningRoles {
  return { app: `${database}_app`, worker: `${database}_worker`, sealer: `${database}_sealer` };
}

async function requireReachable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const found = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    requireVersion(Number(found.rows[0]?.server_version_num));
  } catch (cause) {
    throw unusable(url, cause as Error);
  } finally {
    await client.end();
  }
}

/**
 * @param number as in `server_version_num`: 180004 is 18.4
 * @throws Error where it is too old
 */
export function requireVersion(number: number): void {
  const major = Math.floor(number / 10_000);
  if (major < OLDEST_VERSION)
    throw new Error(
      `it is Postgres ${major}, and Waybill needs ${OLDEST_VERSION} or newer (best ${FULL_VERSION} or newer).`,
    );
}

function unusable(url: string, cause: Error & { code?: string }): LaunchError {
  const { host, pathname } = new URL(url);
  // 42501: insufficient privilege.
  const hint = cause.code === '42501' ? '. The user of this address must own the database.' : '';
  return new LaunchError(
    `The database ${pathname.slice(1)} at ${host} cannot be used: ${cause.message || cause.code}${hint}`,
    { cause },
  );
}

function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}
