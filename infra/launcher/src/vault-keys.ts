/** The key pair of the vault, as two files: the API is given the public one only, the worker the private one. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@waybill/db/client.js';
import { makeVaultKeyPair, vaultKeyId } from '@waybill/vault/keys.js';
import { LaunchError } from './config.js';
import type { DataFolder } from './data-folder.js';

export interface VaultKeyFiles {
  publicKeyFile: string;
  privateKeyFile: string;
}

export function vaultKeyFiles(folder: DataFolder): VaultKeyFiles {
  const vault = vaultFolder(folder);
  return { publicKeyFile: join(vault, 'public-key'), privateKeyFile: join(vault, 'private-key') };
}

function vaultFolder(folder: DataFolder): string {
  return join(folder.secrets, 'vault');
}

/** @throws LaunchError when one of the two files is gone: a new pair could not open what the old one sealed */
export async function keepVaultKeys(folder: DataFolder): Promise<VaultKeyFiles> {
  const vault = vaultFolder(folder);
  if (!existsSync(vault)) await makeKeys(vault);
  const files = vaultKeyFiles(folder);
  const missing = Object.values(files).find((path) => !existsSync(path));
  if (missing) {
    throw new LaunchError(`${missing} is gone. Restore it from a backup: stored passwords need both keys.`);
  }
  return files;
}

/**
 * What to say where the database was used with other keys: it was restored without them, or it is shared with an
 * installation on another machine.
 * @param databaseUrl of the role of the API
 */
export async function noteOnForeignSeals(databaseUrl: string, folder: DataFolder): Promise<string | null> {
  const publicKey = (await readFile(vaultKeyFiles(folder).publicKeyFile, 'utf8')).trim();
  const keyId = vaultKeyId(Buffer.from(publicKey, 'base64url'));
  const database = openDatabase(databaseUrl, { poolSize: 1, applicationName: 'waybill launcher' });
  try {
    const where = { vaultKeyId: { not: keyId } };
    const foreign =
      (await database.credentialSeal.count({ where })) + (await database.certificate.count({ where }));
    if (foreign === 0) return null;
    return (
      `${foreign === 1 ? '1 stored secret was' : `${foreign} stored secrets were`} sealed with other keys than those in ` +
      `${vaultFolder(folder)}, and cannot be opened here. Put the keys of the installation that sealed them in their place, or enter the passwords and import the private keys anew.`
    );
  } finally {
    await database.$disconnect();
  }
}

/** Both files appear at once or not at all. */
async function makeKeys(vault: string): Promise<void> {
  const pair = await makeVaultKeyPair();
  const made = `${vault}.new`;
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { mode: 0o700 });
  await writeFile(join(made, 'private-key'), `${pair.privateKey}\n`, { mode: 0o600, flush: true });
  await writeFile(join(made, 'public-key'), `${pair.publicKey}\n`, { mode: 0o600, flush: true });
  await rename(made, vault);
}
