import { expect, test } from '@jest/globals';
import { networkAllowCreate } from './network.js';

const rangeOf = (cidr: string) => networkAllowCreate.safeParse({ cidr, fromPort: 21, toPort: 21 }).data?.cidr;

test('one address is taken as the range of that address alone', () => {
  expect(['10.20.1.5', ' fd00::5 ', '10.20.0.0/16', 'fd00::/8'].map(rangeOf)).toEqual([
    '10.20.1.5/32',
    'fd00::5/128',
    '10.20.0.0/16',
    'fd00::/8',
  ]);
});

test('what is neither an address nor a range is refused', () => {
  expect(['', '10.20.1', '10.20.1.5/33', 'ftps.example.com', '/32'].map(rangeOf)).toEqual(
    Array(5).fill(undefined),
  );
});
