/** A guard: a password put in never appears in any response, log, job or audit row, nor in any column. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openWith } from '@waybill/vault/open.js';
import pg from 'pg';
import { type TestApi, testApi } from './testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

test('a password put in never appears in any response, log, job or audit row', async () => {
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
  await call(`PATCH /api/v1/endpoints/${own.id}`, { username: 'wb3', password: plant() }, 200);
  await call(`PATCH /api/v1/endpoints/${shared.id}`, { rootName: 'files', password: plant() }, 400);

  // Everything that answers something about them.
  await call(`POST /api/v1/endpoints/${own.id}/test`, undefined, 202);
  await call(`POST /api/v1/endpoints/${own.id}/release`, undefined, 409);
  for (const path of [
    'endpoints',
    `endpoints/${own.id}`,
    `endpoints/${own.id}/tests`,
    'credentials',
    `credentials/${credential.id}`,
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
        if (text.includes(form)) throw new Error(`The password was found in ${place}.`);
  expect(planted.length).toBeGreaterThan(12);

  // And it was not lost either: a worker opens the last one, for the host that it was given for.
  const [seal] = await api.database.app.credentialSeal.findMany({
    where: { credentialId: own.credential.id },
  });
  const open = await openWith(api.vault.privateKey);
  const opened = await open(seal?.sealed ?? new Uint8Array(), seal?.binding as never);
  expect(opened.reveal()).toBe(planted.at(-2));
});

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
