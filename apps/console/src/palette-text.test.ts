import { expect, test } from '@jest/globals';
import { fitsText, readPaletteText } from './palette-text.js';

test.each([
  ['run pay', { isRun: true, search: 'pay' }],
  ['Run', { isRun: true, search: '' }],
  ['open nordbank', { isRun: false, search: 'nordbank' }],
  ['runner files', { isRun: false, search: 'runner files' }],
  [' payroll ', { isRun: false, search: 'payroll' }],
])('%j asks for what is named, without the verb', (text, meant) => {
  expect(readPaletteText(text)).toEqual({ ...meant, id: null });
});

test('a pasted id is one, in upper case too', () => {
  expect(readPaletteText('01A1FF0F-36AF-76CE-8C81-A8ADA17AAF32').id).toBe(
    '01a1ff0f-36af-76ce-8c81-a8ada17aaf32',
  );
});

test('a command is found by its words in any order, and by nothing else', () => {
  expect(
    ['create partner', 'part new', '', 'partners'].map((text) => fitsText(text, 'Create New partner')),
  ).toEqual([true, true, true, false]);
});
