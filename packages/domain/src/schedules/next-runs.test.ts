import { describe, expect, test } from '@jest/globals';
import { Problem } from '../problem.js';
import { nextRuns, requireNextRun } from './next-runs.js';

const runs = (cron: string, after: string, count = 3, timeZone = 'Europe/Zurich') =>
  nextRuns({ cron, timeZone }, { after: new Date(after), count }).map((run) => run.toISOString());

function faultOf(cron: string, timeZone = 'Europe/Zurich'): { path?: string; message?: string } {
  try {
    requireNextRun({ cron, timeZone }, new Date('2026-01-01T00:00:00Z'));
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_input') return error.errors?.[0] ?? {};
    throw error;
  }
  throw new Error('It was taken.');
}

test('times are those of the wall clock in the zone', () => {
  expect(runs('0 6 * * *', '2026-01-15T00:00:00Z', 1)).toEqual(['2026-01-15T05:00:00.000Z']);
  expect(runs('0 6 * * *', '2026-07-15T00:00:00Z', 1)).toEqual(['2026-07-15T04:00:00.000Z']);
  expect(runs('0 6 * * *', '2026-07-15T00:00:00Z', 1, 'UTC')).toEqual(['2026-07-15T06:00:00.000Z']);
});

test('a run at the very instant is over', () => {
  expect(runs('0 6 * * *', '2026-01-15T05:00:00Z', 1)).toEqual(['2026-01-16T05:00:00.000Z']);
});

test('with both days given either is enough', () => {
  expect(runs('0 12 15 * MON', '2026-06-09T00:00:00Z', 3, 'UTC')).toEqual([
    '2026-06-15T12:00:00.000Z',
    '2026-06-22T12:00:00.000Z',
    '2026-06-29T12:00:00.000Z',
  ]);
  expect(runs('0 12 10 * MON', '2026-06-09T00:00:00Z', 2, 'UTC')).toEqual([
    '2026-06-10T12:00:00.000Z',
    '2026-06-15T12:00:00.000Z',
  ]);
});

describe('when clocks go forward, and 02:00 to 03:00 is missing (Zurich, 29 March 2026)', () => {
  test('a fixed time in the gap runs at its end, once, on that day', () => {
    expect(runs('30 2 * * *', '2026-03-28T12:00:00Z')).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
      '2026-03-31T00:30:00.000Z',
    ]);
  });

  test('so does one of several fixed times', () => {
    expect(runs('30 2,14 * * *', '2026-03-28T20:00:00Z', 3)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T12:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  test('every half hour goes on without a jump in real time', () => {
    expect(runs('*/30 * * * *', '2026-03-29T00:00:00Z', 4)).toEqual([
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T02:00:00.000Z',
    ]);
  });
});

describe('when clocks go back, and 02:00 to 03:00 comes twice (Zurich, 25 October 2026)', () => {
  test('a fixed time runs once, the first time', () => {
    expect(runs('30 2 * * *', '2026-10-24T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
      '2026-10-27T01:30:00.000Z',
    ]);
  });

  test('it does not run again when asked between the two', () => {
    expect(runs('30 2 * * *', '2026-10-25T00:30:00Z', 1)).toEqual(['2026-10-26T01:30:00.000Z']);
  });

  test('every half hour goes on through both hours', () => {
    expect(runs('*/30 * * * *', '2026-10-24T23:45:00Z', 5)).toEqual([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:00:00.000Z',
    ]);
  });
});

describe('what cannot be planned', () => {
  test('four or six fields, or a nickname, are refused with the five that are needed', () => {
    for (const cron of ['* * * *', '* * * * * *', '@daily', '0 0 1 1 * 2030 *'])
      expect(faultOf(cron)).toEqual({ path: 'cron', message: expect.stringMatching(/five are needed/) });
    expect(faultOf('@daily').message).toMatch(/^has one field/);
    expect(faultOf('* * * *').message).toMatch(/^has 4 fields/);
  });

  test('values out of range, ranges backwards and letters are refused by field', () => {
    expect(faultOf('61 * * * *').message).toBe('cannot be read: invalid value for minute: 61');
    expect(faultOf('0 24 * * *').message).toMatch(/hour/);
    expect(faultOf('5-1 * * * *').message).toMatch(/larger/);
    expect(faultOf('*/0 * * * *').message).toMatch(/stepping/);
    expect(faultOf('a b c d e')).toEqual({ path: 'cron', message: expect.stringMatching(/illegal/) });
  });

  test('a date that never comes is refused, one that comes every four years is not', () => {
    expect(faultOf('0 0 31 2 *').message).toMatch(/never comes/);
    expect(runs('0 0 29 2 *', '2026-03-01T00:00:00Z', 1, 'UTC')).toEqual(['2028-02-29T00:00:00.000Z']);
  });

  test('a zone that is not of the IANA database is refused, offsets included', () => {
    for (const zone of ['Mars/Base', '+01:00', '', ' ', 'Europe', 'Europe/Zurich; DROP'])
      expect(faultOf('0 0 * * *', zone)).toEqual({
        path: 'timeZone',
        message: expect.stringMatching(/IANA/),
      });
  });
});
