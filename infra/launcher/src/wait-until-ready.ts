/** Waits until the API answers that everything is there: itself, the database, the queue, a worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LaunchError } from './config.js';

const TIMEOUT_MS = 60_000;

interface Readiness {
  url: string;
  logFile: string;
  /** Ends the waiting with an error. */
  signal: AbortSignal;
}

/** @throws LaunchError when it does not answer within a minute */
export async function waitUntilReady({ url, logFile, signal }: Readiness): Promise<void> {
  let reason = 'it does not answer';
  for (const deadline = Date.now() + TIMEOUT_MS; Date.now() < deadline; await sleep(50)) {
    const answer = await fetch(`${url}/readyz`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]),
    }).catch(() => null);
    signal.throwIfAborted();
    if (answer?.ok) return;
    if (answer) reason = await detailOf(answer);
  }
  throw new LaunchError(`Waybill did not become ready (${reason}); see ${logFile}`);
}

/** What a problem (RFC 9457) says. */
async function detailOf(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => null)) as { detail?: string } | null;
  return problem?.detail ?? `it answers ${answer.status}`;
}
