import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keepSecret, openDataFolder, runningLauncher, type LockedDataFolder } from './data-folder.js';

let parent: string;
let path: string;
const opened: LockedDataFolder[] = [];
const open = async (): Promise<LockedDataFolder> => {
  const folder = await openDataFolder(path);
  opened.push(folder);
  return folder;
};
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'waybill-data-'));
  path = join(parent, 'data');
});
afterEach(async () => {
  for (const folder of opened.splice(0)) folder.release();
  await rm(parent, { recursive: true });
});

test('is made at the first start, with a format version and folders that only we may enter', async () => {
  const folder = await open();
  expect(await readFile(join(path, 'format-version'), 'utf8')).toBe('1\n');
  expect((await stat(folder.secrets)).mode & 0o777).toBe(0o700);
  expect((await stat(folder.logs)).mode & 0o777).toBe(0o700);
});

test('is refused to a second launcher until the first has released it', async () => {
  const folder = await open();
  await expect(open()).rejects.toThrow(`running already on the data folder ${path} (process ${process.pid})`);
  expect(await runningLauncher(path)).toBe(process.pid);
  folder.release();
  expect(await runningLauncher(path)).toBeNull();
  await open();
});

test('of a newer version is refused with what to do, and is not kept locked', async () => {
  (await open()).release();
  await writeFile(join(path, 'format-version'), '2\n');
  await expect(open()).rejects.toThrow(
    /newer version of Waybill \(format 2, this version knows 1\).*WAYBILL_DATA/,
  );
  expect(await runningLauncher(path)).toBeNull();
});

test('with a format version that is no number is refused', async () => {
  (await open()).release();
  await writeFile(join(path, 'format-version'), 'one');
  await expect(open()).rejects.toThrow('should hold a number, but holds "one"');
});

test('that cannot be made is told with the variable that chooses another', async () => {
  await writeFile(path, 'a file in the way');
  await expect(open()).rejects.toThrow(/cannot be used.*Choose another one with WAYBILL_DATA/);
});

test('keeps a secret from its first use on, readable for us alone', async () => {
  const folder = await open();
  const made = await keepSecret(folder, 'password');
  expect(made).toMatch(/^[\w-]{32}$/);
  expect(await keepSecret(folder, 'password')).toBe(made);
  expect(await keepSecret(folder, 'other')).not.toBe(made);
  expect((await stat(join(folder.secrets, 'password'))).mode & 0o777).toBe(0o600);
});
