/**
 * How numbers, sizes, spans of time and instants are written. The only place that knows of time zones: the
 * reader's own for what is shown, UTC for the exact instant behind it.
 */
const LOCALE = 'en-GB';
const number = new Intl.NumberFormat(LOCALE);
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minuteClock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' });
const fullDay = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'short', day: 'numeric', month: 'short' });

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The reader's zone as IANA names it. */
export const readerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const formatCount = (count: number): string => number.format(count);

/** "1 file", "1,200 files", "2 entries". */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Decimal units, three digits at most: "734 MB", "1.2 kB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

export const formatRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

/** "48 ms", "1.8 s", "2 min 5 s", "3 h 12 min", "4 d 2 h". */
export function formatDuration(ms: number): string {
  // What rounds up to a whole one is told in the greater unit.
  if (ms < SECOND - 0.5) return `${Math.round(ms)} ms`;
  if (ms < 9.95 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < MINUTE - SECOND / 2) return `${Math.round(ms / SECOND)} s`;
  if (ms < MINUTE) return '1 min';
  const [big, small, bigWord, smallWord] =
    ms < HOUR ? [MINUTE, SECOND, 'min', 's'] : ms < DAY ? [HOUR, MINUTE, 'h', 'min'] : [DAY, HOUR, 'd', 'h'];
  const whole = Math.floor(ms / big);
  const rest = Math.floor((ms - whole * big) / small);
  return rest === 0 ? `${whole} ${bigWord}` : `${whole} ${bigWord} ${rest} ${smallWord}`;
}

/** The span between two instants in ms; to now where the second is missing. */
export const spanMs = (from: string, to: string | null, nowMs = Date.now()): number =>
  Math.max(0, (to === null ? nowMs : Date.parse(to)) - Date.parse(from));

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** Short, in the reader's zone: "14:05:12" today, "21 Nov 14:05" this year, "21 Nov 2025" before. */
export function formatInstant(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (sameDay(at, now)) return clock.format(at);
  if (at.getFullYear() === now.getFullYear()) return `${day.format(at)} ${minuteClock.format(at)}`;
  return fullDay.format(at);
}

/** In full, in the reader's zone: "21 Nov 2026 14:05:12". */
export const formatInstantFull = (iso: string): string => {
  const at = new Date(iso);
  return `${fullDay.format(at)} ${clock.format(at)}`;
};

/** To the millisecond, in the reader's zone: "14:05:12.345". */
export const formatClock = (iso: string): string =>
  `${clock.format(new Date(iso))}.${iso.replace(/^.*?(?:\.(\d{3})\d*)?Z$/, '$1').padEnd(3, '0')}`;

/** "Mon 23 Nov, 06:00", in the reader's zone or in a given one. */
export function formatRun(iso: string, timeZone?: string): string {
  const at = new Date(iso);
  if (timeZone === undefined) return `${weekday.format(at)}, ${minuteClock.format(at)}`;
  return new Intl.DateTimeFormat(LOCALE, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}

export const formatDay = (iso: string): string => fullDay.format(new Date(iso));

/** The exact instant, for hovering: "2026-11-21 14:05:12.345 UTC". */
export const formatUtc = (iso: string): string =>
  `${new Date(iso).toISOString().replace('T', ' ').replace('Z', '')} UTC`;

/** "in 5 min", "3 h ago", "now". */
export function formatRelative(iso: string, nowMs = Date.now()): string {
  const delta = Date.parse(iso) - nowMs;
  const span = Math.abs(delta);
  if (span < 5 * SECOND) return 'now';
  const [unit, word] =
    span < MINUTE ? [SECOND, 's'] : span < HOUR ? [MINUTE, 'min'] : span < 2 * DAY ? [HOUR, 'h'] : [DAY, 'd'];
  const text = `${Math.floor(span / unit)} ${word}`;
  return delta > 0 ? `in ${text}` : `${text} ago`;
}

/** Whole days until an instant; negative when it is over. */
export const daysUntil = (iso: string, nowMs = Date.now()): number =>
  Math.floor((Date.parse(iso) - nowMs) / DAY);

/** "3 days", "1 day", "Less than a day". */
export function wholeDaysUntil(iso: string, nowMs = Date.now()): string {
  const days = daysUntil(iso, nowMs);
  return days === 0 ? 'Less than a day' : countOf(days, 'day');
}

/** What is left at the present rate: "about 2 min 5 s left"; null where nothing can be said. */
export function formatTimeLeft(leftBytes: number, bytesPerSecond: number | null): string | null {
  if (bytesPerSecond === null || bytesPerSecond <= 0 || leftBytes <= 0) return null;
  const seconds = Math.ceil(leftBytes / bytesPerSecond);
  return `about ${seconds < 60 ? `${seconds} s` : formatDuration(seconds * SECOND)} left`;
}

/** Share of the whole in percent, 0 to 100; 0 where the whole is not known yet. */
export const percent = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.min(100, Math.floor((part / whole) * 100));

/** The start of a period that ends now, as the API wants it, rounded so that it stays a stable key. */
export const hoursAgo = (hours: number, nowMs = Date.now()): string =>
  new Date(Math.floor((nowMs - hours * HOUR) / MINUTE) * MINUTE).toISOString();

/** From a date field ("2026-11-21", the reader's day) to the instant at which that day starts, or the next. */
export function dayStart(date: string, plusDays = 0): string {
  const at = new Date(`${date}T00:00:00`);
  at.setDate(at.getDate() + plusDays);
  return at.toISOString();
}
