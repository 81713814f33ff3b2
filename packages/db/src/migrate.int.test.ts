import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { emptyTestDatabase, TEST_ROLES, type TestDatabase } from '@waybill/testing/database.js';
import pg from 'pg';
import { migrateDatabase, pendingMigrations } from './migrate.js';

const FUNCTION_WITH_SEMICOLONS = `
CREATE TABLE thing (id int);
CREATE FUNCTION count_up() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  n int := 1;
BEGIN
  n := n + 1; -- a semicolon; in a comment
  RETURN n;
END
$$;
`;

describe('migrateDatabase', () => {
  let database: TestDatabase;
  let migrationsDir: string;

  const addMigration = async (name: string, script: string): Promise<void> => {
    await mkdir(join(migrationsDir, name), { recursive: true });
    await writeFile(join(migrationsDir, name, 'migration.sql'), script);
  };
  const migrate = (): Promise<string[]> => migrateDatabase({ ownerUrl: database.ownerUrl, migrationsDir });
  const query = async (text: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };

  beforeEach(async () => {
    database = await emptyTestDatabase();
    migrationsDir = await mkdtemp(join(tmpdir(), 'waybill-migrations-'));
    await addMigration('0001_first', FUNCTION_WITH_SEMICOLONS);
  });
  afterEach(async () => {
    await database.close();
    await rm(migrationsDir, { recursive: true });
  });

  test('applies the migrations of this version to a fresh database and grants the roles their rights', async () => {
    const applied = await migrateDatabase({ ownerUrl: database.ownerUrl, roles: TEST_ROLES });
    expect(applied[0]).toBe('0001_foundation');
    expect(await migrateDatabase({ ownerUrl: database.ownerUrl, roles: TEST_ROLES })).toEqual([]);
    expect(await database.app.partner.count()).toBe(0);
    await expect(database.worker.session.count()).rejects.toThrow(/permission denied/);
  });

  test('keeps functions whole whose bodies hold semicolons', async () => {
    expect(await migrate()).toEqual(['0001_first']);
    expect(await query('SELECT count_up() AS n')).toEqual([{ n: 2 }]);
  });

  test('applies only what is missing, in the order of the names', async () => {
    await migrate();
    await addMigration('0003_third', 'ALTER TABLE thing ADD COLUMN c int;');
    await addMigration('0002_second', 'ALTER TABLE thing ADD COLUMN b int;');
    expect(await pendingMigrations(database.ownerUrl, migrationsDir)).toEqual(['0002_second', '0003_third']);
    expect(await migrate()).toEqual(['0002_second', '0003_third']);
    expect(await pendingMigrations(database.ownerUrl, migrationsDir)).toEqual([]);
  });

  test('lets two processes that start at once apply each migration once', async () => {
    const applied = await Promise.all([migrate(), migrate(), migrate()]);
    expect(applied.flat()).toEqual(['0001_first']);
  });

  test('refuses a database that a newer version has used, and names what it does not know', async () => {
    await addMigration('0002_of_the_future', 'ALTER TABLE thing ADD COLUMN b int;');
    await migrate();
    await rm(join(migrationsDir, '0002_of_the_future'), { recursive: true });
    await expect(migrate()).rejects.toThrow(/newer version of Waybill.*0002_of_the_future/);
  });

  test('refuses a migration that was changed after it had been applied', async () => {
    await migrate();
    await addMigration('0001_first', `${FUNCTION_WITH_SEMICOLONS}-- changed\n`);
    await expect(migrate()).rejects.toThrow(/0001_first was changed after/);
  });

  test('rolls a migration that fails back as a whole and says which statement was wrong', async () => {
    await migrate();
    await addMigration(
      '0002_broken',
      'ALTER TABLE thing ADD COLUMN b int; ALTER TABLE missing ADD COLUMN b int;',
    );
    await expect(migrate()).rejects.toThrow(/0002_broken[^]*relation "missing" does not exist/);
    expect(
      await query(`SELECT column_name FROM information_schema.columns WHERE table_name = 'thing'`),
    ).toEqual([{ column_name: 'id' }]);
    await expect(migrate()).rejects.toThrow(/0002_broken failed earlier/);
  });
});
