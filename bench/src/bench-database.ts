/**
 * A Postgres of its own with the settings of a real installation: unlike in tests, what is committed is on the
 * disk. Roles, schema and queue as the launcher sets them up.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Database, openDatabase } from '@waybill/db/client.js';
import { migrateDatabase } from '@waybill/db/migrate.js';
import { createLoginRoles } from '@waybill/db/roles.js';
import { startEmbeddedPostgres } from '@waybill/embedded-postgres/embedded-postgres.js';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';
import { prepareJobs } from '@waybill/jobs/connection.js';
import { TEST_ROLES } from '@waybill/testing/database.js';
import pg from 'pg';

const DATABASE = 'waybill';
const OWNER = 'waybill_owner';

export interface BenchDatabase {
  version: string;
  appUrl: string;
  workerUrl: string;
  app: Database;
  stop(): Promise<void>;
}

export async function startBenchDatabase(folder: string): Promise<BenchDatabase> {
  const password = randomBytes(24).toString('base64url');
  const postgres = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    port: await findFreePort(),
    superuserPassword: password,
    logFile: join(folder, 'postgres.log'),
  });
  const urlOf = (role: string): string =>
    Object.assign(new URL(postgres.superuserUrl(DATABASE)), { username: role, password }).href;
  try {
    const version = await createDatabase(postgres.superuserUrl('postgres'), password);
    await migrateDatabase({ ownerUrl: urlOf(OWNER), roles: TEST_ROLES });
    await prepareJobs(urlOf(OWNER), [TEST_ROLES.app, TEST_ROLES.worker]);
    const app = openDatabase(urlOf(TEST_ROLES.app), { poolSize: 3, applicationName: 'waybill bench' });
    return {
      version,
      appUrl: urlOf(TEST_ROLES.app),
      workerUrl: urlOf(TEST_ROLES.worker),
      app,
      async stop() {
        await app.$disconnect();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** @returns the version of the server */
async function createDatabase(adminUrl: string, password: string): Promise<string> {
  const names = [OWNER, ...Object.values(TEST_ROLES)];
  await createLoginRoles(
    adminUrl,
    names.map((name) => ({ name, password })),
  );
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
}
