import { expect, test } from '@jest/globals';
import { faultsOf } from './endpoint-faults.js';
import { DEFAULT_FTPS_SETTINGS, type FtpsSettingsInput } from './ftps-settings.js';

const PROXY = { kind: 'socks5', host: 'proxy.example', port: 1080, resolvesNames: false } as const;

const faults = (settings: FtpsSettingsInput, tlsMinVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.2') =>
  faultsOf({
    protocol: 'ftps_explicit',
    tlsMinVersion,
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
  expect(faults({ tlsMaxVersion: 'TLSv1.2' }, 'TLSv1.3')).toEqual(['settings.tlsMaxVersion']);
  expect(faults({ tlsMaxVersion: 'TLSv1.2' }, 'TLSv1.2')).toEqual([]);
  expect(faults({}, 'TLSv1.3')).toEqual([]);
});

test('all faults are told at once', () => {
  expect(faults({ activePortFrom: 1, temporaryName: 'folder' })).toHaveLength(2);
});
