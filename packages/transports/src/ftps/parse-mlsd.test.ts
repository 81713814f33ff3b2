import { describe, expect, test } from '@jest/globals';
import { parseFtpInstant, parseMlsd, parseMlst, parseSize } from './parse-mlsd.js';

describe('facts', () => {
  test.each([
    ['20260228123456', '2026-02-28T12:34:56.000Z'],
    ['20260228123456.789', '2026-02-28T12:34:56.789Z'],
    ['20260228123456.7', '2026-02-28T12:34:56.700Z'],
    ['20261231235960', '2026-12-31T23:59:59.000Z'],
    ['20260230123456', null],
    ['20261301000000', null],
    ['99999999999999', null],
    ['00000101000000', null],
    ['00010101000000', '0001-01-01T00:00:00.000Z'],
    ['2026-02-28', null],
    ['', null],
  ])('the instant %j is %j', (text, iso) => expect(parseFtpInstant(text)?.toISOString() ?? null).toBe(iso));

  test.each([
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740993', null],
    ['-1', null],
    ['1e3', null],
    ['0x10', null],
    ['', null],
  ])('the size %j is %j', (text, size) => expect(parseSize(text)).toBe(size));

  test('of a name with spaces and semicolons are split from it at the first space', () => {
    const { entries } = parseMlsd('type=file;size=1; a; b=c d \r\n', '/in');
    expect(entries).toMatchObject([{ name: 'a; b=c d ', path: '/in/a; b=c d ', sizeBytes: 1 }]);
  });

  test('of one file come from the indented line of MLST', () => {
    const reply = '250-Listing /in/a\n Type=file;Size=3;Modify=20260101000000; /in/a\n250 End';
    expect(parseMlst(reply, '/in/a')).toMatchObject({ name: 'a', kind: 'file', sizeBytes: 3 });
    expect(parseMlst('250 nothing', '/in/a')).toBeNull();
  });

  test('of ten thousand bad names are counted, not piled up', () => {
    const listing = parseMlsd('type=file; a/b\n'.repeat(10_000), '/');
    expect(listing.refused).toHaveLength(100);
  });
});
