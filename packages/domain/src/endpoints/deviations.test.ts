import { expect, test } from '@jest/globals';
import type { EndpointProtocol } from '@waybill/contracts/endpoints.js';
import { deviationsOf, standingOf } from './deviations.js';

const endpoint = (settings: object = {}, protocol: EndpointProtocol = 'ftps_explicit') => ({
  protocol,
  settings,
  host: 'ftp.bank.example',
});
const exception = (deviations: string[], change: { host?: string; endsAt?: Date; id?: string } = {}) => ({
  id: 'e1',
  host: 'ftp.bank.example',
  endsAt: new Date('2027-01-01'),
  ...change,
  deviations,
});

test.each<[string, ReturnType<typeof endpoint>, string[]]>([
  ['an encrypted server that compares', endpoint(), []],
  [
    'plain FTP, whose data are in the clear anyway',
    endpoint({ dataProtection: 'clear' }, 'ftp'),
    ['plain_ftp'],
  ],
  ['files in the clear', endpoint({ dataProtection: 'clear' }), ['clear_data']],
  ['nothing compared', endpoint({ verification: 'none' }), ['no_verification']],
  [
    'line ends changed, so that nothing can be compared',
    endpoint({ transferType: 'ascii' }),
    ['no_verification'],
  ],
  ['two at once', endpoint({ verification: 'none' }, 'ftp'), ['plain_ftp', 'no_verification']],
  ['a folder of ours', endpoint({}, 'local_folder'), []],
])('%s', (_, one, expected) => {
  expect(deviationsOf(one)).toEqual(expected);
});

test('a deviation is covered by an exception for it and for this host, the one that lasts longest', () => {
  const deviating = endpoint({ verification: 'none' }, 'ftp');
  const exceptions = [
    exception(['plain_ftp']),
    exception(['plain_ftp', 'clear_data'], { id: 'e2', endsAt: new Date('2027-06-01') }),
    exception(['plain_ftp', 'no_verification'], {
      id: 'e3',
      host: 'other.example',
      endsAt: new Date('2028-01-01'),
    }),
  ];
  expect(standingOf({ ...deviating, exceptions })).toEqual([
    { kind: 'plain_ftp', coveredBy: 'e2', coveredUntil: '2027-06-01T00:00:00.000Z' },
    { kind: 'no_verification', coveredBy: null, coveredUntil: null },
  ]);
});
