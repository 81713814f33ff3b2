/**
 * When a schedule runs. Cron is that of croner 11 with five fields: minute, hour, day of month, month, day of
 * week; where both days are given, either of them is enough. All times are those of the wall clock in the zone.
 *
 * When clocks change: a fixed time (no `*` and no step in minute and hour) that the day does not have runs at
 * the first valid minute after the gap, and one that the day has twice runs once, the first time. A time with
 * `*` or a step (every 10 minutes) goes on through the repeated hour, and skips what the gap does not have.
 */
import { Cron } from 'croner';
import { fieldProblem } from '../problem.js';

export interface Timing {
  cron: string;
  timeZone: string;
}

/**
 * @param after runs later than this, in order
 * @throws Problem `invalid_input` at `cron` or `timeZone`
 */
export function nextRuns(timing: Timing, { after, count }: { after: Date; count: number }): Date[] {
  const timeZone = requireTimeZone(timing.timeZone);
  return readCron(timing.cron, timeZone).nextRuns(count, after);
}

/**
 * The next run, for a schedule that is to be saved.
 * @throws Problem `invalid_input` at `cron` or `timeZone`, also for a date that never comes
 */
export function requireNextRun(timing: Timing, after: Date): Date {
  const [next] = nextRuns(timing, { after, count: 1 });
  if (next === undefined) throw fieldProblem('cron', 'names a date that never comes, such as 31 February');
  return next;
}

function readCron(text: string, timeZone: string): Cron {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5)
    throw fieldProblem(
      'cron',
      `has ${fields.length === 1 ? 'one field' : `${fields.length} fields`} where five are needed: minute, hour, day of month, month, day of week, as in 30 6 * * 1-5`,
    );
  try {
    return new Cron(fields.join(' '), {
      timezone: timeZone,
      mode: '5-part',
      fixedTimeRule: 'no-wildcard',
      paused: true,
    });
  } catch (cause) {
    throw fieldProblem('cron', cronFault(cause));
  }
}

/** What croner says, without the name of its class. */
function cronFault(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return `cannot be read: ${text.replace(/^[A-Za-z]+: /, '').replace(/^./, (first) => first.toLowerCase())}`;
}

/** Names of the IANA database only: an offset such as +01:00 knows no summer time. */
function requireTimeZone(name: string): string {
  if (/^[A-Za-z]/.test(name)) {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw fieldProblem(
    'timeZone',
    `"${name}" is not a time zone of the IANA database, as in Europe/Zurich or UTC`,
  );
}
