/**
 * Runs a program of the machine's administrator on this installation: while Waybill runs, on its database;
 * otherwise the database is started for the program.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readConfig, reportLaunchError, REPOSITORY, type LauncherConfig } from './config.js';
import { requireDatabaseInUse } from './database-of-folder.js';
import { dataFolderAt, runningLauncher } from './data-folder.js';
import { closeInstallation, commandEnvironment, openInstallation } from './installation.js';

/**
 * Passes our own arguments on and ends with the exit code of the program.
 * @param program as in `apps/cli/dist/main.js`
 */
export async function runOnInstallation(program: string): Promise<void> {
  try {
    process.exitCode = await runProgram(readConfig(), [join(REPOSITORY, program), ...process.argv.slice(2)]);
  } catch (error) {
    reportLaunchError(error);
  }
}

/** Gives the exit code of the program. */
async function runProgram(config: LauncherConfig, args: string[]): Promise<number> {
  const isRunning = (await runningLauncher(config.dataFolder)) !== null;
  const folder = dataFolderAt(config.dataFolder);
  if (isRunning) await requireDatabaseInUse(config, folder);
  const installation = isRunning ? null : await openInstallation(config);
  try {
    return await run(args, commandEnvironment(config, folder));
  } finally {
    if (installation) await closeInstallation(installation);
  }
}

function run(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', ...args], {
      env: environment,
      stdio: 'inherit',
    });
    // We stay to clear up after it.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
