import { expect, test } from '@jest/globals';
import { faultsOf, type ServerFields } from './endpoint-faults.js';
import { DEFAULT_FTPS_SETTINGS, type FtpsSettingsInput } from './ftps-settings.js';

const PROXY = { kind: 'socks5', host: 'proxy.example', port: 1080, resolvesNames: false } as const;

const faults = (
  settings: FtpsSettingsInput,
  beside: Partial<Omit<ServerFields, 'settings'>> = {},
): string[] =>
  faultsOf({
    protocol: 'ftps_explicit',
    host: 'ftps.example.com',
    tlsMinVersion: 'TLSv1.2',
    ...beside,
    settings: { ...DEFAULT_FTPS_SETTINGS, ...settings },
  }).map(({ path }) => path);

test('the defaults contradict nothing', () => {
  expect(faults({})).toEqual([]);
});

test.each<[string, FtpsSettingsInput, string[]]>([
  ['a first port without a last', { activePortFrom: 40_000 }, ['settings.activePortTo']],
  ['a last port without a first', { activePortTo: 40_000 }, ['settings.activePortFrom']],
  ['a range that runs backwards', { activePortFrom: 2000, activePortTo: 1999 }, ['settings.activePortTo']],
  ['one port', { activePortFrom: 2000, activePortTo: 2000 }, []],
  ['a folder that is not named', { temporaryName: 'folder' }, ['settings.temporaryFolder']],
  ['a folder that is named', { temporaryName: 'folder', temporaryFolder: '/tmp' }, []],
  ['active mode through a proxy', { dataMode: 'active', proxy: PROXY }, ['settings.dataMode']],
  ['passive mode through a proxy', { dataMode: 'pasv', proxy: PROXY }, []],
  [
    'one kind of address, and a proxy that looks up names',
    { ipFamily: 'ipv6', proxy: { ...PROXY, resolvesNames: true } },
    ['settings.ipFamily'],
  ],
  ['one kind of address, and names that are looked up here', { ipFamily: 'ipv6', proxy: PROXY }, []],
  ['ascii and a hash', { transferType: 'ascii', verification: 'server_hash' }, ['settings.verification']],
  ['ascii and reading back', { transferType: 'ascii', verification: 'read_back' }, ['settings.verification']],
  ['ascii and the size', { transferType: 'ascii', verification: 'size' }, ['settings.verification']],
  ['ascii and what there is', { transferType: 'ascii', verification: 'best' }, []],
  ['ascii and nothing', { transferType: 'ascii', verification: 'none' }, []],
])('%s', (_, settings, expected) => {
  expect(faults(settings)).toEqual(expected);
});

test('the newest TLS is not below the oldest', () => {
  expect(faults({ tlsMaxVersion: 'TLSv1.2' }, { tlsMinVersion: 'TLSv1.3' })).toEqual([
    'settings.tlsMaxVersion',
  ]);
  expect(faults({ tlsMaxVersion: 'TLSv1.2' }, { tlsMinVersion: 'TLSv1.2' })).toEqual([]);
  expect(faults({}, { tlsMinVersion: 'TLSv1.3' })).toEqual([]);
});

test.each<[string, FtpsSettingsInput['ipFamily'], string[]]>([
  ['::1', 'ipv4', ['settings.ipFamily']],
  ['2a00:db8::7', 'ipv4', ['settings.ipFamily']],
  ['198.51.100.7', 'ipv6', ['settings.ipFamily']],
  ['::ffff:198.51.100.7', 'ipv6', ['settings.ipFamily']],
  ['::ffff:c633:6407', 'ipv4', []],
  ['::ffff:198.51.100.7', 'ipv4', []],
  ['2a00:db8::7', 'ipv6', []],
  ['198.51.100.7', 'ipv4', []],
  ['198.51.100.7', 'any', []],
  ['ftps.example.com', 'ipv6', []],
  ['12.example', 'ipv6', []],
])('the address %s as host, and %s', (host, ipFamily, expected) => {
  expect(faults({ ipFamily }, { host })).toEqual(expected);
});

test('AUTH is for explicit FTPS alone', () => {
  for (const protocol of ['ftps_implicit', 'ftps_implicit_zos', 'ftp'] as const)
    expect(faults({ authCommand: 'SSL' }, { protocol })).toEqual(['settings.authCommand']);
  expect(faults({ authCommand: 'SSL' })).toEqual([]);
  expect(faults({}, { protocol: 'ftps_implicit' })).toEqual([]);
});

test('all faults are told at once', () => {
  expect(faults({ activePortFrom: 1, temporaryName: 'folder' })).toHaveLength(2);
});
