import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readConfig } from './config.js';
import { dataFolderAt } from './data-folder.js';
import {
  apiEnvironment,
  commandEnvironment,
  practiceEnvironment,
  workerEnvironment,
} from './installation.js';

const SECRETS = {
  SMTP_URL: 'smtps://us:mail-secret@mail.example',
  MIGRATION_DATABASE_URL: 'postgres://owner:owner-secret@127.0.0.1/waybill',
  DATABASE_URL: 'postgres://app:database-secret@127.0.0.1/waybill',
  WORKER_DATABASE_URL: 'postgres://worker:worker-secret@127.0.0.1/waybill',
  SEALER_DATABASE_URL: 'postgres://sealer:sealer-secret@127.0.0.1/waybill',
  WAYBILL_VAULT_PRIVATE_KEY_FILE: '/elsewhere/private-key',
};
const path = mkdtempSync(join(tmpdir(), 'waybill-installation-'));
afterAll(() => rmSync(path, { recursive: true }));

test('each process is told its own secrets and no others, as we were given them', () => {
  const config = readConfig({ ...SECRETS, WAYBILL_MAIL_FROM: 'mft@us.example', LOG_LEVEL: 'debug' });
  const folder = dataFolderAt('/data');
  const api = apiEnvironment(config, folder);
  expect(api).toMatchObject({ LOG_LEVEL: 'debug', DATABASE_URL: SECRETS.DATABASE_URL });
  expect(JSON.stringify(api)).not.toMatch(/(mail|owner|worker|sealer)-secret|private-key/);

  const worker = workerEnvironment(config, folder);
  expect(worker).toMatchObject({
    SMTP_URL: SECRETS.SMTP_URL,
    WAYBILL_PUBLIC_URL: 'http://127.0.0.1:8470',
    DATABASE_URL: SECRETS.WORKER_DATABASE_URL,
    WAYBILL_VAULT_PRIVATE_KEY_FILE: '/data/secrets/vault/private-key',
  });
  expect(JSON.stringify(worker)).not.toMatch(/(database|owner|sealer)-secret/);

  const { SMTP_URL: _mail, WAYBILL_VAULT_PRIVATE_KEY_FILE: _key, ...addresses } = SECRETS;
  expect(commandEnvironment(config, folder)).toMatchObject(addresses);

  const practice = practiceEnvironment(config, folder, { explicit: 2121, implicit: 2990 });
  expect(JSON.stringify(practice)).not.toMatch(/secret|private-key/);
});

test('the address of a role that we made is told by our file, that of the owner as we were given it', () => {
  const folder = dataFolderAt(path);
  mkdirSync(folder.secrets);
  for (const role of ['app', 'worker', 'sealer']) writeFileSync(join(folder.secrets, `${role}.url`), 'ours');
  const ours = (role: string): string => join(folder.secrets, `${role}.url`);
  const config = readConfig({ DATABASE_URL: SECRETS.DATABASE_URL });
  const command = commandEnvironment(config, folder);
  expect(command).toMatchObject({
    DATABASE_URL_FILE: ours('app'),
    WORKER_DATABASE_URL_FILE: ours('worker'),
    SEALER_DATABASE_URL_FILE: ours('sealer'),
    MIGRATION_DATABASE_URL: SECRETS.DATABASE_URL,
  });
  expect(command.DATABASE_URL).toBeUndefined();
  expect(JSON.stringify(workerEnvironment(config, folder))).not.toMatch(
    /database-secret|app\.url|sealer\.url/,
  );
});
