import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '@waybill/db/migrate.js';
import { newId } from '@waybill/domain/new-id.js';
import { TEST_ROLES, type TestDatabase, emptyTestDatabase, testDatabase } from '@waybill/testing/database.js';
import { makeVaultKeyPair } from '@waybill/vault/keys.js';
import pg from 'pg';
import type { CliConfig } from '../config.js';
import { clockFinding } from './check-clock.js';
import { versionFinding } from './check-database.js';
import { diskFinding } from './check-disk.js';
import type { Finding } from './finding.js';
import { formatFindings, runDoctor } from './run-doctor.js';

let database: TestDatabase;
let root: string;
let healthy: CliConfig;

beforeAll(async () => {
  database = await testDatabase();
  root = mkdtempSync(join(tmpdir(), 'waybill-doctor-'));
  const keys = await makeVaultKeyPair();
  healthy = {
    databaseUrl: database.appUrl,
    ownerUrl: database.ownerUrl,
    workerUrl: database.workerUrl,
    sealerUrl: database.sealerUrl,
    redisUrl: null,
    dataFolder: root,
    localRoots: [{ name: 'files', path: root }],
    vaultPublicKey: keys.publicKey,
    vaultPrivateKey: keys.privateKey,
    publicUrl: null,
    userName: 'tester',
  };
});
// A worker that was seen at the beginning only is taken for lost before the last of these tests.
beforeEach(aliveWorker);

afterAll(async () => {
  await database.close();
  rmSync(root, { recursive: true });
});

async function aliveWorker() {
  const now = new Date();
  await database.worker.worker.upsert({
    where: { id: 'w1' },
    create: { id: 'w1', version: '0', hostName: 'here', startedAt: now, lastSeenAt: now },
    update: { lastSeenAt: now },
  });
}

