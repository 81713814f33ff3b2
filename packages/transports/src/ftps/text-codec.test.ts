import { describe, expect, test } from '@jest/globals';
import { DEFAULT_FTPS_SETTINGS } from '@waybill/contracts/ftps-settings.js';
import { ENCODINGS } from '@waybill/contracts/ftps-settings.js';
import { createTextCodec } from './text-codec.js';

/** What people of each character set write. */
const WORDS: Record<(typeof ENCODINGS)[number], string> = {
  'utf-8': 'Grüße 価格 цена',
  'iso-8859-1': 'Grüße',
  'iso-8859-15': 'Preis €',
  'windows-1250': 'Zażółć',
  'windows-1251': 'Моя цена',
  'windows-1252': 'Preis €',
  cp437: 'Grüße',
  cp850: 'Grüße ñ',
  'koi8-r': 'Цена',
  shift_jis: '表示ソ価格',
  'euc-jp': '価格表',
  'euc-kr': '가격표',
  gb18030: '价格 \u{20000}',
  big5: '價格功',
};

describe('text on the wire', () => {
  test.each(ENCODINGS)('in %s comes back as it went', (encoding) => {
    const codec = createTextCodec(encoding);
    const wire = codec.encode(`STOR /in/${WORDS[encoding]}.csv`) ?? '';
    expect(codec.decodeLines(wire)).toBe(`STOR /in/${WORDS[encoding]}.csv`);
    const bytes = Buffer.from(wire, codec.wireEncoding);
    expect(codec.decodeListing(bytes)).toBe(`STOR /in/${WORDS[encoding]}.csv`);
    expect(wire).toMatch(/^STOR \/in\//);
  });

  test('is UTF-8 by default', () => {
    expect(createTextCodec(DEFAULT_FTPS_SETTINGS.encoding).wireEncoding).toBe('utf8');
  });

  test.each([
    ['iso-8859-1', 'Preis €'],
    ['windows-1252', 'цена'],
    ['shift_jis', '가격'],
    ['koi8-r', '価格'],
    ['cp437', '\ufffd'],
    ['windows-1252', '\ud800'],
  ] as const)('in %s cannot be %s', (encoding, text) =>
    expect(createTextCodec(encoding).encode(text)).toBeNull(),
  );

  test('second bytes that look like a backslash or a bar are part of their character', () => {
    const codec = createTextCodec('shift_jis');
    const wire = codec.encode('/表ポ') ?? '';
    expect(Buffer.from(wire, 'latin1').toString('hex')).toBe('2f955c837c');
    expect(codec.decodeLines(wire)).toBe('/表ポ');
  });

  test('no character of a character set becomes an end of a line', () => {
    for (const encoding of ENCODINGS) {
      const codec = createTextCodec(encoding);
      for (let point = 0x20; point < 0x10000; point += 1) {
        const text = String.fromCharCode(point);
        if (/[\r\n\0]/.test(codec.encode(text) ?? '')) throw new Error(`${encoding} ${point}`);
      }
    }
  });

  test('Telnet commands are never said, the letter 255 is', () => {
    const codec = createTextCodec('windows-1251');
    expect(codec.encode('моя.txt')).toBe('\u00ec\u00ee\u00ff.txt');
    expect(codec.encode('яя')).toBeNull();
    expect(codec.encode('ять')).toBeNull();
  });

  test('half a character does not swallow the end of its line', () => {
    for (const encoding of ['shift_jis', 'gb18030', 'big5', 'euc-kr', 'euc-jp'] as const) {
      const lines = createTextCodec(encoding).decodeLines('226 ok \u0081\r\n550 no \u0081\n').split('\n');
      expect(lines).toHaveLength(3);
      expect(lines[1]).toMatch(/^550 no/);
    }
  });

  test('a line of a listing that would not be written as it was read is marked', () => {
    const codec = createTextCodec('shift_jis');
    // The Roman numeral one as IBM had it, which is written as NEC had it.
    const listing = Buffer.concat([
      Buffer.from('type=file; '),
      Buffer.from([0xfa, 0x4a]),
      Buffer.from('\r\nok\r\n'),
    ]);
    expect(codec.decodeListing(listing).split('\r\n')).toEqual(['type=file; Ⅰ\ufffd', 'ok', '']);
    expect(codec.decodeListing(Buffer.from([0x81, 0x0a, 0x41])).split('\n')).toHaveLength(2);
  });
});
