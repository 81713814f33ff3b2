import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('a secret may come as a file; both at once and a file that is not there are faults', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'waybill-config-')), 'url');
  writeFileSync(path, `${good.DATABASE_URL}\n`);
  const env = { DATABASE_URL_FILE: path, WAYBILL_VAULT_PUBLIC_KEY: KEY };
  expect(readConfig(env).databaseUrl).toBe(good.DATABASE_URL);
  expect(faultsOf({ ...env, ...good })).toEqual([
    'DATABASE_URL and DATABASE_URL_FILE are both set; leave one out',
  ]);
  expect(faultsOf({ ...env, DATABASE_URL_FILE: `${path}.gone` })[0]).toMatch(/^DATABASE_URL_FILE: ENOENT/);
});

test('an empty variable is one that is not set', () => {
  expect(readConfig({ ...good, REDIS_URL: '', WAYBILL_PORT: '' })).toMatchObject({
    redisUrl: null,
    port: 8470,
  });
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
