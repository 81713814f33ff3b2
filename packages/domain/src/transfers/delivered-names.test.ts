import { expect, test } from '@jest/globals';
import { findNamesake, foldName } from './delivered-names.js';

test('a name that differs only in case, or in how an accent is written, may be the same one at the target', () => {
  const delivered = new Map([[foldName('/in/É.csv'), '/in/É.csv']]);
  expect(findNamesake(delivered, '/in/é.csv')).toBe('/in/É.csv');
  expect(findNamesake(delivered, '/in/E\u0301.csv')).toBe('/in/É.csv');
  expect(findNamesake(delivered, '/in/É.csv')).toBeNull();
  expect(findNamesake(delivered, '/in/e.csv')).toBeNull();
});
