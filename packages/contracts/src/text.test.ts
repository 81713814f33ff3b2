import { expect, test } from '@jest/globals';
import { name } from './text.js';

const faults = (text: string) => name.safeParse(text).error?.issues.map(({ message }) => message) ?? [];

test('a name has something that can be seen, and each fault is told once', () => {
  expect(faults('Zürich 1')).toEqual([]);
  expect(faults('  ')).toEqual(['must not be empty']);
  expect(faults('\u200b\u200b')).toEqual(['must have a letter, a digit or a sign']);
  expect(faults('a\u202eb')).toEqual(['must not contain control or direction-changing characters']);
});
