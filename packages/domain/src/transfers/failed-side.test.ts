import { expect, test } from '@jest/globals';
import { failedSide, type FailedTry } from './failed-side.js';

const FOLDER_TO_SERVER: FailedTry['connections'] = [
  { side: 'source', protocol: 'local_folder' },
  { side: 'target', protocol: 'ftps_explicit' },
];
const SERVER_TO_SERVER: FailedTry['connections'] = [
  { side: 'source', protocol: 'ftps_implicit' },
  { side: 'target', protocol: 'ftps_explicit' },
];
const failing = (...sides: ('source' | 'target')[]): FailedTry['timeline'] => [
  { side: 'source', outcome: 'ok' },
  ...sides.map((side) => ({ side, outcome: 'failed' as const })),
];

test('the side of the only step that failed is the one', () => {
  const one = { failureKind: 'login_refused', timeline: failing('target'), connections: SERVER_TO_SERVER };
  expect(failedSide(one)).toBe('target');
  expect(failedSide({ ...one, timeline: failing('source') })).toBe('source');
});

test('where the bytes stopped at both, a server is to blame before a folder of ours', () => {
  const both = { failureKind: 'not_found', timeline: failing('source', 'target') };
  expect(failedSide({ ...both, connections: FOLDER_TO_SERVER })).toBe('target');
  expect(failedSide({ ...both, failureKind: 'local_io', connections: FOLDER_TO_SERVER })).toBe('source');
});

test('between two servers it is not guessed', () => {
  const both = { failureKind: 'connection_lost', timeline: failing('source', 'target') };
  expect(failedSide({ ...both, connections: SERVER_TO_SERVER })).toBeNull();
  expect(failedSide({ failureKind: 'internal', timeline: [], connections: [] })).toBeNull();
});

test('a file that exists at the target is a matter of the target, though no step failed', () => {
  const one = { failureKind: 'target_exists', timeline: failing(), connections: SERVER_TO_SERVER };
  expect(failedSide(one)).toBe('target');
  expect(failedSide({ ...one, failureKind: 'source_changed' })).toBe('source');
});
