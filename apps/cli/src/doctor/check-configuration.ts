/** Whether what the environment says can work: folders that exist and can be written. */
import { accessSync, constants, statSync } from 'node:fs';
import type { CliConfig } from '../config.js';
import { type Finding, fail, ok, warn } from './finding.js';

export function checkConfiguration(config: CliConfig): Finding[] {
  const findings: Finding[] = [];
  if (config.localRoots.length === 0)
    findings.push(
      warn(
        'local roots',
        'no folder of this machine is configured',
        'Set WAYBILL_LOCAL_ROOTS to name=/path pairs; without one there is nothing to send from or collect to.',
      ),
    );
  for (const root of config.localRoots) findings.push(checkRoot(root));
  if (config.workerUrl === null || config.sealerUrl === null)
    findings.push(
      warn(
        'roles',
        'API and worker share one database role',
        'Set WORKER_DATABASE_URL, SEALER_DATABASE_URL and MIGRATION_DATABASE_URL to roles of their own.',
      ),
    );
  return findings;
}

function checkRoot(root: { name: string; path: string }): Finding {
  const what = `local root ${root.name}`;
  try {
    if (!statSync(root.path).isDirectory())
      return fail(what, `${root.path} is not a folder`, 'Name a folder in WAYBILL_LOCAL_ROOTS.');
    accessSync(root.path, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(what, `${root.path} can be read and written`);
  } catch (error) {
    return fail(
      what,
      `${root.path} cannot be used (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      'Make the folder, or give the user that runs Waybill the right to it.',
    );
  }
}
