import { expect, test } from '@jest/globals';
import { ConfigFault } from '@waybill/configuration/read-configuration.js';
import { readConfig } from './config.js';

const KEY = 'k'.repeat(43);
const good = { DATABASE_URL: 'postgres://app:secret@127.0.0.1:5432/waybill', WAYBILL_VAULT_PUBLIC_KEY: KEY };

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
}

test('what is needed is little; the rest has defaults that keep to this machine', () => {
  expect(readConfig(good)).toMatchObject({
    host: '127.0.0.1',
    port: 8470,
    publicUrl: null,
    isSecure: false,
    redisUrl: null,
    localRoots: [],
    trustedProxies: [],
    logLevel: 'info',
  });
});

test('every fault is told at once, by the name of its variable and without its value', () => {
  const faults = faultsOf({
    DATABASE_URL: 'mysql://app:hunter2@db/x',
    WAYBILL_PORT: '70000',
    WAYBILL_PUBLIC_URL: 'mft.example.com',
    WAYBILL_LOCAL_ROOTS: 'files=relative',
    WAYBILL_TRUSTED_PROXIES: 'proxy',
    LOG_LEVEL: 'loud',
  });
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'DATABASE_URL',
    'WAYBILL_PORT',
    'WAYBILL_PUBLIC_URL',
    'WAYBILL_TRUSTED_PROXIES',
    'WAYBILL_VAULT_PUBLIC_KEY',
    'WAYBILL_LOCAL_ROOTS',
    'LOG_LEVEL',
  ]);
  expect(faults.join()).not.toContain('hunter2');
});

test('an https address makes cookies secure; local roots and proxies are lists', () => {
  const config = readConfig({
    ...good,
    WAYBILL_PUBLIC_URL: 'https://mft.example.com',
    WAYBILL_LOCAL_ROOTS: 'files=/srv/files, archive=/srv/a=b',
    WAYBILL_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
  });
  expect(config).toMatchObject({
    isSecure: true,
    localRoots: [
      { name: 'files', path: '/srv/files' },
      { name: 'archive', path: '/srv/a=b' },
    ],
    trustedProxies: ['10.0.0.0/8', '::1'],
  });
});
