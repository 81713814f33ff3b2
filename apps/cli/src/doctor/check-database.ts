/** Whether the database answers, is new enough, has every migration, and gives each role just its rights. */
import { pendingMigrations } from '@waybill/db/migrate.js';
import { openDatabase } from '@waybill/db/client.js';
import { FULL_VERSION, OLDEST_VERSION } from '@waybill/db/server-version.js';
import type { CliConfig } from '../config.js';
import { type Finding, fail, messageOf, ok, warn } from './finding.js';

export async function checkDatabase(config: CliConfig): Promise<Finding[]> {
  const database = openDatabase(config.databaseUrl, { poolSize: 1, applicationName: 'waybill doctor' });
  try {
    const rows = await database.$queryRaw<{ version: number }[]>`
      SELECT current_setting('server_version_num')::int / 10000 AS version`;
    return [versionFinding(rows[0]?.version ?? 0), await migrationFinding(config)];
  } catch (error) {
    return [
      fail(
        'database',
        messageOf(error),
        'Start Postgres, and check host, port, user and password in DATABASE_URL.',
      ),
    ];
  } finally {
    await database.$disconnect();
  }
}

export function versionFinding(version: number): Finding {
  if (version < OLDEST_VERSION)
    return fail('database', `Postgres ${version} is too old`, `Upgrade to ${FULL_VERSION} or newer.`);
  if (version < FULL_VERSION)
    return warn(
      'database',
      `Postgres ${version} answers, but cannot end long transactions by itself`,
      `Upgrade to ${FULL_VERSION} or newer.`,
    );
  return ok('database', `Postgres ${version} answers`);
}

async function migrationFinding(config: CliConfig): Promise<Finding> {
  try {
    const pending = await pendingMigrations(config.ownerUrl);
    if (pending.length === 0) return ok('migrations', 'all are applied');
    return fail('migrations', `not applied: ${pending.join(', ')}`, 'Run: npm run waybill -- migrate');
  } catch (error) {
    return fail(
      'migrations',
      messageOf(error),
      'Use the version of Waybill that the database was last run with.',
    );
  }
}
