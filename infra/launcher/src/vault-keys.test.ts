import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dataFolderAt, type DataFolder } from './data-folder.js';
import { keepVaultKeys } from './vault-keys.js';

let folder: DataFolder;
beforeEach(async () => {
  folder = dataFolderAt(await mkdtemp(join(tmpdir(), 'waybill-keys-')));
  await mkdir(folder.secrets);
});
afterEach(() => rm(folder.path, { recursive: true }));

test('the keys of the vault are made once and stay the same, readable for us alone', async () => {
  const files = await keepVaultKeys(folder);
  const publicKey = await readFile(files.publicKeyFile, 'utf8');
  expect(publicKey).toMatch(/^[\w-]{43}\n$/);
  expect((await stat(files.privateKeyFile)).mode & 0o777).toBe(0o600);
  await keepVaultKeys(folder);
  expect(await readFile(files.publicKeyFile, 'utf8')).toBe(publicKey);
});

test('a key that is gone is never replaced by another, because that could open nothing', async () => {
  const files = await keepVaultKeys(folder);
  await rm(files.privateKeyFile);
  await expect(keepVaultKeys(folder)).rejects.toThrow(/private-key is gone. Restore it from a backup/);
});

test('keys that a crash left half made are made anew', async () => {
  await mkdir(join(folder.secrets, 'vault.new'));
  const files = await keepVaultKeys(folder);
  expect(await readFile(files.privateKeyFile, 'utf8')).toMatch(/^[\w-]{43}\n$/);
});
