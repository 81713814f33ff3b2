import { expect, test } from '@jest/globals';
import { countFiles } from './count-files.js';

test('skipped files count, too: the badge says how many rows there are', () => {
  expect(countFiles({ fileStates: { delivered: 3, skipped: 4 } })).toBe(7);
  expect(countFiles({ fileStates: {} })).toBe(0);
});
