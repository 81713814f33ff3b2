/** A period in the URL: "24h", or "2026-11-01_2026-11-21", days of the reader of which one may be missing. */
import { dayStart, formatDay, hoursAgo } from '../format.js';

export const PRESETS = new Map([
  ['1h', { label: 'Last hour', hours: 1 }],
  ['24h', { label: 'Last 24 hours', hours: 24 }],
  ['7d', { label: 'Last 7 days', hours: 24 * 7 }],
  ['30d', { label: 'Last 30 days', hours: 24 * 30 }],
]);
const DAYS = /^(\d{4}-\d{2}-\d{2})?_(\d{4}-\d{2}-\d{2})?$/;

/** People edit URLs: a day that no calendar has is none. */
const dayOf = (text: string | undefined): string | undefined =>
  text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined;

/** The days of a period; none for another kind of period, or for what is no period. */
export function daysOf(value: string | undefined): { first?: string; last?: string } {
  const days = DAYS.exec(value ?? '');
  return { first: dayOf(days?.[1]), last: dayOf(days?.[2]) };
}

/** What it means to the API. */
export function periodOf(value: string | undefined): { from?: string; to?: string } {
  const preset = PRESETS.get(value ?? '');
  if (preset !== undefined) return { from: hoursAgo(preset.hours) };
  const { first, last } = daysOf(value);
  return { from: first && dayStart(first), to: last && dayStart(last, 1) };
}

export function periodWords(value: string): string {
  const preset = PRESETS.get(value);
  if (preset !== undefined) return preset.label;
  const { first, last } = daysOf(value);
  if (first && last) return first === last ? formatDay(first) : `${formatDay(first)} – ${formatDay(last)}`;
  if (first) return `From ${formatDay(first)}`;
  if (last) return `Until ${formatDay(last)}`;
  return 'cannot be read';
}
