import { expect, test } from '@jest/globals';
import { endpointLook, shortEndpointLook } from './endpoint-look.js';

const server: Parameters<typeof endpointLook>[0] = {
  heldAt: null,
  protocol: 'ftps_explicit',
  hasPassword: true,
  lastTest: null,
  deviations: [],
};
const tested = (state: string, isOutdated = false) => ({ id: 'x', state, finishedAt: null, isOutdated });
const wordOf = (endpoint: Parameters<typeof endpointLook>[0]) => endpointLook(endpoint).word;

test('an endpoint is ready only after a test that passed', () => {
  expect(wordOf({ ...server, lastTest: tested('passed') })).toBe('Ready');
  expect(wordOf(server)).toBe('Not tested');
});

test('a failed test is what the endpoint says of itself', () => {
  expect(endpointLook({ ...server, lastTest: tested('failed') })).toMatchObject({
    word: 'Test failed',
    tone: 'bad',
  });
});

test('a test that failed before the endpoint was changed says nothing of it any more', () => {
  const changed = { ...server, lastTest: tested('failed', true) };
  expect(wordOf(changed)).toBe('Not tested since the change');
  expect(shortEndpointLook(changed).word).toBe('Not tested');
  expect(wordOf({ ...server, lastTest: tested('passed', true) })).toBe('Ready');
});

test('a test that waits for a worker or runs is neither', () => {
  expect(['queued', 'running'].map((state) => wordOf({ ...server, lastTest: tested(state) }))).toEqual([
    'Testing',
    'Testing',
  ]);
});

test('what no exception permits comes before any test, and before that only a hold', () => {
  const until = '2026-12-31T00:00:00Z';
  const plain = (coveredBy: string | null) => ({
    ...server,
    lastTest: tested('passed'),
    deviations: [{ kind: 'plain_ftp' as const, coveredBy, coveredUntil: coveredBy && until }],
  });
  expect(wordOf(plain(null))).toBe('Exception needed');
  expect(wordOf(plain('e1'))).toBe('Ready');
  expect(wordOf({ ...plain(null), heldAt: until })).toBe('Held');
});

test('a hold and a missing password come before any test', () => {
  const passed = tested('passed');
  expect(wordOf({ ...server, heldAt: '2026-11-21T06:00:00Z', lastTest: passed })).toBe('Held');
  expect(wordOf({ ...server, hasPassword: false, lastTest: passed })).toBe('No password');
  expect(wordOf({ ...server, protocol: 'local_folder', hasPassword: false, lastTest: passed })).toBe('Ready');
});
