import type { Stats } from 'node:fs';
import { expect, test } from '@jest/globals';
import { formatFacts, formatInstant, formatListLine, parseInstant } from './listing-format.js';

const mtime = new Date('2026-03-09T07:05:03.999Z');
const facts = (folder: boolean) =>
  ({ size: 1234, mtime, isDirectory: () => folder, isFile: () => !folder }) as unknown as Stats;

test('facts of MLSD are in UTC and end before the name, whatever is in it', () => {
  expect(formatFacts({ name: ' a; b', stats: facts(false) })).toBe(
    'type=file;size=1234;modify=20260309070503;perm=adfrw;  a; b',
  );
  expect(formatFacts({ name: 'in', stats: facts(true) })).toBe(
    'type=dir;modify=20260309070503;perm=cdeflmp; in',
  );
});

test('LIST shows the time of what is recent and the year of what is not', () => {
  const file = { name: 'a.csv', stats: facts(false) };
  expect(formatListLine(file, new Date('2026-04-01T00:00:00Z'))).toBe(
    '-rw-r-----   1 ftp      ftp              1234 Mar  9 07:05 a.csv',
  );
  expect(formatListLine(file, new Date('2027-04-01T00:00:00Z'))).toBe(
    '-rw-r-----   1 ftp      ftp              1234 Mar  9  2026 a.csv',
  );
});

test('instants are read back, and what is none is refused', () => {
  expect(parseInstant(formatInstant(mtime))).toEqual(new Date('2026-03-09T07:05:03Z'));
  for (const bad of ['', '20260230000000', '2026030907050', '20260309256000', 'x'.repeat(14)]) {
    expect(parseInstant(bad)).toBeNull();
  }
});
