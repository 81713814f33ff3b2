/** A theme of the catalogue as tests: the cases run side by side, and each is a test of its own. */
import { beforeAll, test } from '@jest/globals';
import { CATALOGUE } from './catalogue.js';
import { runTogether } from './run-together.js';

export function testCases(theme: keyof typeof CATALOGUE): void {
  const cases = CATALOGUE[theme];
  let outcomes: Map<string, Promise<void>>;
  beforeAll(() => {
    outcomes = runTogether(cases, 4);
  });
  for (const { id, title } of cases) test(`${id}: ${title}`, () => outcomes.get(id));
}
