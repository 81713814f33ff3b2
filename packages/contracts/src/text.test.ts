import { expect, test } from '@jest/globals';
import { cutText, name } from './text.js';

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
