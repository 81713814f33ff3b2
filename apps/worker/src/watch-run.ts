/**
 * Keeps a run's claim alive while it works: renews the lease, writes its progress, tells the open pages, and
 * learns whether it shall end. One statement twice a second does all of it.
 */
import type { Claim } from '@waybill/domain/transfers/claim.js';
import { LeaseLostError, type Progress, renewLease } from '@waybill/domain/transfers/lease.js';
import { notifyTransfer } from '@waybill/domain/transfers/notify-transfer.js';
import { sleepUntil } from './sleep-until.js';
import type { Worker } from './worker.js';

const BEAT_MS = 500;

/** Why a run ends before its work is done. */
export type EndReason = 'cancelled' | 'stopping' | 'lease-lost';

export interface RunWatch {
  /** Aborted when the run shall end. */
  signal: AbortSignal;
  /** Null as long as it may go on. */
  reason(): EndReason | null;
  /** Whether another worker may have the transfer by now, whatever else has ended the run. */
  isLeaseLost(): boolean;
  /** Kept up to date by the run. */
  progress: Progress;
  stop(): Promise<void>;
}

export function watchRun(worker: Worker, claim: Claim): RunWatch {
  const { lease } = claim;
  const ending = new AbortController();
  const stopped = new AbortController();
  const progress: Progress = { movedBytes: claim.movedBytes, files: new Map() };
  let reason: EndReason | null = null;
  let shown = { bytes: claim.movedBytes, at: performance.now() };

  const end = (why: EndReason): void => {
    reason ??= why;
    ending.abort();
  };
  const onStopping = (): void => end('stopping');
  if (claim.cancelRequested) end('cancelled');
  if (worker.stopping.aborted) onStopping();
  worker.stopping.addEventListener('abort', onStopping, { once: true });

  // Whoever looks at the row after this takes it over, so this run must not go on.
  const expire = (): void => end('lease-lost');
  let expiry = setTimeout(expire, worker.config.leaseMs);
  // By the clock too: after a pause of the whole machine the timer may come late.
  let heldUntil = performance.now() + worker.config.leaseMs;
  let isLost = false;

  const beat = async (): Promise<void> => {
    const askedAt = performance.now();
    const now = { movedBytes: progress.movedBytes, files: new Map(progress.files) };
    const { leaseMs } = worker.config;
    const { cancelRequested } = await renewLease(worker.database, lease, { leaseMs, progress: now });
    clearTimeout(expiry);
    expiry = setTimeout(expire, leaseMs - (performance.now() - askedAt));
    heldUntil = askedAt + leaseMs;
    if (cancelRequested) end('cancelled');
    if (now.movedBytes === shown.bytes) return;
    const bytesPerSecond = ((now.movedBytes - shown.bytes) * 1000) / (askedAt - shown.at);
    shown = { bytes: now.movedBytes, at: askedAt };
    const newest = [...now.files].at(-1);
    await notifyTransfer(worker.database, lease.transferId, {
      bytesPerSecond: Math.max(0, Math.round(bytesPerSecond)),
      file: newest === undefined ? null : { id: newest[0], state: 'moving', movedBytes: newest[1] },
    });
  };
  const keepBeating = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await beat();
      } catch (error) {
        if (error instanceof LeaseLostError) {
          isLost = true;
          return end('lease-lost');
        }
        worker.log.warn({ err: error, transferId: lease.transferId }, 'renewing the lease failed');
      }
      await sleepUntil(stopped.signal, BEAT_MS);
    }
  };
  const beating = keepBeating();

  return {
    signal: ending.signal,
    reason: () => reason,
    isLeaseLost: () => isLost || performance.now() >= heldUntil,
    progress,
    async stop() {
      worker.stopping.removeEventListener('abort', onStopping);
      stopped.abort();
      await beating;
      clearTimeout(expiry);
    },
  };
}
