import { expect, test } from '@jest/globals';
import { nameList } from './name-list.js';

test('names stand in a sentence, and many of them are counted', () => {
  expect(nameList(['a'])).toBe('"a"');
  expect(nameList(['a', 'b'])).toBe('"a" and "b"');
  expect(nameList(['a', 'b', 'c'])).toBe('"a", "b" and "c"');
  expect(nameList(['1', '2', '3', '4', '5', '6', '7'])).toBe('"1", "2", "3", "4", "5" and 2 more');
});
