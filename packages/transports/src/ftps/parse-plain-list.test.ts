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

  test('in DOS form have one space before a name, whatever the form of date and time', () => {
    const rows = [
      '11-20-26  05:03:00PM  3  spaced.csv',
      '2026-11-20  5:03pm    4  four.csv',
      '20.11.2026 17:03:00   5  five.csv',
      '11/20/26   05:03p     6  six.csv',
      '11-20-26  05:03PM       <DIR>          ..',
    ];
    expect(parsePlainList(rows.join('\r\n'), '/').entries).toMatchObject([
      { name: ' spaced.csv', sizeBytes: 3 },
      { name: ' four.csv', sizeBytes: 4 },
      { name: ' five.csv', sizeBytes: 5 },
      { name: ' six.csv', sizeBytes: 6 },
    ]);
  });

  test('that begin with a number and are in no DOS form are told, and not taken for one', () => {
    const good = '-rw-r--r--   1 u g        5 Nov 20 10:00 good.csv';
    const odd = [`131125 ${good}`, '2026 10:00 5  spaced.csv', '11-20-26\t05:03PM\t3\tb.csv'];
    const { entries, refused } = parsePlainList([...odd, good].join('\n'), '/');
    expect(entries.map(({ name }) => name)).toEqual(['good.csv']);
    expect(refused).toHaveLength(3);
  });

  test('with a line of more than 16 KiB have no such line', () => {
    const row = (length: number) => `-rw-r--r-- 1 ${'u'.repeat(length)} g 5 Nov 20 10:00 a.csv`;
    const { entries, refused } = parsePlainList(`${row(20_000)}\n${row(16_000)}`, '/');
    expect([entries.length, refused.length]).toEqual([1, 1]);
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
