/** After a cancellation: the target is left without a temporary file of ours, as far as it lets us in. */
import { findOpenFiles } from '@waybill/domain/transfers/settle-files.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import { finishEarlierTries } from './finish-earlier-tries.js';
import type { Run } from './run.js';
import { openSessions } from './sessions.js';

const CLEAR_UP_MS = 10_000;

/** What cannot be looked at is left to `finishCancelled`, which calls it uncertain. */
export async function clearUp(run: Run): Promise<void> {
  const { worker, claim } = run;
  const open = await findOpenFiles(worker.database, claim);
  if (!open.some((file) => file.temporaryPath ?? file.partial ?? file.state === 'delivered')) return;
  const signal = AbortSignal.any([AbortSignal.timeout(CLEAR_UP_MS), worker.stopping]);
  const sessions = openSessions(worker, claim, signal);
  try {
    await finishEarlierTries({ ...run, sessions, watch: { ...run.watch, signal } });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const { transferId } = claim.lease;
    worker.log.info({ err: error, transferId }, 'the target could not be cleared after a cancellation');
  } finally {
    await sessions.close();
  }
}
