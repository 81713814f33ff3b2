/** Whether the database refuses what it must: the audit log is insert-only, and each role has just its rights. */
import { openDatabase } from '@waybill/db/client.js';
import { compareGrants } from '@waybill/db/roles.js';
import { type CliConfig, rolesOf } from '../config.js';
import { type Finding, fail, messageOf, ok } from './finding.js';

const REGRANT = 'Run: npm run waybill -- migrate (it applies the grants again).';
/** Most rights that are named. */
const MAX_SHOWN = 5;

/** What no role that runs may have, whatever the grants say and however it came about. */
const FORBIDDEN = {
  owns: 'owns the audit log or is a superuser',
  changes: 'may change audit events',
  deletes: 'may delete audit events',
  empties: 'may empty the audit log',
  backdates: 'may set when an event was recorded',
};

export async function checkGrants(config: CliConfig): Promise<Finding[]> {
  const urls = { app: config.databaseUrl, worker: config.workerUrl, sealer: config.sealerUrl };
  const findings: Finding[] = [];
  for (const [role, url] of Object.entries(urls)) if (url !== null) findings.push(await checkRole(role, url));
  findings.push(...(await checkDifferences(config)));
  findings.push(await checkTriggers(config.ownerUrl));
  return findings;
}

async function checkRole(role: string, url: string): Promise<Finding> {
  const database = openDatabase(url, { poolSize: 1, applicationName: 'waybill doctor' });
  try {
    const [has] = await database.$queryRaw<Record<string, boolean>[]>`
      SELECT rolsuper OR rolbypassrls OR pg_has_role(relowner, 'MEMBER') AS owns,
        has_any_column_privilege('audit_event', 'UPDATE') AS changes,
        has_table_privilege('audit_event', 'DELETE') AS deletes,
        has_table_privilege('audit_event', 'TRUNCATE') AS empties,
        has_column_privilege('audit_event', 'recorded_at', 'INSERT') AS backdates
      FROM pg_roles, pg_class WHERE rolname = current_user AND pg_class.oid = 'audit_event'::regclass`;
    const excess = Object.entries(FORBIDDEN).flatMap(([right, why]) => (has?.[right] === false ? [] : [why]));
    return excess.length === 0
      ? ok(`audit log and ${role}`, 'it can change and remove nothing there')
      : fail(`audit log and ${role}`, `it ${excess.join('; it ')}`, REGRANT);
  } catch (error) {
    return fail(`audit log and ${role}`, messageOf(error), 'Check the URL of that role.');
  } finally {
    await database.$disconnect();
  }
}

/** None where everything runs as one role: then there are no grants. */
async function checkDifferences(config: CliConfig): Promise<Finding[]> {
  const roles = rolesOf(config);
  if (roles === null) return [];
  try {
    return Object.entries(await compareGrants(config.ownerUrl, roles)).map(([role, { excess, missing }]) => {
      const faults = [
        ...(excess.length > 0 ? [`has beyond its grants: ${cut(excess)}`] : []),
        ...(missing.length > 0 ? [`lacks: ${cut(missing)}`] : []),
      ];
      return faults.length === 0
        ? ok(`grants of ${role}`, 'just what it needs')
        : fail(`grants of ${role}`, `it ${faults.join('; it ')}`, REGRANT);
    });
  } catch (error) {
    return [fail('grants', messageOf(error), 'Check MIGRATION_DATABASE_URL and run the migrations.')];
  }
}

const cut = (rights: string[]): string =>
  [
    ...rights.slice(0, MAX_SHOWN),
    ...(rights.length > MAX_SHOWN ? [`${rights.length - MAX_SHOWN} more`] : []),
  ].join(', ');

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
