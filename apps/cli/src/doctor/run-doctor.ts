/** `waybill doctor`: looks at everything that Waybill rests on, says what is wrong and what to do. */
import type { CliConfig } from '../config.js';
import { checkClock } from './check-clock.js';
import { checkConfiguration } from './check-configuration.js';
import { checkDatabase } from './check-database.js';
import { checkDisk } from './check-disk.js';
import { checkGrants } from './check-grants.js';
import { checkKeys } from './check-keys.js';
import { checkQueue, checkWorkers } from './check-queue.js';
import type { Finding } from './finding.js';

/** Every finding, in the order in which they should be mended. Nothing is changed. */
export async function runDoctor(config: CliConfig): Promise<Finding[]> {
  const findings = [...checkConfiguration(config), ...(await checkDatabase(config))];
  if (findings.some((finding) => finding.what === 'database' && finding.status === 'fail'))
    return [...findings, ...(await checkDisk(config))];
  return [
    ...findings,
    ...(await checkGrants(config)),
    ...(await checkQueue(config)),
    await checkWorkers(config),
    ...(await checkKeys(config)),
    await checkClock(config),
    ...(await checkDisk(config)),
  ];
}

const MARK = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' } as const;

/** A line for each finding, then what to do where something is to be done. */
export function formatFindings(findings: Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.what.length));
  return findings
    .flatMap((finding) => [
      `${MARK[finding.status]}  ${finding.what.padEnd(width)}  ${finding.detail}`,
      ...(finding.remedy ? [`${' '.repeat(width + 8)}→ ${finding.remedy}`] : []),
    ])
    .join('\n');
}
