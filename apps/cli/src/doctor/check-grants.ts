/** Whether the database refuses what it must: the audit log is insert-only, and each role has just its rights. */
import { type Database, openDatabase } from '@waybill/db/client.js';
import type { CliConfig } from '../config.js';
import { type Finding, fail, messageOf, ok } from './finding.js';

const REGRANT = 'Run: npm run waybill -- migrate (it applies the grants again).';

interface Right {
  role: 'app' | 'worker' | 'sealer';
  /** Why the role must not have it. */
  why: string;
  has: (database: Database) => Promise<boolean>;
}

const table = (name: string, privilege: string) => async (database: Database) => {
  const rows = await database.$queryRaw<
    { has: boolean }[]
  >`SELECT has_table_privilege(${name}, ${privilege}) AS has`;
  return rows[0]?.has ?? false;
};
const column = (name: string, field: string, privilege: string) => async (database: Database) => {
  const rows = await database.$queryRaw<{ has: boolean }[]>`
    SELECT has_column_privilege(${name}, ${field}, ${privilege}) AS has`;
  return rows[0]?.has ?? false;
};
const owns = async (database: Database) => {
  const rows = await database.$queryRaw<{ has: boolean }[]>`
    SELECT bool_or(role.rolsuper OR role.rolbypassrls OR pg_has_role(current_user, class.relowner, 'USAGE')) AS has
    FROM pg_roles role, pg_class class
    WHERE role.rolname = current_user AND class.relname = 'audit_event'`;
  return rows[0]?.has ?? false;
};

const FORBIDDEN: Right[] = (['app', 'worker', 'sealer'] as const)
  .flatMap((role): Right[] => [
    { role, why: 'owns the audit log or is a superuser', has: owns },
    { role, why: 'may change audit events', has: table('audit_event', 'UPDATE') },
    { role, why: 'may delete audit events', has: table('audit_event', 'DELETE') },
    { role, why: 'may empty the audit log', has: table('audit_event', 'TRUNCATE') },
    { role, why: 'may set when an event was recorded', has: column('audit_event', 'recorded_at', 'INSERT') },
  ])
  .concat([
    { role: 'worker', why: 'may read password hashes', has: column('"user"', 'password_hash', 'SELECT') },
    { role: 'worker', why: 'may make users', has: table('"user"', 'INSERT') },
    { role: 'worker', why: 'may read API keys', has: table('api_key', 'SELECT') },
    { role: 'sealer', why: 'may read credentials', has: table('credential_seal', 'SELECT') },
    { role: 'sealer', why: 'may add audit events', has: table('audit_event', 'INSERT') },
  ]);

export async function checkGrants(config: CliConfig): Promise<Finding[]> {
  const urls = { app: config.databaseUrl, worker: config.workerUrl, sealer: config.sealerUrl };
  const findings: Finding[] = [];
  for (const [role, url] of Object.entries(urls)) if (url !== null) findings.push(await checkRole(role, url));
  findings.push(await checkTriggers(config.ownerUrl));
  return findings;
}

async function checkRole(role: string, url: string): Promise<Finding> {
  const database = openDatabase(url, { poolSize: 1, applicationName: 'waybill doctor' });
  try {
    const excess: string[] = [];
    for (const right of FORBIDDEN)
      if (right.role === role && (await right.has(database))) excess.push(right.why);
    return excess.length === 0
      ? ok(`grants of ${role}`, 'just what it needs')
      : fail(`grants of ${role}`, `it ${excess.join('; it ')}`, REGRANT);
  } catch (error) {
    return fail(`grants of ${role}`, messageOf(error), 'Check the URL of that role.');
  } finally {
    await database.$disconnect();
  }
}

/** Every partition refuses TRUNCATE, the log refuses UPDATE and DELETE, and next month has its place. */
async function checkTriggers(ownerUrl: string): Promise<Finding> {
  const database = openDatabase(ownerUrl, { poolSize: 1, applicationName: 'waybill doctor' });
  try {
    const open = await database.$queryRaw<{ name: string }[]>`
      SELECT class.relname AS name FROM pg_class class
      WHERE (class.relname = 'audit_event'
          OR class.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'audit_event'::regclass))
        AND (
          SELECT count(DISTINCT CASE WHEN (tgtype & 32) > 0 THEN 'truncate' ELSE 'row' END)
          FROM pg_trigger
          WHERE tgrelid = class.oid AND tgenabled IN ('O', 'A') AND tgfoid = 'refuse_change'::regproc
        ) < 2`;
    if (open.length > 0)
      return fail(
        'insert-only triggers',
        `missing or switched off on ${open.map((row) => row.name).join(', ')}`,
        'Find out who did it (this is tampering until explained), then restore the triggers as the first migration has them.',
      );
    const next = await database.$queryRaw<{ there: boolean }[]>`
      SELECT to_regclass('audit_event_' || to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYY_MM'))
        IS NOT NULL AS there`;
    return next[0]?.there
      ? ok('audit log', 'insert-only, and next month has its partition')
      : fail('audit log', 'next month has no partition', 'Start a worker; it makes them ahead.');
  } catch (error) {
    return fail('audit log', messageOf(error), 'Check MIGRATION_DATABASE_URL and run the migrations.');
  } finally {
    await database.$disconnect();
  }
}
