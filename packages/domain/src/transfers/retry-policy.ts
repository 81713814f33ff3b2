/**
 * Decides what comes after a failure: the only place that knows which kinds deserve another try. Pure.
 *
 * A try that the other side counts against us is never repeated by itself: a wrong password repeated locks the
 * account, an untrusted certificate may be somebody in the middle. The endpoint goes on hold instead.
 */
import type { FailureKind } from '@waybill/contracts/session-facts.js';

/** retry: it may pass. fail: it will not pass by itself, and trying is harmless. hold: nobody tries again yet. */
export type Verdict = 'retry' | 'fail' | 'hold';

const VERDICTS: Record<FailureKind, Verdict> = {
  address_refused: 'fail',
  name_not_resolved: 'retry',
  connect_failed: 'retry',
  connect_timeout: 'retry',
  tls_failed: 'retry',
  certificate_untrusted: 'hold',
  certificate_expired: 'hold',
  certificate_wrong_host: 'hold',
  client_certificate_refused: 'hold',
  protection_refused: 'hold',
  setting_refused: 'hold',
  exception_needed: 'hold',
  proxy_failed: 'retry',
  login_refused: 'hold',
  secret_unavailable: 'hold',
  permission_denied: 'fail',
  not_found: 'fail',
  name_refused: 'fail',
  listing_too_large: 'fail',
  server_busy: 'retry',
  server_error: 'retry',
  protocol_error: 'retry',
  connection_lost: 'retry',
  stalled: 'retry',
  truncated: 'retry',
  size_mismatch: 'retry',
  hash_mismatch: 'retry',
  verification_unavailable: 'fail',
  source_changed: 'retry',
  target_exists: 'fail',
  target_full: 'retry',
  local_io: 'retry',
  cancelled: 'fail',
  worker_lost: 'retry',
  worker_stopped: 'retry',
  internal: 'retry',
};

export function verdictOn(kind: FailureKind): Verdict {
  return VERDICTS[kind];
}

/** Failures that cut a transfer and say nothing against the bytes that had come before. */
const CUTS: ReadonlySet<FailureKind> = new Set([
  'connect_failed',
  'connect_timeout',
  'tls_failed',
  'proxy_failed',
  'server_busy',
  'server_error',
  'connection_lost',
  'stalled',
  'truncated',
  'local_io',
]);

/** Whether another try may go on with what this failure has left at the target. */
export function isCut(kind: FailureKind): boolean {
  return CUTS.has(kind);
}

export interface RetryTiming {
  /** The wait after the first try, before jitter; it doubles from try to try. */
  baseMs: number;
  /** No wait is longer. */
  maxMs: number;
}

export const RETRY_TIMING: RetryTiming = { baseMs: 5_000, maxMs: 15 * 60_000 };

export type AfterFailure = { action: 'retry'; waitMs: number } | { action: 'fail' } | { action: 'hold' };

/**
 * What comes after a try that ended with a failure.
 * @param random from 0 up to 1: spreads the retries of many transfers over the second half of the wait
 */
export function decideAfterFailure(
  failure: { kind: FailureKind; tryNumber: number; maxTries: number },
  random: number,
  timing: RetryTiming = RETRY_TIMING,
): AfterFailure {
  const verdict = verdictOn(failure.kind);
  if (verdict !== 'retry') return { action: verdict };
  if (failure.tryNumber >= failure.maxTries) return { action: 'fail' };
  const wholeMs = Math.min(timing.maxMs, timing.baseMs * 2 ** Math.min(failure.tryNumber - 1, 30));
  return { action: 'retry', waitMs: Math.round(wholeMs * (0.5 + random / 2)) };
}
