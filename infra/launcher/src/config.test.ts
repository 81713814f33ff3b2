import { expect, test } from '@jest/globals';
import { readConfig } from './config.js';

test('without anything set it is the usual port, an embedded database and no proxy', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8470,
    publicUrl: null,
    databaseUrl: null,
    redisUrl: null,
    isProduction: false,
  });
});

test('all faults are told at once, each with its variable', () => {
  const faulty = {
    WAYBILL_PORT: '84700',
    DATABASE_URL: 'mysql://here/there',
    REDIS_URL: 'localhost:6379',
    WAYBILL_PRACTICE_EXPLICIT_PORT: 'ftp',
    LOG_LEVEL: 'loud',
    // Of the API and of the worker.
    WAYBILL_TRUSTED_PROXIES: 'everybody',
    SMTP_URL: 'mail.example',
    WAYBILL_CONCURRENCY: 'x',
  };
  const faults = Object.keys(faulty).map((name) => expect.stringMatching(new RegExp(`^${name}: `)));
  expect(() => readConfig(faulty)).toThrow(
    expect.objectContaining({ faults: expect.arrayContaining(faults) as unknown }),
  );
  expect(() => readConfig({ SMTP_URL: 'smtp://127.0.0.1' })).toThrow(/WAYBILL_MAIL_FROM: is not set/);
});

test('roles of a database without the database are a fault', () => {
  expect(() => readConfig({ WORKER_DATABASE_URL: 'postgres://w@127.0.0.1/x' })).toThrow(
    /DATABASE_URL: is not set/,
  );
});

test('one port for two things is a fault', () => {
  expect(() => readConfig({ WAYBILL_PRACTICE_EXPLICIT_PORT: '8470' })).toThrow(
    'WAYBILL_PRACTICE_EXPLICIT_PORT: is 8470, as WAYBILL_PORT is; choose another',
  );
  expect(() =>
    readConfig({ WAYBILL_PRACTICE_EXPLICIT_PORT: '2200', WAYBILL_PRACTICE_IMPLICIT_PORT: '2200' }),
  ).toThrow(/WAYBILL_PRACTICE_IMPLICIT_PORT: is 2200/);
});

test('a secret that comes as a file that is not there is a fault', () => {
  expect(() => readConfig({ DATABASE_URL_FILE: '/nowhere/at/all' })).toThrow(/DATABASE_URL_FILE: ENOENT/);
});

test('a data folder that could not be written in the list of local roots is a fault', () => {
  expect(() => readConfig({ WAYBILL_DATA: '/srv/a,b' })).toThrow(/WAYBILL_DATA: .*comma/);
  expect(readConfig({ WAYBILL_DATA: '/srv/a,b', WAYBILL_LOCAL_ROOTS: 'files=/srv' }).dataFolder).toBe(
    '/srv/a,b',
  );
});
