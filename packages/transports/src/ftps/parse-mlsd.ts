/**
 * MLSD and MLST facts (RFC 3659 section 7). Tolerant of single bad facts, because one wrong date must not hide
 * a folder; strict about names, because they become paths.
 */
import { joinPath } from '@waybill/contracts/paths.js';
import { refuseName } from '../refuse-name.js';
import { whyNameIsUnsafe } from '../safe-name.js';
import type { Entry, Listing } from '../transport.js';

/** No name and no facts are that long. What one line is taken apart into is many times as large as the line. */
export const MAX_ROW_LENGTH = 16_384;

/** The entries of a listing as MLSD sends it, one a line: `type=file;size=3;modify=20260101120000; name`. */
export function parseMlsd(text: string, folder: string): Listing {
  const listing: Listing = { entries: [], refused: [] };
  for (const line of text.split('\n')) {
    const row = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (row === '') continue;
    if (row.length > MAX_ROW_LENGTH) {
      refuseName(listing, row, `the line is longer than ${MAX_ROW_LENGTH} characters`);
      continue;
    }
    const parsed = splitFacts(row);
    if (parsed === null) {
      refuseName(listing, row, 'the line is not in the form of RFC 3659');
      continue;
    }
    const { facts, name } = parsed;
    const type = (facts['type'] ?? '').toLowerCase();
    if (type === 'cdir' || type === 'pdir' || name === '.' || name === '..') continue;
    const why = whyNameIsUnsafe(name);
    if (why !== null) refuseName(listing, name, why);
    else listing.entries.push(toEntry(facts, name, joinPath(folder, name)));
  }
  return listing;
}

/** The one entry of an MLST reply, whose fact line is indented by a space; null where there is none. */
export function parseMlst(reply: string, path: string): Entry | null {
  const row = reply.split('\n').find((line) => line.startsWith(' ') && line.includes('='));
  const parsed = row === undefined ? null : splitFacts(row.slice(1));
  return parsed === null ? null : toEntry(parsed.facts, path.slice(path.lastIndexOf('/') + 1), path);
}

/** An instant as RFC 3659 section 2.3 writes it, `YYYYMMDDHHMMSS[.sss]` in UTC; null where it is not one. */
export function parseFtpInstant(text: string): Date | null {
  // Postgres has no year 0.
  const match = /^(?!0000)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  // A leap second is told as the last second of its minute; the parser refuses dates that do not exist.
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second === '60' ? '59' : second}.${milliseconds}Z`;
  const instant = new Date(iso);
  return Number.isNaN(instant.getTime()) || instant.toISOString() !== iso ? null : instant;
}

/** A size in bytes: digits only, and no more than a double can count. */
export function parseSize(text: string): number | null {
  if (!/^\d{1,16}$/.test(text)) return null;
  const size = Number(text);
  return Number.isSafeInteger(size) ? size : null;
}

function splitFacts(row: string): { facts: Record<string, string>; name: string } | null {
  const space = row.indexOf(' ');
  if (space < 0) return null;
  const packed = row.slice(0, space);
  if (packed !== '' && !packed.includes('=')) return null;
  // No prototype: a fact named "constructor" is a fact and nothing else.
  const facts = Object.create(null) as Record<string, string>;
  for (const fact of packed.split(';')) {
    const equals = fact.indexOf('=');
    if (equals > 0) facts[fact.slice(0, equals).toLowerCase()] = fact.slice(equals + 1);
  }
  return { facts, name: row.slice(space + 1) };
}

const KINDS = new Map<string, Entry['kind']>([
  ['file', 'file'],
  ['dir', 'folder'],
]);
/** Some servers say where the link leads to, after a colon. */
const LINK = /^os\.unix=(?:slink|symlink)(?::|$)/;

function toEntry(facts: Record<string, string>, name: string, path: string): Entry {
  const type = (facts['type'] ?? '').toLowerCase();
  return {
    name,
    path,
    kind: KINDS.get(type) ?? (LINK.test(type) ? 'link' : 'other'),
    sizeBytes: facts['size'] === undefined ? null : parseSize(facts['size']),
    modifiedAt: facts['modify'] === undefined ? null : parseFtpInstant(facts['modify']),
  };
}
