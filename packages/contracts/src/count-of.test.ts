import { expect, test } from '@jest/globals';
import { countOf } from './count-of.js';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1000, '1,000 bytes'],
  [1_073_741_824, '1,073,741,824 bytes'],
  [null, 'an unknown number of bytes'],
])('%j bytes are exact and readable', (count, words) => {
  expect(countOf(count, 'byte')).toBe(words);
});
