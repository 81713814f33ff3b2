/** The building blocks of text and numbers that every contract uses, each with its cap. */
import { z } from 'zod';

/**
 * One character that belongs in no name and is not shown as it is: C0, DEL and C1 controls (which move cursors and forge
 * log lines), direction marks (which show `exe.txt` for `txt.exe`), line separators, and halves of surrogate pairs.
 */
export const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\p{Surrogate}]/u;

/** At most `maxLength` UTF-16 units, and no half of a surrogate pair at the end, which Postgres refuses in JSON. */
export function cutText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/\p{Surrogate}$/u, '');
}

const printable = (text: string): boolean => !UNPRINTABLE.test(text);
const PRINTABLE = 'must not contain control or direction-changing characters';

export const id = z.uuid();

/** Something that can be seen: spaces of no width are no name. */
const visible = (text: string): boolean => text === '' || /[\p{L}\p{N}\p{P}\p{S}]/u.test(text);

/** What people call a thing: 1 to 100 characters on one line. */
export const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100)
  .refine(printable, PRINTABLE)
  .refine(visible, 'must have a letter, a digit or a sign');

/** One line of free text, may be empty. */
export const line = z.string().trim().max(200).refine(printable, PRINTABLE);

/** Free text of several lines, may be empty. */
export const note = z.string().trim().max(2000);

export const email = z.string().trim().toLowerCase().max(254).check(z.email());

/** In the years 1 to 9999: the calendar has no year 0, though ISO 8601 does, and the database takes none. */
export const instant = z.iso
  .datetime({ abort: true })
  .refine((text) => !text.startsWith('0000'), 'must be in the years 1 to 9999');

/** A TCP port. */
export const port = z.number().int().min(1, 'must be 1 to 65535').max(65_535, 'must be 1 to 65535');

/** Lower-case hex of a SHA-256. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

const DNS_LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;
const isHost = (text: string): boolean =>
  z.ipv4().safeParse(text).success ||
  z.ipv6().safeParse(text).success ||
  (text.length <= 253 && text.split('.').every((label) => DNS_LABEL.test(label)));

/** A DNS name, an IPv4 or an IPv6 address (without brackets). */
export const host = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'must not be empty')
  .max(253)
  .refine(isHost, 'must be a host name or an IP address, without brackets, scheme, port or path');

const isPath = (text: string): boolean =>
  printable(text) && !text.includes('\\') && !text.split('/').some((part) => part === '..' || part === '.');

/** A folder within an endpoint: absolute, `/` between the parts, no `.` or `..`. */
export const folderPath = z
  .string()
  .min(1)
  .max(1000)
  .startsWith('/', 'must start with /')
  .refine(isPath, 'must not contain "..", "." or "\\" as a part, nor control characters');
