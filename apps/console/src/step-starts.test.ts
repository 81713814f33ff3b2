import { expect, test } from '@jest/globals';
import { startsWithoutPauses } from './step-starts.js';

const step = (startedAt: string, durationMs: number) => ({
  startedAt: `2026-11-21T08:00:${startedAt}Z`,
  durationMs,
});

test('steps that overlap keep their places, and a pause between two is left out', () => {
  const steps = [step('00.000', 100), step('00.050', 100), step('30.000', 40), step('30.040', 10)];
  expect(startsWithoutPauses(steps)).toEqual([0, 50, 150, 190]);
});

test('the order in which steps are told does not matter', () => {
  expect(startsWithoutPauses([step('10.000', 5), step('00.000', 7)])).toEqual([7, 0]);
  expect(startsWithoutPauses([])).toEqual([]);
});
