import { expect, test } from '@jest/globals';
import { detailWords, fieldWords } from './detail-words.js';

test.each<[field: string, value: unknown, words: string]>([
  ['enabled', false, 'No'],
  ['trustedCertificates', ['Nordbank root', 'Nordbank root 2'], 'Nordbank root, Nordbank root 2'],
  ['trustedCertificates', [], '—'],
  ['trustMode', 'chosen_cas', 'Chosen CAs'],
  ['verification', 'server_hash', 'Hash, by the server'],
  ['deviations', ['plain_ftp', 'no_verification'], 'Not encrypted, Not verified'],
  ['trustMode', 'plain_ftp', 'None, as nothing is encrypted'],
  ['failureKind', 'login_refused', 'Login refused'],
  ['idleTimeoutMs', 60_000, '1 min'],
  ['totalBytes', 2_000_000, '2.00 MB'],
  ['port', 990, '990'],
  ['query', { action: 'endpoint.updated', search: 'bank' }, 'Action: endpoint.updated, Search: bank'],
])('of %s, %j is told as %s', (field, value, words) => {
  expect(detailWords(field, value).replaceAll('\u00a0', ' ')).toBe(words);
});

test('a name stays as it is, and so does a value without words', () => {
  expect([detailWords('name', 'chosen_cas'), detailWords('protocol', 'constructor')]).toEqual([
    'chosen_cas',
    'constructor',
  ]);
});

test('a field is named as people read it, without its unit', () => {
  expect(['sourcePath', 'idleTimeoutMs', 'tlsMinVersion'].map(fieldWords)).toEqual([
    'Source path',
    'Idle timeout',
    'TLS min version',
  ]);
});
