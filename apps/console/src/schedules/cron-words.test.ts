import { describe, expect, test } from '@jest/globals';
import { cronWords } from './cron-words.js';

describe('a cron line in words', () => {
  test.each([
    ['*/15 * * * *', 'Every 15 minutes'],
    ['* * * * *', 'Every minute'],
    ['*/1 * * * *', 'Every minute'],
    ['0 * * * *', 'Every hour'],
    ['0 */1 * * *', 'Every hour'],
    ['5 * * * *', 'Every hour at minute 5'],
    ['30 */2 * * *', 'Every 2 hours at minute 30'],
    ['0 6 * * 1-5', 'At 06:00 on working days'],
    ['30 6,18 * * *', 'At 06:30, 18:30'],
    ['0 22 1 * *', 'At 22:00 on day 1 of the month'],
    ['0 22 L * *', 'At 22:00 on the last day of the month'],
    ['0 9 * * 1,7', 'At 09:00 on Monday, Sunday'],
  ])('%s is said as "%s"', (cron, words) => {
    expect(cronWords(cron)).toBe(words);
  });

  test.each([
    '0 6 13 * 5',
    '0 6 * 1 *',
    '0-10 6 * * *',
    '0 6 * *',
    '',
    '0 6 * * 1#2',
    '*/45 * * * *',
    '*/7 * * * *',
    '0 */5 * * *',
    '*/0 * * * *',
  ])('"%s" is left as it is, since words would mislead', (cron) => {
    expect(cronWords(cron)).toBeNull();
  });
});
