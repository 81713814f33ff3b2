import { expect, test } from '@jest/globals';
import { makeTurns } from './turns.js';

const limits = { atOnce: 2, waiting: 3, refusal: () => new Error('the line is full') };

test('so many run at a time, the others in the order in which they came', async () => {
  const inTurn = makeTurns(limits);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const works = [1, 2, 3, 4, 5].map((number) =>
    inTurn(async () => {
      begun.push(number);
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return number;
    }),
  );
  expect(begun).toEqual([1, 2]);
  expect(await Promise.all(works)).toEqual([1, 2, 3, 4, 5]);
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('what finds the line full is refused and not run, and a place that comes free is taken again', async () => {
  const inTurn = makeTurns(limits);
  const work = () => new Promise<string>((resolve) => setImmediate(() => resolve('done')));
  const five = Array.from({ length: 5 }, () => inTurn(work));
  let hasRun = false;
  await expect(inTurn(async () => (hasRun = true))).rejects.toThrow('the line is full');
  expect(hasRun).toBe(false);
  await Promise.all(five);
  expect(await inTurn(work)).toBe('done');
});

test('work that fails gives its place back', async () => {
  const inTurn = makeTurns({ ...limits, atOnce: 1, waiting: 0 });
  await expect(inTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await inTurn(() => Promise.resolve('fine'))).toBe('fine');
});
