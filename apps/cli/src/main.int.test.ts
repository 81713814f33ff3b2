import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { verifyPassword } from '@waybill/domain/access/password.js';
import { hashToken } from '@waybill/domain/access/token.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { makeVaultKeyPair } from '@waybill/vault/keys.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Runs the built command line as a process of its own, with `input` on its standard input. */
async function waybill(args: string[], input = '', environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../dist/main.js'), ...args], {
    env: {
      PATH: process.env['PATH'],
      // What anybody may set names nobody.
      USER: 'somebody-else',
      DATABASE_URL: database.appUrl,
      MIGRATION_DATABASE_URL: database.ownerUrl,
      WORKER_DATABASE_URL: database.workerUrl,
      SEALER_DATABASE_URL: database.sealerUrl,
      WAYBILL_PUBLIC_URL: 'http://127.0.0.1:8470',
      ...environment,
    },
  });
  // It reads one line, and need not wait for the end of what comes.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { out, err, code };
}

const adaArgs = ['user', 'create', '--email', 'Ada@Example.com', '--name', 'Ada', '--role', 'administrator'];

describe('the command line', () => {
  test('gives a set-up link until there is an administrator', async () => {
    const { out, code } = await waybill(['setup-link']);
    expect(code).toBe(0);
    const token = /^http:\/\/127\.0\.0\.1:8470\/set-up#token=(\S+)\n$/.exec(out)?.[1] ?? '';
    expect(await database.app.setupToken.count({ where: { tokenHash: hashToken(token) } })).toBe(1);
  });

  test('adds a person, whose password works and is nowhere in the clear', async () => {
    const { out, err, code } = await waybill(adaArgs, 'correct horse battery\n');
    expect(err).toBe('');
    expect(out).toBe('ada@example.com may sign in as administrator.\n');
    expect(code).toBe(0);
    const row = await database.app.user.findUniqueOrThrow({ where: { email: 'ada@example.com' } });
    expect(await verifyPassword(row.passwordHash, 'correct horse battery')).toBe(true);
    const event = await database.app.auditEvent.findFirstOrThrow({ where: { action: 'user.created' } });
    expect(event).toMatchObject({
      actorKind: 'cli',
      actorName: userInfo().username,
      objectName: 'ada@example.com',
    });
    expect(JSON.stringify(event.details)).not.toContain('horse');
  });

  test('gives no set-up link once there is an administrator', async () => {
    const { err, code } = await waybill(['setup-link']);
    expect(code).toBe(1);
    expect(err).toContain('There is an administrator already');
  });

  test('refuses a second person with one address, and says so in one line', async () => {
    const { err, code } = await waybill(adaArgs, 'another long password\n');
    expect(code).toBe(1);
    expect(err.trim()).toBe('Somebody with that e-mail exists.');
  });

  test.each([
    ['a short password', adaArgs, 'short\n', /at least 12/],
    ['no password', adaArgs, '', /standard input/],
    ['a role that is none', [...adaArgs.slice(0, -1), 'king'], 'x\n', /administrator, operator, auditor/],
    ['an address that is none', ['user', 'reset-password', '--email', 'ada'], '', /email: is not an e-mail/],
    ['no role', adaArgs.slice(0, -2), '', /required option '--role <role>'/],
    ['an option that there is not', [...adaArgs, '--admin'], '', /unknown option '--admin'/],
    ['an option that is given twice', [...adaArgs, '--name', 'Bob'], '', /'--name <name>' is given twice/],
    ['a word too many', [...adaArgs, 'now'], '', /too many arguments/],
    ['a command that there is not', ['user', 'delete'], '', /unknown command 'delete'/],
    [
      'a password without an end',
      adaArgs,
      'x'.repeat(1_000_000),
      /password: must have 200 characters at most/,
    ],
  ])('refuses %s as a wrong use', async (_, args, input, message) => {
    const { out, err, code } = await waybill(args, input);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err).not.toContain('    at ');
  });

  test('sets a password anew, on record with who became root for it', async () => {
    const { code } = await waybill(
      ['user', 'reset-password', '--email', 'ada@example.com'],
      'a whole new password\n',
      { SUDO_USER: 'grace' },
    );
    expect(code).toBe(0);
    const event = await database.app.auditEvent.findFirstOrThrow({
      where: { action: 'user.password_reset' },
    });
    const { username, uid } = userInfo();
    expect(event.actorName).toBe(uid === 0 ? `${username} (grace by sudo)` : username);
    const row = await database.app.user.findUniqueOrThrow({ where: { email: 'ada@example.com' } });
    expect(await verifyPassword(row.passwordHash, 'a whole new password')).toBe(true);
  });

  test('prints a new API key once, alone on standard output', async () => {
    const { out, err, code } = await waybill([
      'api-key',
      'create',
      '--name',
      'nightly',
      '--role',
      'operator',
      '--expires-in-days',
      '30',
    ]);
    expect(code).toBe(0);
    expect(err).toContain('shown this once');
    const row = await database.app.apiKey.findUniqueOrThrow({ where: { keyHash: hashToken(out.trim()) } });
    expect(row).toMatchObject({ name: 'nightly', role: 'operator' });
    expect((row.expiresAt!.getTime() - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
  });

  test('gives a program what it did as JSON, and nothing else', async () => {
    const key = await waybill(['api-key', 'create', '--name', 'monitor', '--role', 'auditor', '--json']);
    expect(key).toMatchObject({ err: '', code: 0 });
    const made = JSON.parse(key.out) as { id: string; key: string };
    expect(made).toMatchObject({ name: 'monitor', role: 'auditor', expiresAt: null });
    expect(await database.app.apiKey.count({ where: { id: made.id, keyHash: hashToken(made.key) } })).toBe(1);

    const doctor = await waybill(['--json', 'doctor']);
    expect(doctor).toMatchObject({ err: '', code: 1 });
    const { failed, findings } = JSON.parse(doctor.out) as { failed: number; findings: { status: string }[] };
    expect(findings.filter((finding) => finding.status === 'fail')).toHaveLength(failed);
  });

  test('tells how a command is used, with an example', async () => {
    const { out, code } = await waybill(['user', 'create', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: npm run waybill -- user create [options]');
    expect(out).toMatch(/Examples:\n {2}npm run waybill -- user create --email ada@example.com/);
  });

  test('says in one line that the database cannot be reached, without its password', async () => {
    const { err, code } = await waybill(['setup-link'], '', {
      DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/waybill',
    });
    expect(code).toBe(1);
    expect(err).toBe("Can't reach database server at 127.0.0.1:1\n");
  });

  test('migrates, and has nothing to do the second time', async () => {
    const { out, err, code } = await waybill(['migrate']);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('The database is current.');
  });

  test('runs the doctor and ends non-zero while something fails', async () => {
    const { publicKey, privateKey } = await makeVaultKeyPair();
    const { out, err, code } = await waybill(['doctor'], '', {
      WAYBILL_VAULT_PUBLIC_KEY: publicKey,
      WAYBILL_VAULT_PRIVATE_KEY: privateKey,
    });
    expect(code).toBe(1);
    expect(err).toBe('');
    expect(out).toMatch(/ok {4}vault/);
    expect(out).toMatch(/FAIL {2}workers/);
    expect(out).toMatch(/\d+ checks, \d+ failed/);
  });

  test('lists every fault of the configuration at once', async () => {
    const { err, code } = await waybill(['doctor'], '', {
      DATABASE_URL: 'mysql://x',
      WAYBILL_LOCAL_ROOTS: 'nowhere',
    });
    expect(code).toBe(1);
    expect(err).toContain('DATABASE_URL: must be a postgres:// address');
    expect(err).toContain('WAYBILL_LOCAL_ROOTS: "nowhere" is not name=/absolute/path');
  });
});
