/** Whether the vault's two keys belong together and can open what is stored. */
import { openDatabase } from '@waybill/db/client.js';
import { type SecretBinding } from '@waybill/vault/binding.js';
import { vaultKeyId } from '@waybill/vault/keys.js';
import { openWith } from '@waybill/vault/open.js';
import { sealWith } from '@waybill/vault/seal.js';
import { Secret } from '@waybill/vault/secret.js';
import type { CliConfig } from '../config.js';
import { type Finding, fail, messageOf, ok, warn } from './finding.js';

const TRIAL: SecretBinding = {
  credentialId: 'doctor',
  host: 'doctor',
  serverName: null,
  trustMode: 'doctor',
  trustAnchors: [],
};
const RESTORE =
  'Restore the key files of this installation from the backup; without them every password and private key must be entered anew.';

export async function checkKeys(config: CliConfig): Promise<Finding[]> {
  // An installation of `npm start` has both.
  const isWhole = config.vaultPublicKey !== null && config.vaultPrivateKey !== null;
  if (!isWhole && config.dataFolder !== null)
    return [fail('vault', `a key is gone from secrets/vault in ${config.dataFolder}`, RESTORE)];
  if (config.vaultPublicKey === null)
    return [fail('vault', 'there is no public key', 'Set WAYBILL_VAULT_PUBLIC_KEY_FILE.')];
  if (config.vaultPrivateKey === null)
    return [
      warn(
        'vault',
        'the private key is not here, so opening was not tried',
        'Run the doctor where the worker runs.',
      ),
    ];
  try {
    const { sealed } = await (await sealWith(config.vaultPublicKey))(new Secret('trial'), TRIAL);
    const opened = await (await openWith(config.vaultPrivateKey))(sealed, TRIAL);
    if (opened.reveal() !== 'trial') return [fail('vault', 'what was sealed came back different', RESTORE)];
  } catch (error) {
    return [fail('vault', `the two keys do not belong together: ${messageOf(error)}`, RESTORE)];
  }
  return [
    ok('vault', 'what the public key seals, the private key opens'),
    await checkStoredSeals(config, vaultKeyId(Buffer.from(config.vaultPublicKey, 'base64url'))),
  ];
}

async function checkStoredSeals(config: CliConfig, keyId: string): Promise<Finding> {
  const database = openDatabase(config.databaseUrl, { poolSize: 1, applicationName: 'waybill doctor' });
  try {
    const foreign = { where: { vaultKeyId: { not: keyId } } };
    const isOurs = { where: { sealedKey: { not: null } } };
    const [passwords, otherPasswords, keys, otherKeys] = await Promise.all([
      database.credentialSeal.count(),
      database.credentialSeal.count(foreign),
      database.certificate.count(isOurs),
      database.certificate.count({ where: { ...isOurs.where, ...foreign.where } }),
    ]);
    const [all, others] = [passwords + keys, otherPasswords + otherKeys];
    return others === 0
      ? ok('stored secrets', `all ${all} are sealed with this key`)
      : fail('stored secrets', `${others} of ${all} are sealed with another key`, RESTORE);
  } catch (error) {
    return fail('stored secrets', messageOf(error), 'Mend the database first.');
  } finally {
    await database.$disconnect();
  }
}
