import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '@waybill/domain/new-id.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { vaultKeyId } from '@waybill/vault/keys.js';
import { dataFolderAt, type DataFolder } from './data-folder.js';
import { keepVaultKeys, noteOnForeignSeals } from './vault-keys.js';

let database: TestDatabase;
let folder: DataFolder;
beforeAll(async () => {
  database = await testDatabase();
  folder = dataFolderAt(await mkdtemp(join(tmpdir(), 'waybill-keys-')));
  await mkdir(folder.secrets);
});
afterAll(async () => {
  await database.close();
  await rm(folder.path, { recursive: true });
});

async function storePassword(name: string, keyId: string): Promise<void> {
  const seal = { bindingHash: Buffer.from(name), binding: {}, sealed: Buffer.from('x'), vaultKeyId: keyId };
  await database.app.credential.create({
    data: {
      id: newId(),
      name,
      username: name,
      rotatedAt: new Date(),
      seals: { create: { id: newId(), ...seal } },
    },
  });
}

test('a database whose passwords were sealed with the keys of another data folder is told', async () => {
  const { publicKeyFile } = await keepVaultKeys(folder);
  const own = vaultKeyId(Buffer.from((await readFile(publicKeyFile, 'utf8')).trim(), 'base64url'));
  await storePassword('ours', own);
  expect(await noteOnForeignSeals(database.appUrl, folder)).toBeNull();
  await storePassword('theirs', 'another');
  expect(await noteOnForeignSeals(database.appUrl, folder)).toMatch(
    /^1 stored secret was sealed with other keys/,
  );
});
