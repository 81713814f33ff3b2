import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cutLogFile, openLogFile } from './log-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-log-'));
  path = join(folder, 'api.log');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (lines: string[], maxSizeBytes?: number): void => {
  const log = openLogFile(path, { maxSizeBytes });
  for (const line of lines) log.write(Buffer.from(line));
  log.close();
};

test('goes on at the end of what is there, readable for us alone', async () => {
  write(['one\n']);
  write(['two\n']);
  expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('is cut before it grows over its size, the older parts numbered upwards', async () => {
  write(['aaaa\n', 'bbbb\n', 'cccc\n'], 10);
  write(['dddd\n', 'eeee\n'], 10);
  expect(await readFile(path, 'utf8')).toBe('eeee\n');
  expect(await readFile(join(folder, 'api.1.log'), 'utf8')).toBe('cccc\ndddd\n');
  expect(await readFile(join(folder, 'api.2.log'), 'utf8')).toBe('aaaa\nbbbb\n');
});

test('keeps five older parts and lets the oldest go', async () => {
  write(
    Array.from({ length: 9 }, (_, index) => `line ${index}\n`),
    1,
  );
  expect((await readdir(folder)).toSorted()).toEqual([
    'api.1.log',
    'api.2.log',
    'api.3.log',
    'api.4.log',
    'api.5.log',
    'api.log',
  ]);
  expect(await readFile(join(folder, 'api.5.log'), 'utf8')).toBe('line 3\n');
});

test('on a full disk it goes on, loses what it cannot write and says so once', async () => {
  await symlink('/dev/full', path);
  const faults: string[] = [];
  const log = openLogFile(path, { onFault: (error) => faults.push(error.message) });
  for (const line of ['one\n', 'two\n']) log.write(Buffer.from(line));
  log.close();
  expect(faults).toEqual(['ENOSPC: no space left on device, write']);
});

test('one that another program writes is cut between two of its runs', async () => {
  cutLogFile(path, 10);
  write(['short\n']);
  cutLogFile(path, 10);
  write(['and long\n']);
  cutLogFile(path, 10);
  expect(await readdir(folder)).toEqual(['api.1.log']);
});
