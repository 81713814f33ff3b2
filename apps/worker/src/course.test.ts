import { describe, expect, test } from '@jest/globals';
import type { FailureKind, Side, TimelineStep } from '@waybill/contracts/session-facts.js';
import type { EndedAttempt } from '@waybill/domain/transfers/record-attempts.js';
import { follow, newCourse } from './course.js';

const file = { id: 'f', name: 'a.csv', sourcePath: '/out/a.csv', targetPath: '/in/a.csv' };

const openFile = {
  ...file,
  state: 'planned' as const,
  temporaryPath: null,
  sizeBytes: 1,
  modifiedAt: null,
  sha256: null,
  movedBytes: 0,
  attemptCount: 0,
  partial: null,
};

function attempt(kind: FailureKind | null, failed?: [TimelineStep['step'], Side]): EndedAttempt {
  const step = failed?.[0] ?? 'transfer';
  return {
    id: 'a',
    file,
    outcome: kind === null ? 'delivered' : 'failed',
    fileState: kind === null ? 'delivered' : 'failed',
    temporaryPath: null,
    bytes: 0,
    sha256: null,
    verification: null,
    partial: null,
    resumedFromBytes: null,
    verificationAlgorithm: null,
    confirmationLost: false,
    failure: kind === null ? null : { kind, text: 'Refused.', step },
    recovered: false,
    startedAt: new Date(0),
    durationMs: 1,
    timeline:
      failed === undefined
        ? []
        : [{ step, side: failed[1], outcome: 'failed', detail: '', startedAt: '', durationMs: 1 }],
    connections: [],
    dialogue: [],
  };
}

/** After how many such attempts in a row the run stops; null where it goes on for a thousand. */
function stopsAfter(one: EndedAttempt): number | null {
  const course = newCourse([]);
  for (let count = 1; count <= 1000; count += 1) {
    follow(course, one, { endpointId: 'endpoint' });
    if (course.stop) return count;
  }
  return null;
}

describe('a run stops', () => {
  test('soon when the target takes no new file, whatever the reason', () => {
    for (const kind of ['permission_denied', 'not_found', 'name_refused'] as const)
      expect(stopsAfter(attempt(kind, ['transfer', 'target']))).toBe(3);
  });

  test('late when files are refused that may each have their own reason', () => {
    expect(stopsAfter(attempt('permission_denied', ['transfer', 'source']))).toBe(100);
    expect(stopsAfter(attempt('permission_denied', ['rename', 'target']))).toBe(100);
  });

  test('not at all for files that are at the target already, or not at the source any more', () => {
    expect(stopsAfter(attempt('target_exists', ['verify', 'target']))).toBeNull();
    expect(stopsAfter(attempt('not_found'))).toBeNull();
  });

  test.each([
    [3, 'Refused. It was so with 3 files in a row.'],
    [4, 'Refused. It was so with 3 files in a row, so the others were not tried.'],
  ])('and of %i files says whether others were not tried', (fileCount, text) => {
    const course = newCourse([Array.from({ length: fileCount }, () => openFile)]);
    for (let n = 0; n < 3; n += 1)
      follow(course, attempt('permission_denied', ['transfer', 'target']), { endpointId: 'endpoint' });
    expect(course.failure).toMatchObject({ kind: 'permission_denied', endpointId: 'endpoint', text });
  });
});

test('one file that goes sets the counts back', () => {
  const course = newCourse([]);
  for (let n = 0; n < 10; n += 1) {
    follow(course, attempt('permission_denied', ['transfer', 'target']), { endpointId: null });
    follow(course, attempt('permission_denied', ['transfer', 'target']), { endpointId: null });
    follow(course, attempt(null), { endpointId: null });
  }
  expect(course).toMatchObject({ stop: false, failure: null });
});

test('what the run is told to have failed of names the file', () => {
  const course = newCourse([]);
  follow(course, attempt('connection_lost'), { endpointId: 'endpoint' });
  expect(course.failure).toMatchObject({ kind: 'connection_lost', text: 'a.csv: Refused.' });
});
