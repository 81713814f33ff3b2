import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PracticePartner, startPracticePartner } from '@waybill/ftps-server/practice-partner.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { makeVaultKeyPair } from '@waybill/vault/keys.js';
import { type PracticeRegistration, registerPractice } from './register-practice.js';

let database: TestDatabase;
let folder: string;
let partner: PracticePartner;
let registration: PracticeRegistration;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'waybill-practice-'));
  partner = await startPracticePartner({
    folder: join(folder, 'practice'),
    explicitPort: 0,
    implicitPort: 0,
    user: 'waybill',
  });
  registration = {
    databaseUrl: database.appUrl,
    vaultPublicKey: (await makeVaultKeyPair()).publicKey,
    localRoots: [{ name: 'files', path: folder }],
    practiceFolder: join(folder, 'practice'),
    host: '127.0.0.1',
    explicitPort: partner.explicit.port,
    implicitPort: partner.implicit.port,
    passivePorts: { from: 21_210, to: 21_409 },
    user: 'waybill',
    signal: new AbortController().signal,
  };
});

afterAll(async () => {
  await partner.close();
  await database.close();
  await rm(folder, { recursive: true });
});

test('the first start makes a partner with two endpoints, two routes and files to send', async () => {
  const rootFolder = await mkdtemp(join(folder, 'root-'));
  registration.localRoots = [{ name: 'files', path: rootFolder }];
  await registerPractice(registration);
  const found = await database.app.partner.findMany({ include: { endpoints: true, routes: true } });
  expect(found).toHaveLength(1);
  expect(found[0]?.endpoints.map((endpoint) => [endpoint.protocol, endpoint.port]).sort()).toEqual([
    ['ftps_explicit', partner.explicit.port],
    ['ftps_implicit', partner.implicit.port],
  ]);
  expect(found[0]?.routes).toHaveLength(2);
  expect(await readdir(join(rootFolder, 'practice/outbox'))).toContain('orders-4711.csv');
  const allowed = await database.app.networkAllow.findMany({ orderBy: { fromPort: 'asc' } });
  expect(allowed.every((range) => range.cidr === '127.0.0.1/32')).toBe(true);
  expect(allowed).toHaveLength(3);
});

test('a second start changes nothing, and follows a port that has moved', async () => {
  const before = await database.app.auditEvent.count();
  await registerPractice(registration);
  expect(await database.app.auditEvent.count()).toBe(before);

  await database.app.endpoint.updateMany({ where: { protocol: 'ftps_explicit' }, data: { port: 2 } });
  await registerPractice(registration);
  const moved = await database.app.endpoint.findFirstOrThrow({ where: { protocol: 'ftps_explicit' } });
  expect(moved.port).toBe(partner.explicit.port);
});

test('what was deleted stays deleted', async () => {
  await database.app.route.deleteMany({});
  await registerPractice(registration);
  expect(await database.app.route.count()).toBe(0);
});

test('a local root that is not there is told, and not made', async () => {
  registration.localRoots = [{ name: 'files', path: join(folder, 'nowhere') }];
  await expect(registerPractice(registration)).rejects.toThrow(
    /cannot be laid into .*nowhere\/practice \(ENOENT/,
  );
  expect(await readdir(folder)).not.toContain('nowhere');
});
