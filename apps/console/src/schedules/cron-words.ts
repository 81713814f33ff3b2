/** Common cron lines as people say them. */
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const NUMBER = /^\d{1,2}$/;

/** A step is told only where it has no leap at the end of the hour or the day. */
const EVERY = /^\*\/(\d{1,2})$/;
function stepOf(field: string, whole: number): string | null {
  const step = Number(EVERY.exec(field)?.[1] ?? 0);
  return step > 0 && whole % step === 0 ? String(step) : null;
}

const clock = (hour: string, minute: string): string => `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;

function timeWords(minute: string, hour: string): string | null {
  const everyMinutes = stepOf(minute, 60);
  if (/^\*(\/0?1)?$/.test(minute) && hour === '*') return 'Every minute';
  if (everyMinutes !== null && hour === '*') return `Every ${everyMinutes} minutes`;
  if (!NUMBER.test(minute)) return null;
  if (/^\*(\/0?1)?$/.test(hour)) return minute === '0' ? 'Every hour' : `Every hour at minute ${minute}`;
  const everyHours = stepOf(hour, 24);
  if (everyHours !== null) return `Every ${everyHours} hours at minute ${minute}`;
  const hours = hour.split(',');
  if (!hours.every((one) => NUMBER.test(one))) return null;
  return `At ${hours.map((one) => clock(one, minute)).join(', ')}`;
}

function dayWords(dayOfMonth: string, month: string, dayOfWeek: string): string | null {
  if (month !== '*') return null;
  if (dayOfMonth === '*' && dayOfWeek === '*') return '';
  if (dayOfMonth !== '*' && dayOfWeek !== '*') return null;
  if (dayOfWeek === '*') {
    if (dayOfMonth === 'L') return ' on the last day of the month';
    return NUMBER.test(dayOfMonth) ? ` on day ${dayOfMonth} of the month` : null;
  }
  if (dayOfWeek === '1-5') return ' on working days';
  const names = dayOfWeek.split(',').map((one) => (/^[0-7]$/.test(one) ? DAYS[Number(one)] : undefined));
  return names.includes(undefined) ? null : ` on ${names.join(', ')}`;
}

/** "At 06:00 on working days", or null where the line is too special to say in words. */
export function cronWords(cron: string): string | null {
  const [minute, hour, dayOfMonth, month, dayOfWeek, ...more] = cron.trim().split(/\s+/);
  if (!minute || !hour || !dayOfMonth || !month || !dayOfWeek || more.length > 0) return null;
  const time = timeWords(minute, hour);
  const days = dayWords(dayOfMonth, month, dayOfWeek);
  return time === null || days === null ? null : `${time}${days}`;
}
