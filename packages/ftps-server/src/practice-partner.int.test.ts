/** The practice partner from first start to second start. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeCertificate } from './certificates.js';
import { startPracticePartner, type PracticePartner } from './practice-partner.js';
import { makePracticePki } from './practice-pki.js';
import { run } from './test-support/practice-ground.js';

let folder: string;
let partner: PracticePartner | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-partner-'));
});
afterEach(async () => {
  await partner?.close();
  partner = null;
  await rm(folder, { recursive: true });
});

async function start(): Promise<PracticePartner> {
  partner = await startPracticePartner({ folder, explicitPort: 0, implicitPort: 0, user: 'practice' });
  return partner;
}

async function mode(path: string): Promise<string> {
  return ((await stat(join(folder, path))).mode & 0o777).toString(8);
}

test('first start: samples can be collected over both, with the CA that it names', async () => {
  const { explicit, implicit, user, password, caPem } = await start();
  const caPath = join(folder, 'trusted.pem');
  await writeFile(caPath, caPem);
  const curl = (...args: string[]) =>
    run('curl', ['-sS', '--ssl-reqd', '--cacert', caPath, '-u', `${user}:${password}`, ...args]);
  const listed = await curl('-l', `ftp://localhost:${explicit.port}/outbox/`);
  expect(listed.stdout.trim().split('\n')).toEqual([
    'order-po-2026-1180.edi',
    'payroll-2026-10.csv',
    'statement-2026-10-30.camt053.xml',
  ]);
  const statement = await curl(`ftps://127.0.0.1:${implicit.port}/outbox/statement-2026-10-30.camt053.xml`);
  expect(statement.stdout).toContain('camt.053.001.08');
  expect(await curl('-T', caPath, `ftp://localhost:${explicit.port}/inbox/sent.pem`)).toMatchObject({
    code: 0,
  });
  expect([explicit.protocol, implicit.protocol]).toEqual(['ftps_explicit', 'ftps_implicit']);
});

test('keys and password are for the owner only', async () => {
  await start();
  for (const path of ['password', 'pki/ca.key', 'pki/server.key']) expect(await mode(path)).toBe('600');
  expect(await mode('pki')).toBe('700');
  expect((await readFile(join(folder, 'password'), 'utf8')).trim()).toMatch(/^[\w-]{24}$/);
});

test('second start: same CA, same password, and what was taken away stays away', async () => {
  const first = await start();
  await rm(join(first.filesFolder, 'outbox', 'payroll-2026-10.csv'));
  await first.close();
  const second = await start();
  expect([second.caPem, second.password]).toEqual([first.caPem, first.password]);
  expect(await readdir(join(second.filesFolder, 'outbox'))).toHaveLength(2);
});

test('a certificate that soon ends, lacks a name or is of another CA is made anew; the CA stays', async () => {
  const pki = join(folder, 'pki');
  const first = await makePracticePki(pki);
  expect((await makePracticePki(pki)).server).toEqual(first.server);
  const nameless = await makeCertificate({
    commonName: 'x',
    use: 'server',
    names: ['localhost'],
    issuer: first.ca,
  });
  const foreign = await makeCertificate({
    commonName: 'x',
    use: 'server',
    names: ['localhost', '127.0.0.1', '::1'],
  });
  const notAfter = new Date(Date.now() + 24 * 60 * 60 * 1000);
  const ending = await makeCertificate({
    commonName: 'x',
    use: 'server',
    names: ['localhost', '127.0.0.1', '::1'],
    issuer: first.ca,
    notAfter,
  });
  for (const bad of [nameless, foreign, ending]) {
    await writeFile(join(pki, 'server.pem'), bad.cert);
    await writeFile(join(pki, 'server.key'), bad.key);
    const renewed = await makePracticePki(pki);
    expect(renewed.server.cert).not.toBe(bad.cert);
    expect(renewed.ca).toEqual(first.ca);
  }
});

test('it does not start in production, and a taken port leaves nothing running', async () => {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await expect(start()).rejects.toThrow('does not start when NODE_ENV is "production"');
  } finally {
    process.env['NODE_ENV'] = before;
  }
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const clash = startPracticePartner({ folder, explicitPort: 0, implicitPort: port, user: 'practice' });
  await expect(clash).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
  taken.close();
});
