import { expect, test } from '@jest/globals';
import { DEFAULT_FTPS_SETTINGS, type FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import { isTemporaryName, temporaryPathOf } from './temporary-name.js';

const id = '0199f3a1-7b2c-7d3e-8f40-112233445566';
const pathOf = (settings: Partial<FtpsSettings>, targetPath = '/out/a.csv') =>
  temporaryPathOf({ id, targetPath }, 3, { ...DEFAULT_FTPS_SETTINGS, ...settings });

test('each form is in its place, and begins and ends as the endpoint asks', () => {
  expect(pathOf({})).toBe(`/out/.waybill-${id}-3.part`);
  expect(pathOf({ temporaryPrefix: 'tmp_' })).toBe(`/out/tmp_waybill-${id}-3.part`);
  expect(pathOf({ temporaryName: 'suffix', temporarySuffix: '.tmp' })).toBe(`/out/a.csv.waybill-${id}-3.tmp`);
  expect(pathOf({ temporaryName: 'folder', temporaryFolder: '/tmp/' })).toBe(`/tmp/.waybill-${id}-3.part`);
  expect(pathOf({}, '/a.csv')).toBe(`/.waybill-${id}-3.part`);
});

test('a server that forbids renames gets the final name', () => {
  expect(pathOf({ temporaryName: 'direct' })).toBe('/out/a.csv');
});

test('a name with a suffix is no longer than file systems take, and ends with whole characters', () => {
  const path = pathOf({ temporaryName: 'suffix' }, `/out/${'€'.repeat(85)}`);
  const name = path.slice('/out/'.length);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(Buffer.byteLength(name)).toBeGreaterThan(252);
  expect(name).toMatch(/^€+\.waybill-/);
});

test('all of them are known again in a listing, and files of others are not', () => {
  for (const settings of [
    {},
    { temporaryPrefix: 'tmp_' },
    { temporaryName: 'suffix' },
    { temporaryName: 'folder', temporaryFolder: '/tmp' },
  ] as const) {
    const path = pathOf(settings);
    expect(isTemporaryName(path.slice(path.lastIndexOf('/') + 1))).toBe(true);
  }
  expect(isTemporaryName('waybill-2026.csv')).toBe(false);
  expect(isTemporaryName(`${id}-3.part`)).toBe(false);
  expect(isTemporaryName('a.csv.part')).toBe(false);
});
