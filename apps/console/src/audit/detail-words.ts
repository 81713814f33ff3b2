/** The details of an event in words: they are kept as the API names them. */
import { formatBytes, formatDuration } from '../format.js';
import {
  ACTOR_KINDS,
  CAUSES,
  failureWords,
  PROTOCOLS,
  ROLE_WORDS,
  TRUST_MODES,
  VERIFIED,
  WEAKENING,
} from '../words.js';

/** "sourcePath" as people read it: "Source path". */
export function fieldWords(field: string): string {
  const spaced = field
    .replace(/Ms$/, '')
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .replace(/\b(tls|spki|sha256|cidr)\b/g, (word) => word.toUpperCase());
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const WEAKENING_WORDS = Object.fromEntries(Object.entries(WEAKENING).map(([kind, { word }]) => [kind, word]));

const WORDS = new Map<string, Record<string, string>>([
  ['protocol', PROTOCOLS],
  [
    'trustMode',
    { ...TRUST_MODES, plain_ftp: 'None, as nothing is encrypted', proxy: 'None, as for a proxy' },
  ],
  ['deviations', WEAKENING_WORDS],
  ['cause', CAUSES],
  ['role', ROLE_WORDS],
  ['kind', { ca: 'CA', pinned_key: 'Server’s key', client: 'Ours', ...ACTOR_KINDS }],
  ['verification', VERIFIED],
  ['resendFiles', { not_delivered: 'What was not delivered', all: 'All' }],
  ['ifExists', { replace: 'Replaced', fail: 'The file fails' }],
  ['afterAction', { keep: 'Stays', delete: 'Deleted', move: 'Moved' }],
  ['action', { delete: 'Deleted', move: 'Moved' }],
  ['tlsMinVersion', { 'TLSv1.2': 'TLS 1.2', 'TLSv1.3': 'TLS 1.3' }],
]);

/** The value of a field; instants are left to the caller. */
export function detailWords(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') {
    if (/bytes$/i.test(field)) return formatBytes(value);
    return field.endsWith('Ms') ? formatDuration(value) : String(value);
  }
  if (Array.isArray(value))
    return value.length === 0 ? '—' : value.map((one) => detailWords(field, one)).join(', ');
  if (typeof value !== 'string')
    return Object.entries(value)
      .map(([key, one]) => `${fieldWords(key)}: ${detailWords(key, one)}`)
      .join(', ');
  if (field === 'failureKind') return failureWords(value);
  const words = WORDS.get(field) ?? {};
  return Object.hasOwn(words, value) ? (words[value] ?? value) : value;
}
