import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { createApiKey } from '@waybill/domain/access/api-keys.js';
import { cliActor } from '@waybill/domain/actor.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { makeVaultKeyPair } from '@waybill/vault/keys.js';

/** The process as it is started in earnest; `npm test` builds it first. */
const MAIN = join(import.meta.dirname, '../dist/main.js');

let database: TestDatabase;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  database = await testDatabase();
  const { publicKey } = await makeVaultKeyPair();
  env = { DATABASE_URL: database.appUrl, WAYBILL_PORT: '0', WAYBILL_VAULT_PUBLIC_KEY: publicKey };
});
afterAll(() => database.close());

interface Running {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

function start(environment: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, ended };
}

async function portOf(api: Running): Promise<number> {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((go) => setTimeout(go, 20))) {
    const [, port] = /"port":(\d+).*"listening"/.exec(api.output()) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`The API does not listen: ${api.output()}`);
}

test('stops in order on SIGTERM, with streams and idle connections open', async () => {
  const api = start(env);
  try {
    const port = await portOf(api);
    const { key } = await inTransaction(database.app, (tx) =>
      createApiKey(tx, cliActor('tests'), { name: 'stream', role: 'operator' }),
    );
    const authorization = `Bearer ${key}`;
    const stream = await fetch(`http://127.0.0.1:${port}/api/v1/live`, { headers: { authorization } });
    expect(stream.status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    const startedAt = Date.now();
    api.child.kill('SIGTERM');
    expect(await stream.text()).toContain(': connected');
    expect(await api.ended).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect(api.output()).toMatch(/"signal":"SIGTERM".*"stopping"/);
    expect(api.output()).toMatch(/"stopped"/);
    expect(api.output()).not.toMatch(/"level":50/);
  } finally {
    api.child.kill('SIGKILL');
  }
});

test('a configuration with faults ends at once with all of them', async () => {
  const api = start({ DATABASE_URL: 'nowhere', WAYBILL_PORT: 'x' });
  expect(await api.ended).toBe(78);
  expect(api.output()).toMatch(
    /DATABASE_URL: .*\n.*WAYBILL_PORT: must be a number\n.*WAYBILL_VAULT_PUBLIC_KEY: is not set/,
  );
});

test('a port that is taken is told as such', async () => {
  const first = start(env);
  try {
    const port = await portOf(first);
    const second = start({ ...env, WAYBILL_PORT: String(port) });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Port ${port} is taken. Stop what listens there, or set WAYBILL_PORT.`);
  } finally {
    first.child.kill('SIGTERM');
    await first.ended;
  }
});
