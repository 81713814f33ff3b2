import { expect, test } from '@jest/globals';
import type { Response } from 'express';
import { makeRateLimits } from './rate-limits.js';

const response = { setHeader: () => undefined } as unknown as Response;

/** How many tries to sign in pass, of one each from these addresses. */
async function passed(addresses: string[]): Promise<number> {
  const limits = makeRateLimits();
  const tries = await Promise.allSettled(addresses.map((address) => limits.signIn(address, response)));
  return tries.filter(({ status }) => status === 'fulfilled').length;
}

const numbers = Array.from({ length: 16 }, (_, index) => index.toString(16));

test('all addresses of one IPv6 network count as one, however they are written', async () => {
  expect(await passed(numbers.map((number) => `2001:db8:0:7::${number}`))).toBe(10);
  expect(await passed(numbers.map((number) => `2001:db8:0:7:${number}00:0:0:1`))).toBe(10);
  expect(await passed(numbers.map((number) => `fe80::${number}:1%eth0`))).toBe(10);
});

test('other networks and IPv4 addresses count by themselves', async () => {
  expect(await passed(numbers.map((number) => `2001:db8:0:${number}::1`))).toBe(16);
  expect(await passed(numbers.map((number) => `::ffff:192.0.2.${parseInt(number, 16)}`))).toBe(16);
  expect(await passed(numbers.map((number) => `192.0.2.${parseInt(number, 16)}`))).toBe(16);
  expect(await passed(numbers.map(() => '192.0.2.1'))).toBe(10);
});
