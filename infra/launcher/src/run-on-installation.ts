/**
 * Runs a program of the machine's administrator on this installation: while Waybill runs, on its database;
 * otherwise the database is started for the program, when it asks for it (installation-environment.ts).
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { readConfig, reportLaunchError, REPOSITORY, type LauncherConfig } from './config.js';
import { requireDatabaseInUse } from './database-of-folder.js';
import { dataFolderAt, requireInstallation, runningLauncher } from './data-folder.js';
import {
  closeInstallation,
  commandEnvironment,
  openInstallation,
  type Installation,
} from './installation.js';

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
  let installation = null as Installation | null;
  const open = async (): Promise<NodeJS.ProcessEnv> => {
    const folder = dataFolderAt(config.dataFolder);
    // With a database of one's own this folder is not what the command is about.
    if (config.databaseUrl === null) requireInstallation(config.dataFolder);
    if ((await runningLauncher(config.dataFolder)) === null) installation = await openInstallation(config);
    else await requireDatabaseInUse(config, folder);
    return commandEnvironment(config, folder);
  };
  try {
    return await run(args, open);
  } finally {
    if (installation) await closeInstallation(installation);
  }
}

/** @param open called when the program asks for the environment of the installation */
function run(args: string[], open: () => Promise<NodeJS.ProcessEnv>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', ...args], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    let opening: Promise<void> | undefined;
    child.once('message', () => {
      opening = open().then(
        (environment) => void child.send(environment, () => undefined),
        (error: unknown) => {
          reject(error);
          child.kill();
        },
      );
    });
    // We stay to clear up after it.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const ended = code ?? 128 + constants.signals[signal!];
      void (opening ?? Promise.resolve()).then(() => resolve(ended));
    });
  });
}
