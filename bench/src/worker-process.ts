/** The worker as a process of its own, started as the launcher starts it, so that what it costs can be read. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

export const REPOSITORY = join(import.meta.dirname, '../..');
const WORKER = join(REPOSITORY, 'apps/worker/dist/main.js');
/** Ends a process when we are gone, however that came. */
export const EXIT_WITH_PARENT = pathToFileURL(
  join(REPOSITORY, 'infra/launcher/dist/exit-with-parent.js'),
).href;
const GRACE_MS = 15_000;

export interface WorkerSettings {
  environment: NodeJS.ProcessEnv;
  logFile: string;
  /** Where it leaves a profile of its processor time when it ends; null for none. */
  profileFolder: string | null;
}

export interface WorkerProcess {
  pid: number;
  startedAt: Date;
  /** @throws Error with the end of its log, once it has ended by itself */
  requireRunning(): Promise<void>;
  readLog(): Promise<string>;
  stop(): Promise<void>;
}

export async function startWorkerProcess(settings: WorkerSettings): Promise<WorkerProcess> {
  const { environment, logFile, profileFolder } = settings;
  const profiling = profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const startedAt = new Date();
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(
    process.execPath,
    [...profiling, '--enable-source-maps', '--max-semi-space-size=8', '--import', EXIT_WITH_PARENT, WORKER],
    { env: environment, detached: true, stdio: ['ignore', log, log, 'ipc'] },
  );
  closeSync(log);
  await once(child, 'spawn');
  const readLog = async (): Promise<string> =>
    `The end of its log:\n${(await readFile(logFile, 'utf8')).slice(-2000).trim()}`;
  return {
    pid: child.pid!,
    startedAt,
    readLog,
    async requireRunning() {
      if (!isRunning(child)) throw new Error(`The worker has ended. ${await readLog()}`);
    },
    async stop() {
      if (!isRunning(child)) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      if ((await Promise.race([gone, sleep(GRACE_MS, 'late', { ref: false })])) !== 'late') return;
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
