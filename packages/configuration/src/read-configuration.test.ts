import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ConfigFault, readConfiguration } from './read-configuration.js';
import { localRoots, logLevel, postgresUrl } from './variables.js';

const folder = mkdtempSync(join(tmpdir(), 'waybill-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.object({
  DATABASE_URL: postgresUrl,
  WAYBILL_LOCAL_ROOTS: localRoots.default([]),
  LOG_LEVEL: logLevel,
});
const DATABASE_URL = 'postgres://app:hunter2@127.0.0.1/waybill';

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfiguration(schema, env);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
}

test('all faults are told at once, in words, without a secret', () => {
  expect(
    faultsOf({ DATABASE_URL: 'mysql://app:hunter2@db/x', LOG_LEVEL: 'loud', WAYBILL_LOCAL_ROOTS: 'a=/b,c' }),
  ).toEqual([
    'DATABASE_URL: must be a postgres:// address',
    'WAYBILL_LOCAL_ROOTS: "c" is not name=/absolute/path',
    'LOG_LEVEL: must be fatal or error or warn or info or debug or silent',
  ]);
  expect(faultsOf({ DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:5432' })).toEqual([
    'DATABASE_URL: names no database; it looks like postgres://user:password@host:5432/database',
  ]);
  expect(faultsOf({})).toEqual(['DATABASE_URL: is not set']);
});

test('a secret may come as a file, anything else may not', () => {
  const file = join(folder, 'url');
  writeFileSync(file, `${DATABASE_URL}\n`);
  expect(readConfiguration(schema, { DATABASE_URL_FILE: file, LOG_LEVEL_FILE: file })).toMatchObject({
    DATABASE_URL,
    LOG_LEVEL: 'info',
  });
  expect(faultsOf({ DATABASE_URL, DATABASE_URL_FILE: file })).toEqual([
    'DATABASE_URL and DATABASE_URL_FILE are both set; leave one out',
  ]);
});

test('a file that cannot be read is told once', () => {
  const faults = faultsOf({ DATABASE_URL_FILE: join(folder, 'none') });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(/^DATABASE_URL_FILE: ENOENT/);
});

test('the check of certificates cannot be switched off for a whole process', () => {
  expect(faultsOf({ DATABASE_URL, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
    expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: .*unset it/),
  ]);
  for (const harmless of ['1', ''])
    expect(faultsOf({ DATABASE_URL, NODE_TLS_REJECT_UNAUTHORIZED: harmless })).toEqual([]);
});

test('an empty variable is one that is not set', () => {
  expect(readConfiguration(schema, { DATABASE_URL, LOG_LEVEL: '' }).LOG_LEVEL).toBe('info');
  expect(faultsOf({ DATABASE_URL: '' })).toEqual(['DATABASE_URL: is not set']);
});
