/** The customary line of LIST, taken apart to be written in the form of another system. */

export interface RelistedLine {
  isFolder: boolean;
  sizeBytes: number;
  month: number;
  day: number;
  /** "23:59", or the year of a file that is old. */
  timeOrYear: string;
  name: string;
}

const LINE = /^([d-])\S+ +\d+ \S+ +\S+ +(\d+) ([A-Z][a-z]{2}) +(\d+) +(\d\d:\d\d|\d{4}) (.*)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @throws Error for a line in another form than `formatListLine` makes */
function takeApart(line: string): RelistedLine {
  const [, kind, size, month, day, timeOrYear, name] = LINE.exec(line) ?? [];
  if (month === undefined || timeOrYear === undefined || name === undefined)
    throw new Error(`not a line of LIST: ${line}`);
  return {
    isFolder: kind === 'd',
    sizeBytes: Number(size),
    month: MONTHS.indexOf(month) + 1,
    day: Number(day),
    timeOrYear,
    name,
  };
}

/** A hook for listings: LIST in another form; every other listing stays. */
export function relist(format: (line: RelistedLine) => string) {
  return (_session: unknown, verb: string, lines: string[]): string[] =>
    verb === 'LIST' ? lines.map((line) => format(takeApart(line))) : lines;
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
