/** Waits until the API answers that everything is there: itself, the database, the queue, a worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LaunchError } from './config.js';
import type { SupervisedProcess } from './supervised-process.js';

const TIMEOUT_MS = 60_000;

interface Readiness {
  url: string;
  api: SupervisedProcess;
  logFile: string;
  /** Ends the waiting with an error. */
  signal: AbortSignal;
}

/** @throws LaunchError when it does not answer within a minute or its process has ended for good */
export async function waitUntilReady({ url, api, logFile, signal }: Readiness): Promise<void> {
  let reason = 'it does not answer';
  for (const deadline = Date.now() + TIMEOUT_MS; Date.now() < deadline; await sleep(50)) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.ok) return;
    if (answer) reason = await answer.text();
    signal.throwIfAborted();
    if (api.hasGivenUp()) break;
  }
  throw new LaunchError(`Waybill did not become ready (${reason}); see ${logFile}`);
}
