import { expect, test } from '@jest/globals';
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import { sumSteps } from './sum-steps.js';

const aStep = (change: Partial<TimelineStep>): TimelineStep => ({
  step: 'transfer',
  side: 'target',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 5,
  outcome: 'ok',
  detail: null,
  ...change,
});

test('a step that several attempts keep has taken its time once', () => {
  const login = aStep({ step: 'login', durationMs: 100 });
  const list = aStep({ step: 'list', side: 'source', durationMs: 7 });
  const first = [login, list, aStep({ startedAt: '2026-01-01T00:00:01.000Z' })];
  const second = [{ ...login }, { ...list }, aStep({ startedAt: '2026-01-01T00:00:02.000Z' })];
  expect(sumSteps([first, second])).toEqual({ login: 100, list: 7, transfer: 10 });
});

test('files that move at the same time in several sessions add up, also where they look alike', () => {
  expect(sumSteps([[aStep({ side: 'source' }), aStep({})], [aStep({})]])).toEqual({ transfer: 15 });
});
