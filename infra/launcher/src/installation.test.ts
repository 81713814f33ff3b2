import { expect, test } from '@jest/globals';
import { readConfig } from './config.js';
import { dataFolderAt } from './data-folder.js';
import { apiEnvironment, practiceEnvironment, workerEnvironment } from './installation.js';

const SECRETS = {
  SMTP_URL: 'smtps://us:mail-secret@mail.example',
  DATABASE_URL: 'postgres://app:database-secret@127.0.0.1/waybill',
  WORKER_DATABASE_URL: 'postgres://worker:worker-secret@127.0.0.1/waybill',
  WAYBILL_VAULT_PRIVATE_KEY_FILE: '/elsewhere/private-key',
};
const config = readConfig({ ...SECRETS, LOG_LEVEL: 'debug' });
const folder = dataFolderAt('/data');

test('each process is told its own secrets and no others', () => {
  const api = apiEnvironment(config, folder);
  expect(api).toMatchObject({ LOG_LEVEL: 'debug', DATABASE_URL_FILE: '/data/secrets/app.url' });
  expect(JSON.stringify(api)).not.toMatch(/secret@|private-key|worker\.url|owner\.url/);

  const worker = workerEnvironment(config, folder);
  expect(worker).toMatchObject({
    SMTP_URL: SECRETS.SMTP_URL,
    DATABASE_URL_FILE: '/data/secrets/worker.url',
    WAYBILL_VAULT_PRIVATE_KEY_FILE: '/data/secrets/vault/private-key',
  });
  expect(JSON.stringify(worker)).not.toMatch(/database-secret|worker-secret|app\.url|owner\.url|sealer\.url/);

  const practice = practiceEnvironment(config, folder, { explicit: 2121, implicit: 2990 });
  expect(JSON.stringify(practice)).not.toMatch(/secret|private-key/);
});
