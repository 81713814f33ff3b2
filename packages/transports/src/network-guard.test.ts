import { describe, expect, test } from '@jest/globals';
import { dial, isDialable, plainAddress, resolveHost } from './network-guard.js';
import { assertFails } from './test-support/assert-fails.js';

const limits = {
  networkAllow: [],
  timeoutMs: 1000,
  signal: new AbortController().signal,
  step: 'connect' as const,
};

describe('without an allow-list', () => {
  test.each([
    '127.0.0.1',
    '127.8.9.10',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '0:0:0:0:0:ffff:a00:1',
    '::127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
    '127.1',
    '2130706433',
    '0x7f.1',
  ])('%s is refused', (address) => {
    expect(isDialable(address, 21, [])).toBe(false);
  });

  test.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '192.0.1.1',
    '11.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('%s may be dialled', (address) => {
    expect(isDialable(address, 21, [])).toBe(true);
  });
});

describe('a row of the allow-list', () => {
  const row = { cidr: '10.20.0.0/16', fromPort: 990, toPort: 1000 };
  test('permits its addresses at its ports, in whatever form they are written', () => {
    expect(isDialable('10.20.3.4', 990, [row])).toBe(true);
    expect(isDialable('10.20.3.4', 1000, [row])).toBe(true);
    expect(isDialable('::ffff:10.20.3.4', 995, [row])).toBe(true);
  });
  test('permits no other port and no other address', () => {
    expect(isDialable('10.20.3.4', 989, [row])).toBe(false);
    expect(isDialable('10.20.3.4', 1001, [row])).toBe(false);
    expect(isDialable('10.21.3.4', 995, [row])).toBe(false);
    expect(isDialable('127.0.0.1', 995, [row])).toBe(false);
  });
  test('works for IPv6, and one that is no CIDR permits nothing', () => {
    expect(isDialable('::1', 21, [{ cidr: '::1/128', fromPort: 21, toPort: 21 }])).toBe(true);
    expect(isDialable('fd12::5', 21, [{ cidr: 'fd12::/16', fromPort: 1, toPort: 65535 }])).toBe(true);
    expect(isDialable('10.0.0.1', 21, [{ cidr: '10.0.0.1', fromPort: 1, toPort: 65535 }])).toBe(false);
    expect(isDialable('10.0.0.1', 21, [{ cidr: 'nonsense/8', fromPort: 1, toPort: 65535 }])).toBe(false);
  });
});

test('IPv4 in IPv6 is unwrapped', () => {
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainAddress('0:0:0:0:0:FFFF:C000:0201')).toBe('192.0.2.1');
  expect(plainAddress('2606:4700:0:0:0:0:0:1111')).toBe('2606:4700::1111');
  expect(plainAddress('8.8.8.8')).toBe('8.8.8.8');
});

test('a name that resolves to this machine is refused, and so is dialling it', async () => {
  const error = await assertFails(resolveHost('localhost', 21, limits), 'address_refused');
  expect(error.message).toContain('allow-list');
  await assertFails(dial('127.0.0.1', 21, limits), 'address_refused');
  await assertFails(dial('localhost', 21, limits), 'address_refused');
});

test('a name that does not exist is told as that', async () => {
  await assertFails(resolveHost('no-such-host.invalid', 21, limits), 'name_not_resolved');
});

test('a cancel ends resolving', async () => {
  await assertFails(
    resolveHost('example.invalid', 21, { ...limits, signal: AbortSignal.abort() }),
    'cancelled',
  );
});
