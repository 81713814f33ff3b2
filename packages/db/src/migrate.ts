/**
 * Brings a database to the schema of this version: applies the migrations that it does not have yet, in order,
 * then the grants. Safe to run again, and safe to run by two processes at once.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { grantRoles, type RunningRoles } from './roles.js';
import { ScriptError, withSchemaEngine } from './schema-engine.js';

/** The migrations of this version; the path is the same from src/ and from dist/. */
const MIGRATIONS_DIR = join(import.meta.dirname, '../../../prisma/migrations');
/** Advisory lock that only one migrating process holds; any fixed number of our own. */
const MIGRATION_LOCK = 4_711_990;

export interface MigrateInput {
  /** URL of the role that owns the schema. */
  ownerUrl: string;
  /** Names of the roles that run; without them no grants are applied (everything runs as the owner). */
  roles?: RunningRoles | undefined;
  /** Another folder of migrations, for tests. */
  migrationsDir?: string;
}

interface Migration {
  name: string;
  script: string;
}

interface AppliedMigration {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

/**
 * Applies what is missing and gives the names of what it applied.
 * @throws Error when the database was used by a newer version, when a migration was changed after it had been
 *   applied, or when one failed half-way earlier: each says what to do
 */
export async function migrateDatabase(input: MigrateInput): Promise<string[]> {
  const migrations = await readMigrations(input.migrationsDir ?? MIGRATIONS_DIR);
  const client = new pg.Client({ connectionString: input.ownerUrl, application_name: 'waybill migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const missing = await findMissing(client, migrations);
    const names = missing.length > 0 ? await applyMigrations(input.ownerUrl, migrations) : [];
    if (input.roles) await grantRoles(input.ownerUrl, input.roles);
    return names;
  } finally {
    // Closing the connection gives the lock back.
    await client.end();
  }
}

/** The names of the migrations that the database does not have yet, without applying them. */
export async function pendingMigrations(ownerUrl: string, migrationsDir = MIGRATIONS_DIR): Promise<string[]> {
  const migrations = await readMigrations(migrationsDir);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'waybill migrate' });
  await client.connect();
  try {
    return await findMissing(client, migrations);
  } finally {
    await client.end();
  }
}

/** The names of the migrations that the database lacks, once its history is known to be one of ours. */
async function findMissing(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  const applied = await readApplied(client);
  requireKnownHistory(migrations, applied);
  const names = new Set(applied.map((row) => row.migration_name));
  return migrations.map((migration) => migration.name).filter((name) => !names.has(name));
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names
      .filter((name) => existsSync(join(folder, name, 'migration.sql')))
      .toSorted()
      .map(async (name) => ({ name, script: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

async function readApplied(client: pg.Client): Promise<AppliedMigration[]> {
  const table = await client.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`);
  if (!(table.rows[0] as { present: boolean }).present) return [];
  const result = await client.query<AppliedMigration>(
    `SELECT migration_name, checksum, finished_at FROM _prisma_migrations
      WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return result.rows;
}

function requireKnownHistory(migrations: Migration[], applied: AppliedMigration[]): void {
  const checksums = new Map(migrations.map(({ name, script }) => [name, sha256(script)]));
  const unfinished = applied.find((row) => row.finished_at === null);
  if (unfinished) {
    throw new Error(
      `The migration ${unfinished.migration_name} failed earlier and left the database half-way. ` +
        'Restore the backup from before it, or repair by hand and mark it in the table _prisma_migrations.',
    );
  }
  const newer = applied.filter((row) => !checksums.has(row.migration_name)).map((row) => row.migration_name);
  if (newer.length > 0) {
    throw new Error(
      `The database was used by a newer version of Waybill: this version does not know ${newer.join(', ')}. ` +
        'Start that version again, or restore a backup from before the upgrade.',
    );
  }
  const edited = applied.find((row) => checksums.get(row.migration_name) !== row.checksum);
  if (edited) {
    throw new Error(
      `The migration ${edited.migration_name} was changed after this database had applied it. ` +
        'Restore the file as it was released; a change to the schema needs a new migration.',
    );
  }
}

async function applyMigrations(ownerUrl: string, migrations: Migration[]): Promise<string[]> {
  const migrationsList = {
    baseDir: MIGRATIONS_DIR,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: script } },
    })),
  };
  const filters = { externalTables: [], externalEnums: [] };
  try {
    const run = await withSchemaEngine(ownerUrl, (engine) =>
      engine.applyMigrations({ migrationsList, filters }),
    );
    return run.appliedMigrationNames;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    const name = migrations.find((migration) => migration.script === error.script)?.name;
    throw new Error(`The migration ${name} failed and was rolled back: ${error.message}`, { cause: error });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
