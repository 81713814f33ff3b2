import { describe, expect, test } from '@jest/globals';
import { type ListedEntry, planFiles } from './plan-files.js';

const route = { sourcePath: '/out', filePattern: '*.csv', targetPath: '/in/' };
const modifiedAt = new Date('2026-11-21T10:00:00Z');
const file = (name: string, kind: ListedEntry['kind'] = 'file'): ListedEntry => ({
  name,
  path: `/out/${name}`,
  kind,
  sizeBytes: 3,
  modifiedAt,
});
const listing = (...entries: ListedEntry[]) => ({ entries, refused: [] });

describe('the plan of a transfer', () => {
  test('takes the files that match, by name, each to its path at the target', () => {
    const planned = planFiles(
      listing(file('b.csv'), file('a.csv'), file('a.txt'), file('c.csv', 'folder')),
      route,
    );
    expect(planned.map((one) => [one.sourcePath, one.targetPath, one.skipReason])).toEqual([
      ['/out/a.csv', '/in/a.csv', null],
      ['/out/b.csv', '/in/b.csv', null],
    ]);
    expect(planned[0]).toMatchObject({ sizeBytes: 3, modifiedAt });
  });

  test('leaves temporary files of transfers alone, whatever the pattern', () => {
    expect(planFiles(listing(file('.waybill-1.part')), { ...route, filePattern: '.*' })).toEqual([]);
  });

  test('says why it skips what matches and is no file, and what is listed twice', () => {
    const planned = planFiles(
      listing(file('a.csv'), file('a.csv'), file('link.csv', 'link'), file('pipe.csv', 'other')),
      route,
    );
    expect(planned.map((one) => one.skipReason)).toEqual([
      null,
      'The listing shows this name twice.',
      'It is a symbolic link; links are not followed.',
      'It is neither a file nor a folder.',
    ]);
  });

  test('shows the names that were refused', () => {
    const refused = [{ shownAs: '..%2Fa', why: 'it contains a separator' }];
    const planned = planFiles({ entries: [], refused }, route);
    expect(planned.map((one) => [one.name, one.skipReason])).toEqual([
      ['..%2Fa', 'The name cannot be used: it contains a separator.'],
    ]);
  });

  test('of a transfer that is sent again takes its files only, and tells which are gone', () => {
    const planned = planFiles(listing(file('a.csv'), file('new.csv')), route, {
      onlyNames: new Set(['a.csv', 'gone.txt']),
      notAgain: new Map(),
    });
    expect(planned.map((one) => [one.name, one.failure?.failureKind ?? null])).toEqual([
      ['a.csv', null],
      ['gone.txt', 'not_found'],
    ]);
  });

  test('does not take by itself what an earlier transfer left unsettled', () => {
    const notAgain = new Map([['/out/a.csv', 'It may have arrived.']]);
    const planned = planFiles(listing(file('a.csv'), file('b.csv')), route, { onlyNames: null, notAgain });
    expect(planned.map((one) => one.skipReason)).toEqual(['It may have arrived.', null]);
  });
});
