/**
 * Real databases for tests: one Postgres server for a whole test run, one migrated template in it, and a fresh
 * copy of the template (some 30 ms) for every test file, used through the real roles.
 *
 * The first test file that asks for a database starts the server. The folder of the run is made by
 * scripts/start-test-run.mjs and cleared by scripts/end-test-run.mjs, which also stops the server.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '@waybill/db/client.js';
import { migrateDatabase } from '@waybill/db/migrate.js';
import { createLoginRoles } from '@waybill/db/roles.js';
import { startEmbeddedPostgres } from '@waybill/embedded-postgres/embedded-postgres.js';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';
import { prepareJobs } from '@waybill/jobs/connection.js';
import pg from 'pg';
import { collectAuditActions } from './audit-coverage.js';

const TEMPLATE = 'waybill_template';
const OWNER = 'waybill_owner';
/** Names of the roles that run, as every test database has them. */
export const TEST_ROLES = { app: 'waybill_app', worker: 'waybill_worker', sealer: 'waybill_sealer' };
const START_TIMEOUT_MS = 120_000;

export interface TestDatabase {
  /** The superuser of the server, for what only it may do. */
  superuserUrl: string;
  ownerUrl: string;
  appUrl: string;
  workerUrl: string;
  sealerUrl: string;
  /** Opened at first use, closed by `close()`. */
  readonly app: Database;
  readonly worker: Database;
  /** Closes what was opened and drops the database. */
  close(): Promise<void>;
}

interface TestServer {
  port: number;
  password: string;
}

/** A fresh database with the schema of this version, its roles and grants, and the queue's tables. */
export async function testDatabase(): Promise<TestDatabase> {
  return createDatabase(await testServer(), `TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
}

/** A fresh database without anything in it, for what is tested before a migration. */
export async function emptyTestDatabase(): Promise<TestDatabase> {
  return createDatabase(await testServer(), '');
}

async function createDatabase(server: TestServer, clauses: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const adminUrl = urlOf(server, 'postgres', 'postgres');
  await asAdmin(adminUrl, (client) => client.query(`CREATE DATABASE ${name} OWNER ${OWNER} ${clauses}`));
  const url = (user: string): string => urlOf(server, user, name);
  const opened = new Map<string, Database>();
  const opening = (user: string): Database => {
    const database =
      opened.get(user) ?? openDatabase(url(user), { poolSize: 5, applicationName: 'waybill test' });
    opened.set(user, database);
    return database;
  };
  return {
    superuserUrl: url('postgres'),
    ownerUrl: url(OWNER),
    appUrl: url(TEST_ROLES.app),
    workerUrl: url(TEST_ROLES.worker),
    sealerUrl: url(TEST_ROLES.sealer),
    get app() {
      return opening(TEST_ROLES.app);
    },
    get worker() {
      return opening(TEST_ROLES.worker);
    },
    async close() {
      await collectAuditActions(url('postgres'));
      await Promise.all([...opened.values()].map((database) => database.$disconnect()));
      await asAdmin(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

let known: Promise<TestServer> | undefined;

function testServer(): Promise<TestServer> {
  return (known ??= findOrStartServer());
}

/** The first process of the run starts the server, the others wait for the file that it writes at the end. */
async function findOrStartServer(): Promise<TestServer> {
  const folder = process.env.WAYBILL_TEST_RUN;
  if (!folder)
    throw new Error('WAYBILL_TEST_RUN is not set: run the tests with the jest.config.mjs of the project.');
  const readyFile = join(folder, 'server.json');
  const failedFile = join(folder, 'server-failed.txt');
  const first = await open(join(folder, 'server.lock'), 'wx').then(
    (file) => file.close().then(() => true),
    () => false,
  );
  if (first) {
    try {
      const server = await startServer(folder);
      await writeFile(`${readyFile}.tmp`, JSON.stringify(server), { mode: 0o600 });
      await rename(`${readyFile}.tmp`, readyFile);
    } catch (error) {
      await writeFile(failedFile, String(error instanceof Error ? error.stack : error));
      throw error;
    }
  }
  for (const deadline = Date.now() + START_TIMEOUT_MS; !existsSync(readyFile); await sleep(50)) {
    if (existsSync(failedFile)) throw new Error(await readFile(failedFile, 'utf8'));
    if (Date.now() > deadline)
      throw new Error(`The test database did not start; see ${folder}/postgres.log.`);
  }
  return JSON.parse(await readFile(readyFile, 'utf8')) as TestServer;
}

async function startServer(folder: string): Promise<TestServer> {
  const password = randomBytes(24).toString('base64url');
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    port: await findFreePort(),
    superuserPassword: password,
    logFile: join(folder, 'postgres.log'),
    // Nothing here outlives the run, so it need not reach the disk.
    options: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      shared_buffers: '256MB',
    },
  });
  server.detach();
  const found: TestServer = { port: server.port, password };
  const adminUrl = urlOf(found, 'postgres', 'postgres');
  const names = [OWNER, ...Object.values(TEST_ROLES)];
  await createLoginRoles(
    adminUrl,
    names.map((name) => ({ name, password })),
  );
  await asAdmin(adminUrl, (client) => client.query(`CREATE DATABASE ${TEMPLATE} OWNER ${OWNER}`));
  const ownerUrl = urlOf(found, OWNER, TEMPLATE);
  await migrateDatabase({ ownerUrl, roles: TEST_ROLES });
  await prepareJobs(ownerUrl, [TEST_ROLES.app, TEST_ROLES.worker]);
  return found;
}

function urlOf(server: TestServer, user: string, database: string): string {
  return `postgres://${user}:${server.password}@127.0.0.1:${server.port}/${database}`;
}

async function asAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
