/** How a folder is written down: MLSD facts (RFC 3659 section 7), the customary LIST line, plain names. UTC. */
import type { Stats } from 'node:fs';

export interface ListedFile {
  name: string;
  stats: Stats;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HALF_A_YEAR_MS = 182 * 24 * 60 * 60 * 1000;

/** An instant as in RFC 3659 section 2.3: "20260131235959". */
export function formatInstant(at: Date): string {
  return at.toISOString().slice(0, 19).replace(/\D/g, '');
}

/** The instant that "20260131235959" or "20260131235959.123" names, or null where it names none. */
export function parseInstant(text: string): Date | null {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?$/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  const at = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
  return formatInstant(at) === text.slice(0, 14) ? at : null;
}

/** "type=file;size=12;modify=20260131235959;perm=adfrw; name" */
export function formatFacts({ name, stats }: ListedFile, type?: 'cdir'): string {
  const facts = stats.isDirectory()
    ? `type=${type ?? 'dir'};modify=${formatInstant(stats.mtime)};perm=cdeflmp;`
    : `type=file;size=${stats.size};modify=${formatInstant(stats.mtime)};perm=adfrw;`;
  return `${facts} ${name}`;
}

/** "-rw-r-----   1 ftp      ftp              12 Jan 31 23:59 name"; the year in place of the time when old. */
export function formatListLine({ name, stats }: ListedFile, now: Date): string {
  const { mtime } = stats;
  const age = now.getTime() - mtime.getTime();
  const recent = age < HALF_A_YEAR_MS && age > -24 * 60 * 60 * 1000;
  const when = recent ? mtime.toISOString().slice(11, 16) : ` ${mtime.getUTCFullYear()}`;
  const day = String(mtime.getUTCDate()).padStart(2);
  const kind = stats.isDirectory() ? 'drwxr-x---' : '-rw-r-----';
  const sizeBytes = String(stats.size).padStart(12);
  return `${kind}   1 ftp      ftp      ${sizeBytes} ${MONTHS[mtime.getUTCMonth()]} ${day} ${when} ${name}`;
}
