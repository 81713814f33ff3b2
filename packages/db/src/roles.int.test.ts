import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { emptyTestDatabase, TEST_ROLES, testDatabase, type TestDatabase } from '@waybill/testing/database.js';
import pg from 'pg';
import { createLoginRoles, grantRoles } from './roles.js';

const query = async (url: string, text: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

describe('the roles that run', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  test.each(['UPDATE audit_event SET action = action', 'DELETE FROM audit_event', 'TRUNCATE audit_event'])(
    'may not touch the audit log with %s',
    async (statement) => {
      for (const url of [database.appUrl, database.workerUrl, database.sealerUrl]) {
        await expect(query(url, statement)).rejects.toThrow(/permission denied/);
      }
    },
  );

  test('the audit log refuses change to its owner as well, and so does each partition', async () => {
    await query(
      database.appUrl,
      `INSERT INTO audit_event (id, occurred_at, action, outcome, actor_kind, actor_name, object_kind, object_name, details, salt)
       VALUES (gen_random_uuid(), now(), 'partner.created', 'succeeded', 'system', 'test', 'partner', 'test', '{}', '\\x00')`,
    );
    const partitions = (await query(
      database.ownerUrl,
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_event'::regclass`,
    )) as { name: string }[];
    expect(partitions.length).toBeGreaterThan(3);
    const statements = [
      'UPDATE audit_event SET action = action',
      'DELETE FROM audit_event',
      ...['audit_event', ...partitions.map(({ name }) => name)].map((name) => `TRUNCATE ${name}`),
    ];
    for (const statement of statements)
      await expect(query(database.ownerUrl, statement)).rejects.toThrow(/insert-only/);
    expect(await query(database.ownerUrl, 'SELECT action FROM audit_event')).toEqual([
      { action: 'partner.created' },
    ]);
  });

  test('the worker makes partitions ahead; a month that the default one has begun does not stop those after it', async () => {
    await query(
      database.ownerUrl,
      `INSERT INTO audit_event (id, recorded_at, occurred_at, action, outcome, actor_kind, actor_name, object_kind, object_name, details, salt)
       VALUES (gen_random_uuid(), now() + interval '6 months', now(), 'x', 'succeeded', 'system', 'test', 'x', 'x', '{}', '\\x00')`,
    );
    expect(await query(database.workerUrl, 'SELECT ensure_audit_partitions(8) AS made')).toEqual([
      { made: 4 },
    ]);
    expect(await query(database.workerUrl, 'SELECT ensure_audit_partitions(8) AS made')).toEqual([
      { made: 0 },
    ]);
  });

  test('may not make tables', async () => {
    for (const url of [database.appUrl, database.workerUrl, database.sealerUrl]) {
      await expect(query(url, 'CREATE TABLE own (id int)')).rejects.toThrow(/permission denied/);
    }
  });

  test('read what is theirs and nothing else', async () => {
    await query(database.appUrl, 'SELECT * FROM session');
    await expect(query(database.workerUrl, 'SELECT * FROM session')).rejects.toThrow(/permission denied/);
    await expect(query(database.workerUrl, 'SELECT password_hash FROM "user"')).rejects.toThrow(
      /permission denied/,
    );
    await expect(query(database.sealerUrl, 'SELECT * FROM partner')).rejects.toThrow(/permission denied/);
    await query(database.sealerUrl, 'SELECT * FROM audit_event');
  });

  test('lose a right that the grants no longer name', async () => {
    await query(database.ownerUrl, `GRANT DELETE ON audit_event TO ${TEST_ROLES.app}`);
    await query(database.ownerUrl, `GRANT CREATE ON SCHEMA public TO ${TEST_ROLES.app}`);
    await query(database.ownerUrl, `GRANT UPDATE ON SEQUENCE audit_event_seq_seq TO ${TEST_ROLES.app}`);
    await grantRoles(database.ownerUrl, TEST_ROLES);
    await expect(query(database.appUrl, 'CREATE TABLE own (id int)')).rejects.toThrow(/permission denied/);
    await expect(query(database.appUrl, `SELECT setval('audit_event_seq_seq', 1)`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(query(database.appUrl, 'DELETE FROM audit_event')).rejects.toThrow(/permission denied/);
    await query(database.appUrl, 'SELECT * FROM audit_event');
  });
});

test('createLoginRoles takes names and passwords with quotes in them, and sets a new password the second time', async () => {
  const database = await emptyTestDatabase();
  const name = `it's a "role"`;
  const url = new URL(database.superuserUrl);
  url.username = encodeURIComponent(name);
  try {
    for (const password of [`it's "one"`, 'two; DROP ROLE postgres']) {
      await createLoginRoles(database.superuserUrl, [{ name, password }]);
      url.password = encodeURIComponent(password);
      expect(await query(url.href, 'SELECT current_user AS name')).toEqual([{ name }]);
    }
  } finally {
    await query(database.superuserUrl, `DROP ROLE ${pg.escapeIdentifier(name)}`);
    await database.close();
  }
});
