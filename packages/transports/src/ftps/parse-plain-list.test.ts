import { describe, expect, test } from '@jest/globals';
import { parsePlainList } from './parse-plain-list.js';

describe('plain listings', () => {
  test('in Unix and DOS form give names and sizes, and no times', () => {
    const unix = '-rw-r--r--   1 u g   1234 Jan  1 12:00 a file.txt\ndrwxr-xr-x 2 u g 4096 Jan 1 2025 in\n';
    expect(parsePlainList(unix, '/').entries).toMatchObject([
      { name: 'a file.txt', kind: 'file', sizeBytes: 1234, modifiedAt: null },
      { name: 'in', kind: 'folder' },
    ]);
    const dos = '01-01-26  12:00PM               1234 a.txt\r\n01-01-26  12:00PM       <DIR>          in\r\n';
    expect(parsePlainList(dos, '/').entries).toMatchObject([
      { name: 'a.txt', kind: 'file', sizeBytes: 1234 },
      { name: 'in', kind: 'folder' },
    ]);
    expect(parsePlainList('', '/').entries).toEqual([]);
  });

  test('in DOS form keep spaces before and after a name, with years of two and four digits and both clocks', () => {
    const rows = [
      '11-20-26  05:03PM                    3  spaced.csv ',
      '11-20-2026  17:03       <DIR>           spaced folder',
      '11-20-26  05:03PM       <JUNCTION>     linked',
      '11-20-26  05:03PM                    3 <DIR>',
    ];
    expect(parsePlainList(rows.join('\r\n'), '/').entries).toMatchObject([
      { name: ' spaced.csv ', kind: 'file', sizeBytes: 3 },
      { name: ' spaced folder', kind: 'folder' },
      { name: 'linked', kind: 'folder' },
      { name: '<DIR>', kind: 'file', sizeBytes: 3 },
    ]);
  });

  test('name the lines that cannot be read, wherever they stand', () => {
    const lines = [
      'total 24',
      'drwxr-xr-x 2 u g 4096 Jan 1 2025 .',
      'drwxr-xr-x 2 u g 4096 Jan 1 2025 ..',
      '-rw-r--r--   1 u g        5 Nov 20 10:00:00 2026 lost.csv',
      '-rw-r--r--   1 u g        5 Nov 20 10:00 good.csv',
      'lrwxrwxrwx   1 u g        5 Nov 20 10:00 link -> good.csv',
      ' what.csv',
      '-rw-r--r--   1 u g        5 Nov 20 10:00 good too.csv',
      '-rw-r--r--   1 u g     five Nov 20 10:00 last.csv',
    ];
    const listing = parsePlainList(lines.join('\r\n'), '/');
    expect(listing.entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['good.csv', 'file'],
      ['link', 'link'],
      ['good too.csv', 'file'],
    ]);
    expect(listing.refused.map(({ shownAs }) => shownAs)).toEqual([lines[3], lines[6], lines[8]]);
    expect(listing.refused[0]?.why).toBe('the line is in no known form');
  });

  test('of very many lines that cannot be read cost little time', () => {
    const text = '-rw-r--r--   1 u g        5 Nov 20 10:00 good.csv\n' + 'what is this\n'.repeat(499_999);
    const started = performance.now();
    expect(() => parsePlainList(text, '/')).toThrow(/MLSD/);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('in an unknown form are an error with advice', () => {
    expect(() => parsePlainList('what is this\nand this\n', '/')).toThrow(/MLSD/);
  });
});
