import { expect, test } from '@jest/globals';
import type { Transfer } from '@waybill/contracts/transfers.js';
import { noFilesWords, nothingWentWords, queuedWords } from './course-words.js';

const at = '2026-01-01T00:00:00.000Z';

test('only a try that was interrupted is told as interrupted, not one that went on hold and was released', () => {
  const words = (startedAt: string | null, tryCount: number, failureKind: string | null) =>
    queuedWords({ startedAt, tryCount, failureKind });
  expect(words(null, 0, null)).toBe('Waits for a worker');
  expect(words(at, 0, null)).toBe('Interrupted; goes on when a worker takes it');
  expect(words(at, 1, 'connection_lost')).toBe('Interrupted; goes on when a worker takes it');
  expect(words(at, 1, null)).toBe('Goes on when a worker takes it');
});

test('that no file matched is said only where the files were listed', () => {
  const snapshot = { sourcePath: '/out', filePattern: '*.csv' } as Transfer['snapshot'];
  const title = (state: Transfer['state'], startedAt: string | null, finishedAt: string | null) =>
    noFilesWords({ state, startedAt, finishedAt, snapshot }).title;
  expect(title('succeeded', at, at)).toBe('No file matched');
  expect(title('queued', null, null)).toBe('Not looked for files yet');
  for (const state of ['running', 'waiting', 'held', 'queued'] as const)
    expect(title(state, at, null)).toBe('No files listed yet');
  expect(title('failed', at, at)).toBe('No files listed');
  expect(title('cancelled', null, at)).toBe('No files listed');
});

test('where no file went, that is said in place of a share of nothing', () => {
  const snapshot = { sourcePath: '/out', filePattern: '*.csv' } as Transfer['snapshot'];
  const words = (state: Transfer['state'], fileCount: number, fileStates: Transfer['fileStates'] = {}) => {
    const finishedAt = state === 'running' ? null : at;
    return nothingWentWords({ state, startedAt: at, finishedAt, snapshot, fileCount, fileStates });
  };
  expect(words('succeeded', 0)).toBe('No file matched');
  expect(words('succeeded', 0, { skipped: 2 })).toBe('No file went: all were skipped');
  expect(words('failed', 0)).toBe('No files listed');
  expect(words('running', 0)).toBeNull();
  expect(words('succeeded', 1, { delivered: 1 })).toBeNull();
});
