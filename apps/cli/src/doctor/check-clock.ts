/** Whether this machine and the database agree on the time: leases, schedules and the audit log rest on it. */
import { openDatabase } from '@waybill/db/client.js';
import type { CliConfig } from '../config.js';
import { type Finding, fail, messageOf, ok, warn } from './finding.js';

const WARN_MS = 1000;
const FAIL_MS = 5000;

export async function checkClock(config: CliConfig, clock: () => number = Date.now): Promise<Finding> {
  const database = openDatabase(config.databaseUrl, { poolSize: 1, applicationName: 'waybill doctor' });
  try {
    await database.$queryRaw`SELECT 1`;
    const before = clock();
    const rows = await database.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
    const middle = (before + clock()) / 2;
    return clockFinding(middle - (rows[0]?.now.getTime() ?? 0));
  } catch (error) {
    return fail('clock', messageOf(error), 'Mend the database first.');
  } finally {
    await database.$disconnect();
  }
}

/** @param offsetMs how far this machine is ahead of the database */
export function clockFinding(offsetMs: number): Finding {
  const apart = Math.abs(offsetMs);
  const detail = `this machine is ${Math.round(apart)} ms ${offsetMs < 0 ? 'behind' : 'ahead of'} the database`;
  if (apart > FAIL_MS) return fail('clock', detail, 'Synchronise both clocks (NTP, chrony).');
  if (apart > WARN_MS) return warn('clock', detail, 'Synchronise both clocks (NTP, chrony).');
  return ok('clock', detail);
}
