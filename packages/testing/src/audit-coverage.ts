/**
 * Holds the catalogue of audit actions true: each must be emitted by some test. Every test database tells its actions
 * as it closes, in one file that all of Jest's processes append to; scripts/run-tests.mjs compares at the end.
 */
import { appendFile } from 'node:fs/promises';
import pg from 'pg';

/**
 * Does nothing unless WAYBILL_AUDIT_COVERAGE names the file, as it does for a run of all tests.
 * @param url of any role that may read the log of a test database that is about to close
 */
export async function collectAuditActions(url: string): Promise<void> {
  const file = process.env.WAYBILL_AUDIT_COVERAGE;
  if (!file) return;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const table = await client.query(`SELECT to_regclass('audit_event') IS NOT NULL AS present`);
    if (!(table.rows[0] as { present: boolean }).present) return;
    const { rows } = await client.query<{ action: string }>('SELECT DISTINCT action FROM audit_event');
    // One write of less than a page: lines of several processes do not mix.
    await appendFile(file, rows.map(({ action }) => `${action}\n`).join(''));
  } finally {
    await client.end();
  }
}
