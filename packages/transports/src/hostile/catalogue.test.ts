import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_CASES, CATALOGUE } from './catalogue.js';
import { DEFENCES } from './defences.js';

test('every case has an id of its own, says what it is, and names what it relies on', () => {
  const ids = ALL_CASES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, title, source, holds, defences } of ALL_CASES) {
    expect(id).toMatch(/^[A-Z]+(-[A-Z]+)?-(\d\d|[A-Z]+)$/);
    for (const text of [title, holds]) expect(text).toMatch(/^[A-Z0-9].*[.!]$/);
    expect(source).not.toBe('');
    expect(defences).not.toHaveLength(0);
  }
});

test('every theme is run by a test file', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.int.test.ts'));
  const texts = files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join();
  const run = [...texts.matchAll(/^testCases\('(.+)'\);$/gm)].map(([, theme]) => theme);
  expect(run.sort()).toEqual(Object.keys(CATALOGUE).sort());
});

test('every defence is relied on by some case', () => {
  const relied = new Set<string>(ALL_CASES.flatMap(({ defences }) => defences));
  expect(Object.keys(DEFENCES).filter((name) => !relied.has(name))).toEqual([]);
});

describe('what takes out the defence', () => {
  const edits = Object.entries(DEFENCES).flatMap(([name, { edits }]) =>
    edits.map(({ file, find, replace }) => [name, file, find, replace] as const),
  );
  test.each(edits)('%s finds its one place in %s', (_name, file, find, replace) => {
    const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
    expect(text.split(find).length - 1).toBe(1);
    expect(replace).not.toBe(find);
  });
});
