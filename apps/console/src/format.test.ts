import { describe, expect, test } from '@jest/globals';
import {
  countOf,
  daysUntil,
  wholeDaysUntil,
  formatBytes,
  formatClock,
  formatDuration,
  formatRelative,
  formatTimeLeft,
  formatUtc,
  percent,
  spanMs,
} from './format.js';

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [12_340, '12.3 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [2_147_483_648, '2.15 GB'],
    [5e18, '5000 PB'],
  ])('%d bytes are written as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

test('one is one, and none are several', () => {
  expect([0, 1, 2, 12_345].map((count) => countOf(count, 'file'))).toEqual([
    '0 files',
    '1 file',
    '2 files',
    '12,345 files',
  ]);
  expect([1, 2].map((count) => countOf(count, 'entry', 'entries'))).toEqual(['1 entry', '2 entries']);
});

describe('spans of time', () => {
  test.each([
    [48, '48 ms'],
    [999, '999 ms'],
    [999.7, '1.0 s'],
    [1840, '1.8 s'],
    [9_960, '10 s'],
    [59_000, '59 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [11_520_000, '3 h 12 min'],
    [352_800_000, '4 d 2 h'],
  ])('%d ms are written as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('a span never runs backwards, whatever the clocks say', () => {
    expect(spanMs('2026-11-21T10:00:01Z', '2026-11-21T10:00:00Z')).toBe(0);
  });
});

describe('the time that is left', () => {
  test('follows from the bytes that are left and the rate', () => {
    expect(formatTimeLeft(125_000_000, 1_000_000)).toBe('about 2 min 5 s left');
    expect(formatTimeLeft(7_500_000, 1_000_000)).toBe('about 8 s left');
  });

  test('is not said where the rate is unknown or nothing is left', () => {
    expect(formatTimeLeft(100, null)).toBeNull();
    expect(formatTimeLeft(100, 0)).toBeNull();
    expect(formatTimeLeft(0, 100)).toBeNull();
  });
});

describe('instants', () => {
  const nowMs = Date.parse('2026-11-21T12:00:00Z');

  test.each([
    ['2026-11-21T12:05:30Z', 'in 5 min'],
    ['2026-11-21T09:00:00Z', '3 h ago'],
    ['2026-11-21T12:00:02Z', 'now'],
    ['2026-11-11T12:00:00Z', '10 d ago'],
  ])('%s is %s at noon', (iso, text) => {
    expect(formatRelative(iso, nowMs)).toBe(text);
  });

  test('the exact instant is in UTC, to the millisecond', () => {
    expect(formatUtc('2026-11-21T14:05:12.345+01:00')).toBe('2026-11-21 13:05:12.345 UTC');
  });

  test('a certificate that ended an hour ago has less than no days left, and one that soon ends not none', () => {
    expect(daysUntil('2026-11-21T11:00:00Z', nowMs)).toBe(-1);
    expect(daysUntil('2026-11-22T12:00:00Z', nowMs)).toBe(1);
    expect(wholeDaysUntil('2026-11-22T12:00:00Z', nowMs)).toBe('1 day');
    expect(wholeDaysUntil('2026-11-22T11:00:00Z', nowMs)).toBe('Less than a day');
  });
});

test('a share is never above 100, and 0 while the whole is unknown', () => {
  expect(percent(1, 3)).toBe(33);
  expect(percent(7, 3)).toBe(100);
  expect(percent(7, 0)).toBe(0);
});

test('a line of a dialogue is timed to the millisecond, in the zone of the reader', () => {
  const minutesAndBelow = (iso: string) => formatClock(iso).slice(3);
  expect(minutesAndBelow('2026-11-21T09:32:55.568Z')).toBe('32:55.568');
  expect(minutesAndBelow('2026-11-21T09:32:55Z')).toBe('32:55.000');
  const hour = new Date('2026-11-21T09:32:55.568Z').getHours();
  expect(formatClock('2026-11-21T09:32:55.568Z')).toBe(`${String(hour).padStart(2, '0')}:32:55.568`);
});
