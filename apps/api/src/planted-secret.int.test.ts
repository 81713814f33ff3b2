/** A guard: a secret put in (password, private key, passphrase) never appears in any response, log, job or audit row, nor in any column. */
import { createPrivateKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getTestPki } from '@waybill/testing/pki.js';
import { openWith } from '@waybill/vault/open.js';
import pg from 'pg';
import { type TestApi, testApi } from './testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

test('a secret put in never appears in any response, log, job or audit row', async () => {
  const key = await api.keyOf('administrator');
  const planted: string[] = [];
  const plant = (): string => {
    const secret = `plant-${randomBytes(9).toString('hex')}`;
    planted.push(secret);
    return secret;
  };
  const answers: string[] = [];
  const call = async (operation: string, body?: unknown, expected?: number) => {
    const answer = await api.call(operation, { key, body });
    answers.push(answer.text, JSON.stringify([...answer.headers]));
    if (expected !== undefined && answer.status !== expected)
      throw new Error(`${operation} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const trust = { mode: 'system_cas' };
  const server = { protocol: 'ftps_explicit', host: 'ftp.bank.example', trust, username: 'wb' };

  // Every way in, taken and refused.
  const credential = await call(
    'POST /api/v1/credentials',
    { name: 'C', username: 'wb', password: plant(), sealFor: { host: 'ftp.bank.example', trust } },
    201,
  );
  await call(
    'POST /api/v1/credentials',
    { name: 'C', username: 'wb', password: plant(), sealFor: { host: 'x', trust } },
    409,
  );
  await call('POST /api/v1/credentials', { name: 'bad', password: plant(), sealFor: {} }, 400);
  await call('POST /api/v1/credentials', `{"password":"${plant()}"`, 400);
  await call(`PATCH /api/v1/credentials/${credential.id}`, { password: plant() }, 200);
  await call(`PATCH /api/v1/credentials/${credential.id}`, { password: `${plant()}\r\nDELE x` }, 400);
  const own = await call('POST /api/v1/endpoints', { ...server, name: 'Own', password: plant() }, 201);
  await call('POST /api/v1/endpoints', { ...server, name: 'Own', password: plant() }, 409);
  await call('POST /api/v1/endpoints', { ...server, name: 'Wrong', port: 0, password: plant() }, 400);
  await call(
    'POST /api/v1/endpoints',
    { name: 'F', protocol: 'local_folder', rootName: 'files', password: plant() },
    400,
  );
  const { username: _none, ...withoutUser } = server;
  const shared = await call(
    'POST /api/v1/endpoints',
    {
      ...withoutUser,
      name: 'Shared',
      host: 'ftp2.bank.example',
      credentialId: credential.id,
      password: plant(),
    },
    201,
  );
  await call(`PATCH /api/v1/endpoints/${own.id}`, { password: plant() }, 200);
  await call(`PATCH /api/v1/endpoints/${own.id}`, { host: 'ftp3.bank.example', password: plant() }, 200);
  const passwordOfOwn = plant();
  await call(`PATCH /api/v1/endpoints/${own.id}`, { username: 'wb3', password: passwordOfOwn }, 200);
  await call(`PATCH /api/v1/endpoints/${shared.id}`, { rootName: 'files', password: plant() }, 400);
  const proxy = { kind: 'socks5', host: 'proxy.ours.example', port: 1080, resolvesNames: false };
  await call(`PATCH /api/v1/endpoints/${shared.id}`, { proxyUsername: 'px', proxyPassword: plant() }, 400);
  await call(
    `PATCH /api/v1/endpoints/${shared.id}`,
    { settings: { proxy }, proxyUsername: 'px', proxyPassword: plant() },
    200,
  );
  await call(`PATCH /api/v1/endpoints/${shared.id}`, { proxyPassword: plant() }, 200);

  // A private key, the passphrase of one, and both where they are refused.
  const { certificatePem: pem, keyPem } = await (await getTestPki()).client();
  const passphrase = plant();
  const privateKeyPem = createPrivateKey(keyPem)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
    .toString();
  planted.push(...linesOf(keyPem), ...linesOf(privateKeyPem));
  const ours = { name: 'Ours', kind: 'client', pem };
  await call('POST /api/v1/certificates', { ...ours, privateKeyPem, passphrase: plant() }, 400);
  await call('POST /api/v1/certificates', { ...ours, pem: pem + keyPem, privateKeyPem }, 400);
  await call('POST /api/v1/certificates', { ...ours, kind: 'ca', privateKeyPem, passphrase }, 400);
  await call('POST /api/v1/certificates', { ...ours, pem: keyPem, privateKeyPem: pem }, 400);
  const certificate = await call('POST /api/v1/certificates', { ...ours, privateKeyPem, passphrase }, 201);
  await call('POST /api/v1/certificates', { ...ours, name: 'Again', privateKeyPem: keyPem }, 400);
  await call(`PATCH /api/v1/endpoints/${own.id}`, { clientCertificateId: certificate.id }, 200);

  // Everything that answers something about them.
  await call(`POST /api/v1/endpoints/${own.id}/test`, undefined, 202);
  await call(`POST /api/v1/endpoints/${own.id}/release`, undefined, 409);
  for (const path of [
    'endpoints',
    `endpoints/${own.id}`,
    `endpoints/${own.id}/tests`,
    'credentials',
    `credentials/${credential.id}`,
    `endpoints/${shared.id}`,
    'certificates',
    `certificates/${certificate.id}`,
    'audit-events?limit=200',
    'overview',
  ])
    await call(`GET /api/v1/${path}`, undefined, 200);
  await call(`DELETE /api/v1/endpoints/${shared.id}`, undefined, 204);
  await call(`DELETE /api/v1/credentials/${credential.id}`, undefined, 204);

  const places = {
    answers: answers.join('\n'),
    log: api.logged(),
    database: await everyRow(api.database.superuserUrl),
  };
  // The search itself can find something: what is stored in the clear is there, and so are answers and log lines.
  expect(places.database).toContain('ftp3.bank.example');
  expect(places.database).toContain('endpoint-test');
  expect(places.answers).toContain('ftp3.bank.example');
  expect(places.log).toContain('/api/v1/credentials');
  for (const [place, text] of Object.entries(places))
    for (const secret of planted)
      for (const form of formsOf(secret))
        if (text.includes(form)) throw new Error(`A secret was found in ${place}.`);
  expect(planted.length).toBeGreaterThan(12);

  // And it was not lost either: a worker opens the last one, for the host that it was given for.
  const [seal] = await api.database.app.credentialSeal.findMany({
    where: { credentialId: own.credential.id },
  });
  const open = await openWith(api.vault.privateKey);
  const opened = await open(seal?.sealed ?? new Uint8Array(), seal?.binding as never);
  expect(opened.reveal()).toBe(passwordOfOwn);
  const row = await api.database.app.certificate.findUniqueOrThrow({ where: { id: certificate.id } });
  const privateKey = await open(row.sealedKey ?? new Uint8Array(), {
    certificateSha256: row.fingerprintSha256 ?? '',
  });
  expect(linesOf(privateKey.reveal())).toEqual(linesOf(keyPem));
});

/** The lines of a key that only it has. */
function linesOf(pem: string): string[] {
  return pem.split('\n').filter((line) => /^[A-Za-z0-9+/=]{60,}$/.test(line));
}

/** As text, and as the bytes of it show in a column of bytes or in base64. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '').slice(0, -1)];
}

/** Every row of every table of every schema of ours, as text: the audit log and the queue included. */
async function everyRow(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ schema: string; name: string }>(
      `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
        WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
    );
    const texts: string[] = [];
    for (const { schema, name } of tables.rows) {
      const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
      const rows = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${table} t`);
      texts.push(`${schema}.${name}`, ...rows.rows.map((row) => row.text));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}
