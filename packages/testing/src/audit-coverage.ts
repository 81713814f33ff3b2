/**
 * Holds the catalogue of audit actions true: each must be emitted by some test. Every test database tells its actions
 * as it closes, in one file that all of Jest's processes append to; `check-audit-coverage.ts` reads it at the end.
 */
import { appendFile, readFile } from 'node:fs/promises';
import { AUDIT_ACTION_NAMES, type AuditAction } from '@waybill/contracts/audit-actions.js';
import pg from 'pg';

/** Names the file; without it nothing is collected, as when a few tests run by themselves. */
export const COVERAGE_FILE_VARIABLE = 'WAYBILL_AUDIT_COVERAGE';

/** @param url of any role that may read the log of a test database that is about to close */
export async function collectAuditActions(url: string): Promise<void> {
  const file = process.env[COVERAGE_FILE_VARIABLE];
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

/** The actions of the catalogue that no test has emitted. */
export async function missingAuditActions(file: string): Promise<AuditAction[]> {
  const emitted = new Set((await readFile(file, 'utf8')).split('\n'));
  return AUDIT_ACTION_NAMES.filter((action) => !emitted.has(action));
}
