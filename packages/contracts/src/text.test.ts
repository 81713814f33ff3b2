import { expect, test } from '@jest/globals';
import { cutText, instant, name } from './text.js';

const faults = (text: string) => name.safeParse(text).error?.issues.map(({ message }) => message) ?? [];

test('a name has something that can be seen, and each fault is told once', () => {
  expect(faults('Zürich 1')).toEqual([]);
  expect(faults('  ')).toEqual(['must not be empty']);
  expect(faults('\u200b\u200b')).toEqual(['must have a letter, a digit or a sign']);
  for (const unprintable of ['\u202e', '\u061c', '\u2028', '\u2029', '\ud800', '\u0000'])
    expect(faults(`a${unprintable}b`)).toEqual(['must not contain control or direction-changing characters']);
});

test('text is cut between characters, never within one', () => {
  expect(cutText('ab😀', 4)).toBe('ab😀');
  expect(cutText('ab😀', 3)).toBe('ab');
  expect(cutText('ab😀', 2)).toBe('ab');
});

test('an instant lies in the years that the database takes', () => {
  for (const text of ['0001-01-01T00:00:00Z', '2026-11-21T06:00:00.123Z', '9999-12-31T23:59:59Z'])
    expect(instant.safeParse(text).success).toBe(true);
  for (const text of ['0000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '+010000-01-01T00:00:00Z', '0000-x'])
    expect(instant.safeParse(text).error?.issues).toHaveLength(1);
});
