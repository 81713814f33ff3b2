/**
 * The migrations are written by hand where Prisma cannot say a thing (partitions, triggers, checks), so they may
 * hold more than the Prisma schema, but never less and nothing else.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { emptyTestDatabase, testDatabase, type TestDatabase } from '@waybill/testing/database.js';
import pg from 'pg';
import { withSchemaEngine } from './schema-engine.js';

const SCHEMA = join(import.meta.dirname, '../../../prisma/schema');

/** Columns with type, nullability and default; a partition has those of its table. */
const COLUMNS = `
  SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
         || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
         || COALESCE(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS fact
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> '_prisma_migrations'
     AND a.attnum > 0 AND NOT a.attisdropped`;
const ENUMS = `
  SELECT t.typname || ' ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) AS fact
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
   WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname`;
const KEYS = `
  SELECT c.relname || ' ' || pg_get_constraintdef(k.oid) AS fact
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
   WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f') AND c.relname <> '_prisma_migrations'`;
const INDEXES = `
  SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS fact
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid AND NOT c.relispartition
   WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> '_prisma_migrations'`;

let migrated: TestDatabase;
let described: TestDatabase;

beforeAll(async () => {
  [migrated, described] = await Promise.all([testDatabase(), emptyTestDatabase()]);
  await query(described, await scriptOfSchema(described.ownerUrl));
});
afterAll(() => Promise.all([migrated.close(), described.close()]));

test.each([
  ['columns', COLUMNS],
  ['enums', ENUMS],
])('the migrations make exactly the %s that the Prisma schema describes', async (_what, text) => {
  expect(await facts(migrated, text)).toEqual(await facts(described, text));
});

test.each([
  ['keys', KEYS],
  ['indexes', INDEXES],
])('the migrations make all %s that the Prisma schema describes', async (_what, text) => {
  const made = await facts(migrated, text);
  expect((await facts(described, text)).filter((fact) => !made.includes(fact))).toEqual([]);
});

/** The script that would make the schema in an empty database. */
async function scriptOfSchema(url: string): Promise<string> {
  const names = (await readdir(SCHEMA)).filter((name) => name.endsWith('.prisma'));
  const files = await Promise.all(
    names.map(async (name) => ({
      path: join(SCHEMA, name),
      content: await readFile(join(SCHEMA, name), 'utf8'),
    })),
  );
  const { stdout } = await withSchemaEngine(url, (engine) =>
    engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  return stdout!;
}

async function facts(database: TestDatabase, text: string): Promise<string[]> {
  return ((await query(database, text)) as { fact: string }[]).map(({ fact }) => fact).toSorted();
}

async function query(database: TestDatabase, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
