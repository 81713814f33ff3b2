/** What is wrong with a field, in words that follow its name: "port: must be 65535 at most". */
import type { z } from 'zod';

const FORMATS: Record<string, string> = {
  email: 'is not an e-mail address',
  uuid: 'is not an id',
  datetime: 'must be an instant in UTC, as in 2026-11-21T06:00:00Z',
  cidrv4: 'must be a range, as in 10.20.0.0/16',
  cidrv6: 'must be a range, as in fd00::/8',
};
const TYPES: Record<string, string> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  int: 'a whole number',
};

/** For `z.config({ customError: fieldMessage })`. A message that a schema gives itself comes first. */
export function fieldMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is needed';
      return `must be ${TYPES[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_format':
      return FORMATS[issue.format];
    case 'invalid_value':
      return issue.input === undefined ? 'is needed' : optionMessage(issue.values);
    case 'invalid_union':
      return Array.isArray(issue.options) ? optionMessage(issue.options) : undefined;
    case 'too_small':
    case 'too_big':
      return sizeMessage(issue);
    default:
      return undefined;
  }
}

const optionMessage = (options: readonly unknown[]): string => `must be ${options.map(String).join(' or ')}`;

function sizeMessage(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>): string {
  const [bound, end] = issue.code === 'too_small' ? [issue.minimum, 'at least'] : [issue.maximum, 'at most'];
  const isOne = Number(bound) === 1;
  if (issue.origin === 'string') return `must have ${bound} ${isOne ? 'character' : 'characters'} ${end}`;
  if (issue.origin === 'array') return `must have ${bound} ${isOne ? 'entry' : 'entries'} ${end}`;
  return `must be ${bound} ${end}`;
}
