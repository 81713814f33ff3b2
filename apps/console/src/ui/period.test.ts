import { describe, expect, test } from '@jest/globals';
import { dayStart } from '../format.js';
import { periodOf, periodWords } from './period.js';

describe('a period in the URL', () => {
  test('of two days lasts from the start of the first to the end of the last', () => {
    const [from, to] = [dayStart('2026-11-01'), dayStart('2026-11-22')];
    expect(periodOf('2026-11-01_2026-11-21')).toEqual({ from, to });
    expect(periodOf('_2026-11-21')).toEqual({ to });
    expect(periodOf('2026-11-01_')).toEqual({ from });
  });

  test.each([undefined, 'soon', 'constructor', '2026-99-99_', '_2026-13-01', '2026-11-01'])(
    '%s is none, and breaks nothing',
    (value) => {
      expect(periodOf(value)).toEqual({});
      expect(periodWords(String(value))).toBe('cannot be read');
    },
  );
});
