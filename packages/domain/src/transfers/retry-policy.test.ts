import { describe, expect, test } from '@jest/globals';
import { FAILURE_KINDS } from '@waybill/contracts/session-facts.js';
import { RETRY_TIMING, decideAfterFailure, verdictOn } from './retry-policy.js';

const first = { tryNumber: 1, maxTries: 5 };

describe('the retry policy', () => {
  test.each([
    'login_refused',
    'certificate_untrusted',
    'certificate_expired',
    'certificate_wrong_host',
    'protection_refused',
    'secret_unavailable',
  ] as const)('never repeats %s, and puts the endpoint on hold', (kind) => {
    expect(decideAfterFailure({ kind, ...first }, 0)).toEqual({ action: 'hold' });
  });

  test.each(['permission_denied', 'not_found', 'target_exists', 'name_refused', 'address_refused'] as const)(
    'does not repeat %s',
    (kind) => {
      expect(decideAfterFailure({ kind, ...first }, 0)).toEqual({ action: 'fail' });
    },
  );

  test.each(['connection_lost', 'connect_timeout', 'server_busy', 'truncated', 'hash_mismatch'] as const)(
    'repeats %s until the tries are used up',
    (kind) => {
      expect(decideAfterFailure({ kind, tryNumber: 4, maxTries: 5 }, 0).action).toBe('retry');
      expect(decideAfterFailure({ kind, tryNumber: 5, maxTries: 5 }, 0)).toEqual({ action: 'fail' });
    },
  );

  test('waits twice as long after each try, up to the longest wait', () => {
    const waits = [1, 2, 3, 4, 20, 100].map((tryNumber) => {
      const next = decideAfterFailure({ kind: 'connection_lost', tryNumber, maxTries: 101 }, 1);
      return next.action === 'retry' ? next.waitMs : 0;
    });
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, RETRY_TIMING.maxMs, RETRY_TIMING.maxMs]);
  });

  test('spreads the waits over the second half', () => {
    const timing = { baseMs: 1000, maxMs: 60_000 };
    const waitOf = (random: number) =>
      decideAfterFailure({ kind: 'stalled', tryNumber: 1, maxTries: 2 }, random, timing);
    expect(waitOf(0)).toEqual({ action: 'retry', waitMs: 500 });
    expect(waitOf(0.999)).toEqual({ action: 'retry', waitMs: 1000 });
  });

  test('has a verdict on every kind of failure', () => {
    for (const kind of FAILURE_KINDS) expect(['retry', 'fail', 'hold']).toContain(verdictOn(kind));
  });
});
