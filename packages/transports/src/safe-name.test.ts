import { describe, expect, test } from '@jest/globals';
import { showName, splitPath, whyLocalNameIsUnsafe, whyNameIsUnsafe } from './safe-name.js';
import { AWKWARD_NAMES } from './test-support/awkward-names.js';

describe('a name', () => {
  test.each([
    ...AWKWARD_NAMES,
    '...',
    '.hidden',
    'a..b',
    'x'.repeat(255),
    'ü'.repeat(127),
    '😀.txt',
    'می\u200cخواهم.txt',
    '👩\u200d💻.txt',
  ])('%j is taken', (name) => {
    expect(whyNameIsUnsafe(name)).toBeNull();
  });

  test.each([
    '',
    '.',
    '..',
    'a/b',
    '/',
    'a\\b',
    'nul\0',
    'line\nbreak',
    'carriage\rreturn',
    'escape\u001b[2J',
    'delete\u007f',
    'c1\u0085',
    'rtl\u202egnp.exe',
    'isolate\u2066x',
    'mark\u200fx',
    'arabic mark\u061cx',
    'separator\u2028x',
    'lone \ud800 surrogate',
    'broken \ufffd utf-8',
    'x'.repeat(256),
    'ü'.repeat(128),
  ])('%j is refused', (name) => {
    expect(whyNameIsUnsafe(name)).not.toBeNull();
  });

  test('never has a control character, for any code below 0x20 and from 0x7f to 0x9f', () => {
    for (let code = 0; code < 0xa0; code += 1) {
      const isControl = code < 0x20 || code >= 0x7f;
      const why = whyNameIsUnsafe(`a${String.fromCharCode(code)}b`) ?? '';
      expect([code, why.includes('control')]).toEqual([code, isControl]);
    }
  });
});

describe('a name on our own disk', () => {
  test.each(['CON', 'con', 'aux.txt', 'NUL.tar.gz', 'com1', 'LPT9.log', 'COM¹', 'prn ', 'CONIN$', 'con:x'])(
    '%j is refused',
    (name) => {
      expect(whyLocalNameIsUnsafe(name)).not.toBeNull();
    },
  );
  test.each(['console', 'auxiliary.txt', 'com10', 'nullable', 'lpt', 'xcon'])('%j is taken', (name) => {
    expect(whyLocalNameIsUnsafe(name)).toBeNull();
  });
});

describe('a path', () => {
  test('is split at its slashes', () => {
    expect(splitPath('/')).toEqual({ segments: [] });
    expect(splitPath('/in')).toEqual({ segments: ['in'] });
    expect(splitPath('/in/')).toEqual({ segments: ['in'] });
    expect(splitPath('/in/ a b')).toEqual({ segments: ['in', ' a b'] });
  });
  test.each([
    '',
    'in',
    './in',
    '/in/../x',
    '/..',
    '/in//x',
    '/in/./x',
    '/in\\x',
    '/in\r\nDELE x',
    `/${'x/'.repeat(3000)}`,
  ])('%j is refused', (path) => {
    expect(splitPath(path)).toHaveProperty('why');
  });
});

test('a refused name is shown escaped and short', () => {
  expect(showName('a\u202eb\nc')).toBe('a\\u{202e}b\\u{a}c');
  expect(showName('x'.repeat(70_000))).toHaveLength(120);
});

// Postgres takes no half of a character in JSON, and then nothing of the attempt would be kept.
test.each([117, 118, 119, 120])('a shown name is cut between characters, after %i letters too', (letters) => {
  const shown = showName('x'.repeat(letters) + '😀'.repeat(100));
  expect(shown.isWellFormed()).toBe(true);
  expect(shown).toMatch(/^x+(?:😀)?…$/);
});