async function asOwner(...statements: string[]) {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const failures = (findings: Finding[]) => findings.filter((finding) => finding.status === 'fail');

/** Plants a fault, expects the one finding that tells it with a remedy, and that all is well again after. */
async function expectFault(
  fault: { plant: () => unknown; heal: () => unknown; config?: Partial<CliConfig> },
  expected: { what: string; detail: RegExp },
) {
  await fault.plant();
  try {
    const failed = failures(await runDoctor({ ...healthy, ...fault.config }));
    expect(failed.map((finding) => finding.what)).toContain(expected.what);
    const finding = failed.find((one) => one.what === expected.what);
    expect(finding?.detail).toMatch(expected.detail);
    expect(finding?.remedy).toBeTruthy();
  } finally {
    await fault.heal();
  }
  expect(failures(await runDoctor(healthy))).toEqual([]);
}

const nothing = () => undefined;

test('a healthy installation has no failures, and no password shows in what is printed', async () => {
  const findings = await runDoctor(healthy);
  expect(failures(findings)).toEqual([]);
  const printed = formatFindings(findings);
  expect(printed).toContain('ok');
  for (const url of [healthy.databaseUrl, healthy.ownerUrl])
    expect(printed).not.toContain(new URL(url).password);
});

describe('a planted fault is found, told apart and has a remedy:', () => {
  test('a local root that is gone', () =>
    expectFault(
      { plant: nothing, heal: nothing, config: { localRoots: [{ name: 'gone', path: join(root, 'gone') }] } },
      { what: 'local root gone', detail: /ENOENT/ },
    ));

  test('a local root that is a file', async () => {
    const path = join(root, 'a-file');
    await expectFault(
      {
        plant: () => writeFileSync(path, ''),
        heal: () => rmSync(path),
        config: { localRoots: [{ name: 'file', path }] },
      },
      { what: 'local root file', detail: /not a folder/ },
    );
  });

  test('a database that does not answer', () =>
    expectFault(
      {
        plant: nothing,
        heal: nothing,
        config: { databaseUrl: 'postgres://app:hunter2@127.0.0.1:1/waybill' },
      },
      { what: 'database', detail: /^(?!.*hunter2)/s },
    ));

  test('a database without the migrations', async () => {
    const empty = await emptyTestDatabase();
    try {
      await expectFault(
        { plant: nothing, heal: nothing, config: { ownerUrl: empty.ownerUrl } },
        { what: 'migrations', detail: /0001_foundation/ },
      );
    } finally {
      await empty.close();
    }
  });

  const app = () => new URL(database.appUrl).username;
  const worker = () => new URL(database.workerUrl).username;
  const sealer = () => new URL(database.sealerUrl).username;
  const migrate = () => migrateDatabase({ ownerUrl: database.ownerUrl, roles: TEST_ROLES });

  test.each([
    ['UPDATE', 'may change'],
    ['DELETE', 'may delete'],
    ['TRUNCATE', 'may empty'],
  ])('the API may %s audit events', (privilege, why) =>
    expectFault(
      {
        plant: () => asOwner(`GRANT ${privilege} ON audit_event TO ${app()}`),
        heal: () => asOwner(`REVOKE ${privilege} ON audit_event FROM ${app()}`),
      },
      { what: 'audit log and app', detail: new RegExp(why) },
    ),
  );

  test('the API may backdate audit events', () =>
    expectFault(
      {
        plant: () => asOwner(`GRANT INSERT (recorded_at) ON audit_event TO ${app()}`),
        heal: () => asOwner(`REVOKE INSERT (recorded_at) ON audit_event FROM ${app()}`),
      },
      { what: 'audit log and app', detail: /when an event was recorded/ },
    ));

  test('the API may change some columns of audit events', () =>
    expectFault(
      {
        plant: () => asOwner(`GRANT UPDATE (action, details) ON audit_event TO ${app()}`),
        heal: () => asOwner(`REVOKE UPDATE (action, details) ON audit_event FROM ${app()}`),
      },
      { what: 'audit log and app', detail: /may change audit events/ },
    ));

  test.each([
    ['app', 'DELETE ON transfer', 'DELETE transfer'],
    ['app', 'CREATE ON SCHEMA public', 'CREATE schema public'],
    ['app', 'UPDATE ON SEQUENCE audit_event_seq_seq', 'UPDATE audit_event_seq_seq'],
    ['worker', 'UPDATE (password_hash) ON "user"', 'UPDATE user.password_hash'],
    ['worker', 'INSERT ON api_key', 'INSERT api_key'],
    ['sealer', 'SELECT ON partner', 'SELECT partner'],
  ] as const)(
    'the %s has %s, which its grants do not name, until they are applied again',
    async (role, grant, right) => {
      const name = { app, worker, sealer }[role]();
      await expectFault(
        { plant: () => asOwner(`GRANT ${grant} TO ${name}`), heal: migrate },
        { what: `grants of ${role}`, detail: new RegExp(`it has beyond its grants: ${right}$`) },
      );
    },
  );

  test('a right that everybody has been given, or a group of the role', async () => {
    await expectFault(
      { plant: () => asOwner('GRANT SELECT ON api_key TO PUBLIC'), heal: migrate },
      { what: 'grants of worker', detail: /SELECT api_key/ },
    );
    const group = `group_${newId().replaceAll('-', '')}`;
    await expectFault(
      {
        plant: () =>
          asOwner(
            `CREATE ROLE ${group}`,
            `GRANT SELECT ON session TO ${group}`,
            `GRANT ${group} TO ${worker()}`,
          ),
        heal: () => asOwner(`DROP OWNED BY ${group}`, `DROP ROLE ${group}`),
      },
      { what: 'grants of worker', detail: /SELECT session/ },
    );
  });

  test('the worker lacks a right that it needs', () =>
    expectFault(
      { plant: () => asOwner(`REVOKE UPDATE ON transfer FROM ${worker()}`), heal: migrate },
      { what: 'grants of worker', detail: /it lacks: UPDATE transfer$/ },
    ));

  test('the API runs as the owner', () =>
    expectFault(
      { plant: nothing, heal: nothing, config: { databaseUrl: database.ownerUrl } },
      { what: 'audit log and app', detail: /owns the audit log/ },
    ));

  test('the worker may read password hashes', () =>
    expectFault(
      {
        plant: () => asOwner(`GRANT SELECT ON "user" TO ${worker()}`),
        heal: migrate,
      },
      { what: 'grants of worker', detail: /SELECT user$/ },
    ));

  test('the sealer may read credentials', () =>
    expectFault(
      {
        plant: () => asOwner(`GRANT SELECT ON credential_seal TO ${sealer()}`),
        heal: () => asOwner(`REVOKE SELECT ON credential_seal FROM ${sealer()}`),
      },
      { what: 'grants of sealer', detail: /SELECT credential_seal$/ },
    ));

  test('a trigger of the audit log is switched off', () =>
    expectFault(
      {
        plant: () =>
          asOwner('ALTER TABLE audit_event_default DISABLE TRIGGER audit_event_default_no_truncate'),
        heal: () => asOwner('ALTER TABLE audit_event_default ENABLE TRIGGER audit_event_default_no_truncate'),
      },
      { what: 'insert-only triggers', detail: /audit_event_default/ },
    ));

  test('next month has no partition', () => {
    const next = new Date();
    next.setUTCMonth(next.getUTCMonth() + 1, 1);
    const partition = `audit_event_${next.toISOString().slice(0, 7).replace('-', '_')}`;
    return expectFault(
      {
        plant: () => asOwner(`ALTER TABLE ${partition} RENAME TO kept_aside`),
        heal: () => asOwner(`ALTER TABLE kept_aside RENAME TO ${partition}`),
      },
      { what: 'audit log', detail: /no partition/ },
    );
  });

  test('the queue has no tables', () =>
    expectFault(
      {
        plant: () => asOwner('ALTER SCHEMA bullmq RENAME TO bullmq_aside'),
        heal: () => asOwner('ALTER SCHEMA bullmq_aside RENAME TO bullmq'),
      },
      { what: 'queue', detail: /Postgres/ },
    ));

  test('Redis does not answer', () =>
    expectFault(
      { plant: nothing, heal: nothing, config: { redisUrl: 'redis://127.0.0.1:1' } },
      { what: 'queue', detail: /Redis/ },
    ));

  test('no worker is alive', () =>
    expectFault(
      {
        plant: () => asOwner(`UPDATE worker SET last_seen_at = now() - interval '1 hour'`),
        heal: () => asOwner('UPDATE worker SET last_seen_at = now()'),
      },
      { what: 'workers', detail: /none is alive/ },
    ));

  test('the vault keys do not belong together', async () => {
    const other = await makeVaultKeyPair();
    await expectFault(
      { plant: nothing, heal: nothing, config: { vaultPrivateKey: other.privateKey } },
      { what: 'vault', detail: /do not belong together/ },
    );
  });

  test('a key of the vault is gone', () =>
    expectFault(
      { plant: nothing, heal: nothing, config: { vaultPrivateKey: null } },
      { what: 'vault', detail: /a key is gone from secrets\/vault/ },
    ));

  test('a stored password is sealed with another key', () => {
    const id = newId();
    return expectFault(
      {
        plant: () =>
          asOwner(
            `INSERT INTO credential (id, name, username, rotated_at, updated_at) VALUES ('${id}', 'c', 'u', now(), now())`,
            `INSERT INTO credential_seal (id, credential_id, binding_hash, binding, sealed, vault_key_id)
             VALUES ('${newId()}', '${id}', '\\x00', '{}', '\\x00', 'another')`,
          ),
        heal: () => asOwner(`DELETE FROM credential WHERE id = '${id}'`),
      },
      { what: 'stored secrets', detail: /1 of 1/ },
    );
  });

  test('the data folder is gone', () =>
    expectFault(
      { plant: nothing, heal: nothing, config: { dataFolder: join(root, 'gone') } },
      { what: 'disk of the data folder', detail: /ENOENT/ },
    ));
});

test('a disk that fills is warned of, then a failure', () => {
  const sizes = [500 * 1024 ** 2, 2 * 1024 ** 3, 50 * 1024 ** 3];
  expect(sizes.map((size) => diskFinding('disk', size).status)).toEqual(['fail', 'warn', 'ok']);
});

test('a clock that is off is warned of, then a failure', () => {
  expect([0, 900, 1500, -1500, 6000, -6000].map((offset) => clockFinding(offset).status)).toEqual([
    'ok',
    'ok',
    'warn',
    'warn',
    'fail',
    'fail',
  ]);
});

test('an old Postgres is refused or warned of', () => {
  expect([14, 15, 17, 18].map((version) => versionFinding(version).status)).toEqual([
    'fail',
    'warn',
    'ok',
    'ok',
  ]);
});
