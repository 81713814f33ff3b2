import { expect, test } from '@jest/globals';
import { anonymousActor } from '@waybill/domain/actor.js';
import type { Response } from 'express';
import { makeRateLimits } from './rate-limits.js';
import { TokenLimits } from './token-limits.js';

const response = { setHeader: () => undefined } as unknown as Response;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A database that knows the tokens that begin with "good", and counts how often it is asked. */
function setUp() {
  const tokens = new TokenLimits(makeRateLimits());
  const asked: string[] = [];
  const ended = new Set<string>();
  const come = (token: string) =>
    tokens.look({
      token,
      address: '192.0.2.1',
      response,
      async find() {
        asked.push(token);
        await new Promise((resolve) => setTimeout(resolve, 2));
        return token.startsWith('good') && !ended.has(token);
      },
      actorOf: (isGood) => (isGood ? { ...anonymousActor(null, null), id: `owner of ${token}` } : null),
    });
  /** What came of each: true or false as it was found, or the code of a problem. */
  const outcomes = async (list: string[]) =>
    (await Promise.allSettled(list.map((token) => come(token)))).map((one) =>
      one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code,
    );
  return { asked, ended, outcomes };
}

test('a flood of made-up tokens asks the database thirty times a second, and a known one is let in all the time', async () => {
  const { asked, outcomes } = setUp();
  expect(await outcomes(['good'])).toEqual([true]);
  const flood = await outcomes(numbers(500).map((number) => `made up ${number}`));
  expect(flood.filter((outcome) => outcome === false)).toHaveLength(30);
  expect(flood.filter((outcome) => outcome === 'too_many_requests')).toHaveLength(470);
  expect(asked).toHaveLength(31);
  expect(await outcomes(numbers(50).map(() => 'good'))).toEqual(numbers(50).map(() => true));
});

test('a new token that many requests bring at a time is not taken for many strangers', async () => {
  const { outcomes } = setUp();
  expect(await outcomes(numbers(90).map(() => 'good'))).toEqual(numbers(90).map(() => true));
  // And its try was given back.
  expect((await outcomes(numbers(31).map(String))).filter((outcome) => outcome === false)).toHaveLength(30);
});

test('a token that has ended pays as a stranger does, and so does one that is repeated', async () => {
  const { asked, ended, outcomes } = setUp();
  expect(await outcomes(['good'])).toEqual([true]);
  ended.add('good');
  expect(await outcomes(['good'])).toEqual([false]);
  const repeated = await outcomes(numbers(100).map(() => 'good'));
  expect(repeated.filter((outcome) => outcome === false)).toHaveLength(30);
  expect(asked).toHaveLength(32);
});

test('a known token pays as its owner does, before it is looked up', async () => {
  const { asked, outcomes } = setUp();
  await outcomes(['good']);
  const burst = await outcomes(numbers(700).map(() => 'good'));
  expect(burst.filter((outcome) => outcome === 'too_many_requests').length).toBeGreaterThanOrEqual(100);
  expect(asked.length).toBeLessThanOrEqual(601);
});
