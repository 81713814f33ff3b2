import { expect, test } from '@jest/globals';
import { joinFolders, tidyFolder } from './folder-path.js';

test('a folder has one form', () => {
  expect(tidyFolder('/')).toBe('/');
  expect(tidyFolder('//in//csv/')).toBe('/in/csv');
});

test('folders join without losing or doubling a slash', () => {
  expect(joinFolders('/', '/')).toBe('/');
  expect(joinFolders('/base/', '/in')).toBe('/base/in');
  expect(joinFolders('/', '/in')).toBe('/in');
});
