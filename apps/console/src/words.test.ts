import { expect, test } from '@jest/globals';
import { ROLE_PERMISSIONS } from '@waybill/contracts/permissions.js';
import { FAILURE_KINDS } from '@waybill/contracts/session-facts.js';
import { failureWords, failureWordsAt, remedyFor, verifiedWords } from './words.js';

test('every kind of failure is told in words of its own', () => {
  const words = FAILURE_KINDS.map(failureWords);
  expect(new Set(words).size).toBe(FAILURE_KINDS.length);
  expect(words.filter((text) => text.includes('_'))).toEqual([]);
});

test('a failure names the end at which it happened, once', () => {
  expect([failureWordsAt('login_refused', 'target'), failureWordsAt('target_full', 'target')]).toEqual([
    'Login refused, at the target',
    'Target full',
  ]);
});

test('what is to be done about a failure names the place and what must be permitted there', () => {
  expect(remedyFor('login_refused')).toMatchObject({ field: 'password', needs: 'endpoint:write' });
  expect(remedyFor('certificate_expired')).toMatchObject({ at: 'endpoint', needs: 'endpoint:test' });
  expect(remedyFor('endpoint_held')).toMatchObject({ at: 'endpoint', needs: 'endpoint:write' });
  expect(remedyFor('connection_lost')).toMatchObject({ at: 'again', needs: 'transfer:start' });
});

test('an operator may do all but allow an address, an auditor nothing', () => {
  const needed = [...new Set(FAILURE_KINDS.map((kind) => remedyFor(kind).needs))];
  const refused = (role: 'operator' | 'auditor') => needed.filter((one) => !ROLE_PERMISSIONS[role].has(one));
  expect(refused('operator')).toEqual(['network:write']);
  expect(refused('auditor')).toEqual(needed);
});

test('a verification names its hash, where it compared one', () => {
  expect([verifiedWords('server_hash', 'SHA-256'), verifiedWords('size', null)]).toEqual([
    'SHA-256 of the server',
    'Size',
  ]);
});
