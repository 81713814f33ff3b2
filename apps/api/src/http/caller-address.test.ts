import { expect, test } from '@jest/globals';
import type { Request } from 'express';
import { callerAddress } from './caller-address.js';

const addressOf = (ip: string | undefined, remoteAddress: string | undefined = '10.0.0.7') =>
  callerAddress({ ip, socket: { remoteAddress } } as unknown as Request);

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:40001', '203.0.113.9'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:40001', '2001:db8::1'],
  ['::ffff:203.0.113.9', '::ffff:203.0.113.9'],
])('%s is the address %s', (text, address) => expect(addressOf(text)).toBe(address));

test.each(['', 'unknown', '_hidden:80', '203.0.113.900', '203.0.113.9:', `fe80::1%${'A'.repeat(5_000)}`])(
  'what is no address is not taken for one: the proxy itself is (%#)',
  (text) => expect(addressOf(text)).toBe('10.0.0.7'),
);

test('a connection that has gone has none', () => {
  expect(callerAddress({ ip: undefined, socket: {} } as unknown as Request)).toBeNull();
});
