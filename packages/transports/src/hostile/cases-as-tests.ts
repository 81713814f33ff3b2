/** A theme of the catalogue as tests: the cases run side by side, each is a test of its own, and memory stays flat. */
import { beforeAll, test } from '@jest/globals';
import { CATALOGUE } from './catalogue.js';
import { withFlatMemory } from './hostile-case.js';
import { runTogether } from './run-together.js';

export function testCases(theme: keyof typeof CATALOGUE): void {
  const cases = CATALOGUE[theme];
  let outcomes: Map<string, Promise<void>>;
  let flat: Promise<void>;
  beforeAll(() => {
    outcomes = runTogether(cases, 4);
    flat = withFlatMemory(() => Promise.allSettled(outcomes.values()));
    flat.catch(() => undefined);
  });
  for (const { id, title } of cases) test(`${id}: ${title}`, () => outcomes.get(id));
  test('memory stays flat over all of them', () => flat);
}
