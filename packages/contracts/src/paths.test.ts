import { expect, test } from '@jest/globals';
import { joinPath, tidyPath } from './paths.js';

test('a folder has one form', () => {
  expect(tidyPath('/')).toBe('/');
  expect(tidyPath('//in//csv/')).toBe('/in/csv');
});

test('parts join without losing or doubling a slash', () => {
  expect(joinPath('/', '/')).toBe('/');
  expect(joinPath('/base/', '/in')).toBe('/base/in');
  expect(joinPath('/', '/in')).toBe('/in');
  expect(joinPath('/in', 'csv/', 'a b.csv')).toBe('/in/csv/a b.csv');
});
