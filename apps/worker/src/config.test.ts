import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigFault } from '@waybill/configuration/read-configuration.js';
import { readConfig } from './config.js';

const least = {
  DATABASE_URL: 'postgres://worker@localhost/waybill',
  WAYBILL_VAULT_PRIVATE_KEY: 'A'.repeat(43),
};

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration of the worker', () => {
  test('needs a database and a key, and has an answer for all else', () => {
    expect(readConfig(least)).toMatchObject({
      redisUrl: null,
      mail: null,
      concurrency: 4,
      sessionsPerTransfer: 4,
      leaseMs: 30_000,
      crashAt: null,
    });
    expect(readConfig({ ...least, REDIS_URL: '' }).redisUrl).toBeNull();
  });

  test('tells every fault at once', () => {
    const faults = faultsOf({
      REDIS_URL: 'http://localhost',
      WAYBILL_LOCAL_ROOTS: 'files=/srv/files,broken',
      SMTP_URL: 'smtp://localhost',
      WAYBILL_MAIL_TO: 'ops@example.com,nobody',
    });
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'REDIS_URL',
      'WAYBILL_LOCAL_ROOTS',
      'WAYBILL_MAIL_TO',
      'WAYBILL_VAULT_PRIVATE_KEY',
    ]);
    expect(faultsOf({ ...least, SMTP_URL: 'smtp://localhost' })).toEqual([
      'WAYBILL_MAIL_FROM: is not set, and SMTP_URL is; mail needs a sender',
    ]);
  });

  test('takes secrets from files, never from both, and no secret shows in a fault', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-config-'));
    const file = join(folder, 'key');
    writeFileSync(file, `${'B'.repeat(43)}\n`);
    const { WAYBILL_VAULT_PRIVATE_KEY: _key, ...rest } = least;
    expect(readConfig({ ...rest, WAYBILL_VAULT_PRIVATE_KEY_FILE: file }).vaultPrivateKey).toBe(
      'B'.repeat(43),
    );
    expect(faultsOf({ ...least, WAYBILL_VAULT_PRIVATE_KEY_FILE: file })).toEqual([
      'WAYBILL_VAULT_PRIVATE_KEY and WAYBILL_VAULT_PRIVATE_KEY_FILE are both set; leave one out',
    ]);
    expect(faultsOf({ ...rest, WAYBILL_VAULT_PRIVATE_KEY_FILE: join(folder, 'none') })[0]).toContain(
      'ENOENT',
    );
    expect(faultsOf({ ...rest, WAYBILL_VAULT_PRIVATE_KEY: 'hunter2' }).join()).not.toContain('hunter2');
    rmSync(folder, { recursive: true });
  });

  test('lets only tests kill the worker on purpose', () => {
    expect(faultsOf({ ...least, WAYBILL_CRASH_AT: 'verified' })).toEqual([
      'WAYBILL_CRASH_AT: is for tests; leave it out',
    ]);
    expect(faultsOf({ ...least, WAYBILL_CRASH_AT: 'verified', NODE_ENV: 'production' })).toHaveLength(1);
    expect(readConfig({ ...least, WAYBILL_CRASH_AT: 'verified', NODE_ENV: 'test' }).crashAt).toBe('verified');
  });
});
