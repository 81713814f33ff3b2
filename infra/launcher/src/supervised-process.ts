/**
 * A process that is started again when it dies. It is told about with one line each time; what it prints goes
 * to its log. It runs in a process group of its own, so that a Ctrl-C in the terminal reaches the launcher
 * alone, which stops everything in order; and it ends by itself when the launcher is gone (exit-with-parent.ts).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ConfigFault } from '@waybill/configuration/read-configuration.js';
import { openLogFile } from './log-file.js';

export interface ProcessPlan {
  /** As people read it: "The worker". */
  title: string;
  /** Path of a built module. */
  entry: string;
  environment: NodeJS.ProcessEnv;
  /**
   * All that it may read from disk; then it may write nothing there and start no process either (Node's permission
   * model; addons are for argon2). Null: whatever the account may.
   */
  mayRead: string[] | null;
  logFile: string;
  /** One line for the terminal. */
  say: (line: string) => void;
  /** Called when the process has died too often, or cannot be started as it is configured. */
  onGivenUp: (reason: string) => void;
  /** Waits between a death and the next start, the last one for all further ones. */
  backoffMs?: number[];
}

export interface SupervisedProcess {
  /** SIGTERM, then after `graceMs` SIGKILL; resolves when it is gone. It is not started again. */
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000];
/** Of what it printed, told when it is given up. */
const MAX_TOLD_CHARACTERS = 4_000;
/** Deaths in a row, each soon after a start, after which there is no point in going on. */
const MAX_EARLY_DEATHS = 8;
/** A process that has run for this long is taken for healthy. */
const HEALTHY_AFTER_MS = 60_000;
/** Beside this file, as source in tests and built otherwise; Node runs both. */
const EXIT_WITH_PARENT = pathToFileURL(
  join(import.meta.dirname, `exit-with-parent${extname(import.meta.filename)}`),
).href;

export function superviseProcess(plan: ProcessPlan): SupervisedProcess {
  const backoffMs = plan.backoffMs ?? BACKOFF_MS;
  const log = openLogFile(plan.logFile, {
    onFault: (error) =>
      plan.say(`${plan.logFile} cannot be written (${error.message}); what it misses is lost.`),
  });
  let child: ChildProcess | null = null;
  let stopping = false;
  let earlyDeaths = 0;
  let gone = Promise.resolve();
  let wake: (() => void) | undefined;

  const start = (): void => {
    const startedAt = performance.now();
    const confined = plan.mayRead && [
      '--permission',
      '--allow-addons',
      // It warns of addons that come from elsewhere; ours are installed, and nothing can be written.
      '--disable-warning=PERM0001',
      ...plan.mayRead.map((path) => `--allow-fs-read=${path}`),
    ];
    // Half of what Node gives new objects: a worker then stays below 200 MB, at a few hundredths more of its time.
    const frugal = '--max-semi-space-size=8';
    const options = ['--enable-source-maps', frugal, '--import', EXIT_WITH_PARENT, ...(confined ?? [])];
    child = spawn(process.execPath, [...options, plan.entry], {
      env: plan.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let faults = '';
    child.stdout!.on('data', (chunk: Buffer) => log.write(chunk));
    child.stderr!.on('data', (chunk: Buffer) => {
      log.write(chunk);
      faults = (faults + chunk.toString()).slice(-MAX_TOLD_CHARACTERS);
    });
    gone = new Promise((resolve) => {
      // "close" comes after the last of its output; "error" alone where it could not be started.
      child!.once('error', (error) => log.write(Buffer.from(`${error.message}\n`)));
      child!.once('close', (code, signal) => {
        child = null;
        resolve();
        if (stopping) return;
        if (code === ConfigFault.EXIT_CODE)
          plan.onGivenUp(`${plan.title} cannot be started. ${faults.trim()}`);
        else void restart(signal ?? `code ${code}`, performance.now() - startedAt);
      });
    });
  };

  const restart = async (how: string, ranMs: number): Promise<void> => {
    earlyDeaths = ranMs > HEALTHY_AFTER_MS ? 1 : earlyDeaths + 1;
    const reason = `${plan.title} ended by itself (${how}), see ${plan.logFile}`;
    if (earlyDeaths > MAX_EARLY_DEATHS) {
      plan.onGivenUp(`${reason}. It was started ${earlyDeaths} times in vain.`);
      return;
    }
    const waitMs = backoffMs[Math.min(earlyDeaths, backoffMs.length) - 1] ?? 0;
    plan.say(`${reason}; starting it again in ${waitMs / 1000} s.`);
    await Promise.race([
      sleep(waitMs, undefined, { ref: false }),
      new Promise<void>((resolve) => (wake = resolve)),
    ]);
    if (!stopping) start();
  };

  start();
  return {
    async stop(graceMs) {
      stopping = true;
      wake?.();
      child?.kill('SIGTERM');
      const late = await Promise.race([gone, sleep(graceMs, 'late' as const, { ref: false })]);
      if (late) {
        plan.say(`${plan.title} did not end within ${graceMs / 1000} s and is ended by force.`);
        child?.kill('SIGKILL');
        await gone;
      }
      log.close();
    },
    kill() {
      stopping = true;
      child?.kill('SIGKILL');
    },
  };
}
