import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EndpointCreate, EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { inTransaction } from '@waybill/db/transaction.js';
import {
  TEST_ROOT,
  aLocalFolder,
  aPartner,
  aRoute,
  anActor,
  anEndpoint,
  testSeal,
  testVaultKeys,
} from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { getTestPki } from '@waybill/testing/pki.js';
import { openWith } from '@waybill/vault/open.js';
import { importCertificate } from '../trust/certificates.js';
import { getCredential, updateCredential } from '../trust/credentials.js';
import { getEndpoint, listEndpoints } from './endpoint-views.js';
import { type EndpointMeans, createEndpoint, deleteEndpoint, updateEndpoint } from './endpoints.js';
import { holdEndpoint, releaseEndpoint } from './hold-endpoint.js';
import { type LoadedServer, loadEndpoint } from './load-endpoint.js';

const actor = anActor();
let database: TestDatabase;
let means: EndpointMeans;
beforeAll(async () => {
  database = await testDatabase();
  means = { seal: await testSeal(), localRoots: [TEST_ROOT] };
});
afterAll(() => database.close());

const create = (input: EndpointCreate) =>
  inTransaction(database.app, (tx) => createEndpoint(tx, actor, input, means));
const update = (id: string, change: EndpointUpdate) =>
  inTransaction(database.app, (tx) => updateEndpoint(tx, actor, { id, change }, means));
const remove = (id: string) => inTransaction(database.app, (tx) => deleteEndpoint(tx, actor, { id }));
const server = (
  name: string,
  change: Partial<Exclude<EndpointCreate, { protocol: 'local_folder' }>> = {},
) => ({
  protocol: 'ftps_explicit' as const,
  name,
  host: 'ftp.bank.example',
  trust: { mode: 'system_cas' as const },
  ...change,
});
const aPin = (name: string, digit: string) =>
  inTransaction(database.app, (tx) =>
    importCertificate(tx, actor, { name, kind: 'pinned_key', spkiSha256: digit.repeat(64) }),
  );

/** The password that a worker would send to the server of the endpoint, or null where no seal fits. */
async function passwordFor(endpointId: string): Promise<string | null> {
  const loaded = (await loadEndpoint(database.worker, endpointId)) as LoadedServer;
  if (loaded.seal === null) return null;
  const open = await openWith((await testVaultKeys()).privateKey);
  return (await open(loaded.seal.sealed, loaded.seal.binding)).reveal();
}

const actionsOf = async (objectId: string): Promise<string[]> => {
  const events = await database.app.auditEvent.findMany({ where: { objectId }, orderBy: { seq: 'asc' } });
  return events.map((event) => event.action);
};

describe('a new endpoint', () => {
  test('takes the usual port, version and times, and makes a credential of its name', async () => {
    const made = await create(server('Bank', { username: 'wb', password: 'p1' }));
    expect(made).toMatchObject({
      port: 21,
      basePath: '/',
      tlsMinVersion: 'TLSv1.2',
      connectTimeoutMs: 20_000,
      idleTimeoutMs: 60_000,
      trust: { mode: 'system_cas', certificateIds: [], serverName: null },
      credential: { name: 'Bank', username: 'wb' },
      hasPassword: true,
      heldAt: null,
      lastTest: null,
    });
    expect(await passwordFor(made.id)).toBe('p1');
    expect(await actionsOf(made.id)).toEqual(['endpoint.created']);
    expect(await actionsOf(made.credential?.id ?? '')).toEqual([
      'credential.created',
      'credential.password_set',
    ]);
    const implicit = await create({
      ...server('Bank implicit', { username: 'wb', password: 'p1' }),
      protocol: 'ftps_implicit',
    });
    expect(implicit.port).toBe(990);
  });

  test('gets a credential with a number where the name is taken', async () => {
    await inTransaction(database.app, (tx) =>
      tx.credential.create({
        data: { id: anActor().id ?? '', name: 'Twin', username: 'x', rotatedAt: new Date() },
      }),
    );
    const made = await create(server('Twin', { username: 'wb', password: 'p' }));
    expect(made.credential?.name).toBe('Twin (2)');
  });

  test('needs a credential: one by id, or user name and password', async () => {
    const refused = (change: object, path: string) =>
      expect(create(server('Nobody', change))).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ path }],
      });
    await refused({}, 'username');
    await refused({ username: 'wb' }, 'password');
    await refused({ password: 'p' }, 'username');
    await refused({ credentialId: anActor().id ?? '' }, 'credentialId');
    const { credential } = await anEndpoint(database.app);
    await refused({ credentialId: credential?.id, username: 'wb' }, 'username');
    await expect(create(server('Bad partner', { partnerId: anActor().id ?? '' }))).rejects.toMatchObject({
      errors: [{ path: 'partnerId' }],
    });
  });

  test('that is refused leaves nothing behind', async () => {
    const name = 'Half made';
    const twin = await create(server(name, { username: 'wb', password: 'p' }));
    await expect(create(server(name, { username: 'wb', password: 'p' }))).rejects.toMatchObject({
      code: 'name_taken',
    });
    expect(await database.app.credential.count({ where: { name: { startsWith: name } } })).toBe(1);
    await remove(twin.id);
  });

  test('of a local folder names a configured root and nothing else', async () => {
    const made = await create({
      protocol: 'local_folder',
      name: 'Ours',
      rootName: TEST_ROOT,
      basePath: '/a//b/',
    });
    expect(made).toMatchObject({
      host: null,
      port: null,
      trust: null,
      tlsMinVersion: null,
      credential: null,
      hasPassword: false,
      rootName: TEST_ROOT,
      basePath: '/a/b',
    });
    for (const rootName of ['/etc', '../etc', 'other'])
      await expect(create({ protocol: 'local_folder', name: 'Theirs', rootName })).rejects.toMatchObject({
        errors: [{ path: 'rootName', message: expect.stringContaining(`configured: "${TEST_ROOT}"`) }],
      });
  });
});

describe('the trust of an endpoint', () => {
  test('names certificates of the kind that its mode needs, and only where it needs some', async () => {
    const pin = await aPin('Pin for trust', 'a');
    const ca = await inTransaction(database.app, async (tx) =>
      importCertificate(tx, actor, { name: 'CA for trust', kind: 'ca', pem: (await getTestPki()).caPem }),
    );
    const refused = (trust: object, path: string) =>
      expect(
        create(server('Trusting', { trust, username: 'wb', password: 'p' } as never)),
      ).rejects.toMatchObject({ code: 'invalid_input', errors: [{ path }] });
    await refused({ mode: 'system_cas', certificateIds: [ca.id] }, 'trust.certificateIds');
    await refused({ mode: 'chosen_cas' }, 'trust.certificateIds');
    await refused({ mode: 'pinned_keys', certificateIds: [] }, 'trust.certificateIds');
    await refused({ mode: 'chosen_cas', certificateIds: [ca.id, pin.id] }, 'trust.certificateIds.1');
    await refused({ mode: 'pinned_keys', certificateIds: [ca.id] }, 'trust.certificateIds.0');
    await refused({ mode: 'chosen_cas', certificateIds: [anActor().id] }, 'trust.certificateIds.0');

    const byCa = await create(
      server('By CA', {
        trust: { mode: 'chosen_cas', certificateIds: [ca.id] },
        username: 'wb',
        password: 'p',
      }),
    );
    expect(await loadEndpoint(database.worker, byCa.id)).toMatchObject({
      trust: { mode: 'chosen_cas', caPems: [expect.stringContaining('BEGIN CERTIFICATE')] },
      seal: { binding: { trustAnchors: [ca.fingerprintSha256] } },
    });
    const byPin = await create(
      server('By pin', {
        trust: { mode: 'pinned_keys', certificateIds: [pin.id] },
        username: 'wb',
        password: 'p',
      }),
    );
    expect(await loadEndpoint(database.worker, byPin.id)).toMatchObject({
      trust: { mode: 'pinned_keys', spkiSha256: ['a'.repeat(64)] },
      seal: { binding: { trustAnchors: ['a'.repeat(64)] } },
    });
  });
});

describe('a repointed endpoint', () => {
  test('asks for the password again at another host, server name or trust, and says why', async () => {
    const made = await create(server('Repointed', { username: 'wb', password: 'first' }));
    const pin = await aPin('Pin of the other', 'b');
    const moves: EndpointUpdate[] = [
      { host: 'ftp.evil.example' },
      { trust: { mode: 'system_cas', serverName: 'other.bank.example' } },
      { trust: { mode: 'pinned_keys', certificateIds: [pin.id] } },
    ];
    for (const change of moves)
      await expect(update(made.id, change)).rejects.toMatchObject({
        code: 'password_needed',
        status: 409,
        detail: expect.stringMatching(/Repointed.*sealed.*Send it again/),
        errors: [{ path: 'password', message: 'is needed for this server' }],
      });
    expect(await getEndpoint(database.app, made.id)).toEqual(made);

    const moved = await update(made.id, { host: 'ftp.new.example', password: 'second' });
    expect(moved).toMatchObject({ host: 'ftp.new.example', hasPassword: true });
    expect(await passwordFor(made.id)).toBe('second');
    expect((await getCredential(database.app, made.credential?.id ?? '')).sealedFor).toEqual([
      'ftp.new.example',
    ]);
    const updates = await database.app.auditEvent.findMany({
      where: { objectId: made.id, action: 'endpoint.updated' },
    });
    expect(updates.at(-1)?.details).toEqual({
      changes: {
        host: { before: 'ftp.bank.example', after: 'ftp.new.example' },
        password: { before: null, after: 'replaced' },
      },
    });
    const events = await database.app.auditEvent.findMany({
      where: { objectId: made.credential?.id ?? '' },
      orderBy: { seq: 'asc' },
    });
    expect(events.slice(1)).toMatchObject([
      { action: 'credential.password_set', details: { sealedFor: ['ftp.bank.example'] } },
      { action: 'credential.password_set', details: { sealedFor: ['ftp.new.example'] } },
      {
        action: 'credential.seal_dropped',
        objectName: 'Repointed',
        actorName: actor.name,
        details: { host: 'ftp.bank.example', serverName: null, trustMode: 'system_cas' },
      },
    ]);
    await expect(update(made.id, { host: 'ftp.bank.example' })).rejects.toMatchObject({
      code: 'password_needed',
    });
  });

  test('may change its name, port, folder and times without', async () => {
    const made = await create(server('Moved little', { username: 'wb', password: 'first' }));
    const changed = await update(made.id, {
      name: 'Moved a little',
      port: 2121,
      basePath: '/base/',
      tlsMinVersion: 'TLSv1.3',
      connectTimeoutMs: 5000,
      idleTimeoutMs: 6000,
    });
    expect(changed).toMatchObject({
      name: 'Moved a little',
      port: 2121,
      basePath: '/base',
      tlsMinVersion: 'TLSv1.3',
      connectTimeoutMs: 5000,
      idleTimeoutMs: 6000,
      hasPassword: true,
    });
    const [, event] = await database.app.auditEvent.findMany({
      where: { objectId: made.id },
      orderBy: { seq: 'asc' },
    });
    expect(event).toMatchObject({
      action: 'endpoint.updated',
      actorName: actor.name,
      originIp: actor.originIp,
      details: {
        changes: {
          name: { before: 'Moved little', after: 'Moved a little' },
          port: { before: 21, after: 2121 },
          basePath: { before: '/', after: '/base' },
          tlsMinVersion: { before: 'TLSv1.2', after: 'TLSv1.3' },
          connectTimeoutMs: { before: 20_000, after: 5000 },
          idleTimeoutMs: { before: 60_000, after: 6000 },
        },
      },
    });
  });

  test('takes the usual port along with the protocol, and keeps one that somebody chose', async () => {
    const made = await create(server('Other protocol', { username: 'wb', password: 'p' }));
    expect(await update(made.id, { protocol: 'ftps_implicit' })).toMatchObject({
      port: 990,
      hasPassword: true,
    });
    await update(made.id, { port: 9900 });
    expect(await update(made.id, { protocol: 'ftps_explicit' })).toMatchObject({ port: 9900 });
  });

  test('cannot have a password opened that the database holds for another host', async () => {
    const made = await create(server('Tampered', { username: 'wb', password: 'first' }));
    await database.app.endpoint.update({ where: { id: made.id }, data: { host: 'ftp.evil.example' } });
    expect(await passwordFor(made.id)).toBeNull();
    const [seal] = await database.app.credentialSeal.findMany({
      where: { credentialId: made.credential?.id },
    });
    const open = await openWith((await testVaultKeys()).privateKey);
    const forged = { ...(seal?.binding as { host: string }), host: 'ftp.evil.example' };
    await expect(open(seal?.sealed ?? new Uint8Array(), forged as never)).rejects.toMatchObject({
      name: 'CannotOpenError',
    });
  });

  test('does not change when nothing differs, and writes no event', async () => {
    const made = await create(server('Unchanged', { username: 'wb', password: 'p' }));
    await update(made.id, { name: 'Unchanged', host: 'ftp.bank.example', trust: { mode: 'system_cas' } });
    expect(await actionsOf(made.id)).toEqual(['endpoint.created']);
  });

  test('keeps to what its protocol has', async () => {
    const folder = await aLocalFolder(database.app);
    await expect(update(folder.id, { host: 'ftp.bank.example' })).rejects.toMatchObject({
      errors: [{ path: 'host' }],
    });
    await expect(update(folder.id, { password: 'p' })).rejects.toMatchObject({
      errors: [{ path: 'password' }],
    });
    const made = await create(server('No root', { username: 'wb', password: 'p' }));
    await expect(update(made.id, { rootName: TEST_ROOT })).rejects.toMatchObject({
      errors: [{ path: 'rootName' }],
    });
    await expect(update(anActor().id ?? '', { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a credential that several endpoints share', () => {
  test('is sealed for each server apart, and a new password reaches all of them', async () => {
    const first = await create(server('Shared 1', { username: 'wb', password: 'one' }));
    const credentialId = first.credential?.id ?? '';
    await expect(
      create(server('Shared 2', { host: 'ftp2.bank.example', credentialId })),
    ).rejects.toMatchObject({
      code: 'password_needed',
    });
    const second = await create(
      server('Shared 2', { host: 'ftp2.bank.example', credentialId, password: 'one' }),
    );
    const third = await create(server('Shared 3', { credentialId, port: 2121 }));
    expect(third.hasPassword).toBe(true);

    await inTransaction(database.app, (tx) =>
      updateCredential(tx, actor, { id: credentialId, change: { password: 'two' } }, means.seal),
    );
    for (const { id } of [first, second, third]) expect(await passwordFor(id)).toBe('two');
    const credential = await getCredential(database.app, credentialId);
    expect(credential).toMatchObject({
      endpointCount: 3,
      sealedFor: ['ftp.bank.example', 'ftp2.bank.example'],
    });

    await update(second.id, { password: 'three' });
    for (const { id } of [first, second, third]) expect(await passwordFor(id)).toBe('three');
  });

  test('keeps the seal of a server that another endpoint still uses', async () => {
    const first = await create(server('Stays', { username: 'wb', password: 'one' }));
    const credentialId = first.credential?.id ?? '';
    const leaving = await create(server('Leaves', { credentialId }));
    await update(leaving.id, { host: 'ftp3.bank.example', password: 'one' });
    expect(await passwordFor(first.id)).toBe('one');
    await update(leaving.id, { host: 'ftp.bank.example' });
    expect(await passwordFor(leaving.id)).toBe('one');
  });

  test('keeps its user name when one of them takes another', async () => {
    const first = await create(server('User 1', { username: 'wb', password: 'one' }));
    const credentialId = first.credential?.id ?? '';
    const second = await create(server('User 2', { credentialId }));
    await expect(update(second.id, { username: 'other' })).rejects.toMatchObject({ code: 'password_needed' });
    const changed = await update(second.id, { username: 'other', password: 'two' });
    expect(changed.credential).toMatchObject({ name: 'User 2', username: 'other' });
    expect((await getEndpoint(database.app, first.id)).credential?.username).toBe('wb');
    expect(await passwordFor(first.id)).toBe('one');
    expect(await passwordFor(second.id)).toBe('two');
    const alone = await update(first.id, { username: 'renamed' });
    expect(alone.credential).toMatchObject({ id: credentialId, username: 'renamed' });
  });
});

describe('hold and release', () => {
  test('a held endpoint keeps its first reason until a person releases it', async () => {
    const made = await anEndpoint(database.app);
    await expect(
      inTransaction(database.app, (tx) => releaseEndpoint(tx, actor, { id: made.id })),
    ).rejects.toMatchObject({ code: 'wrong_state' });
    for (const reason of ['wrong password', 'again'])
      await inTransaction(database.worker, (tx) => holdEndpoint(tx, actor, { id: made.id, reason }));
    expect(await getEndpoint(database.app, made.id)).toMatchObject({
      heldAt: expect.any(String),
      heldReason: 'wrong password',
    });
    const { items } = await listEndpoints(database.app, { held: 'true' });
    expect(items.map((item) => item.id)).toEqual([made.id]);
    const released = await inTransaction(database.app, (tx) => releaseEndpoint(tx, actor, { id: made.id }));
    expect(released).toMatchObject({ heldAt: null, heldReason: null, heldKind: null });
    // It is the version of what a person has set, and says when that was.
    expect(released.updatedAt).toBe(made.updatedAt);
    expect(await actionsOf(made.id)).toEqual(['endpoint.created', 'endpoint.held', 'endpoint.released']);
    await expect(
      inTransaction(database.app, (tx) => releaseEndpoint(tx, actor, { id: anActor().id ?? '' })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('deleting', () => {
  test('an endpoint that routes use is refused with their names', async () => {
    const made = await anEndpoint(database.app);
    await aRoute(database.app, { name: 'Payments out', targetEndpointId: made.id });
    await aRoute(database.app, {
      name: 'Statements in',
      sourceEndpointId: made.id,
      targetEndpointId: (await aLocalFolder(database.app)).id,
    });
    await expect(remove(made.id)).rejects.toMatchObject({
      code: 'in_use',
      detail: expect.stringContaining('"Payments out" and "Statements in"'),
    });
    expect((await getEndpoint(database.app, made.id)).routeCount).toBe(2);
  });

  test('leaves the credential, with its event', async () => {
    const made = await create(server('Short-lived', { username: 'wb', password: 'p' }));
    await remove(made.id);
    await expect(getEndpoint(database.app, made.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await actionsOf(made.id)).toEqual(['endpoint.created', 'endpoint.deleted']);
    expect(await getCredential(database.app, made.credential?.id ?? '')).toMatchObject({ endpointCount: 0 });
    await expect(remove(made.id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the list', () => {
  test('finds by name or host, by partner and by protocol, page after page', async () => {
    const partner = await aPartner(database.app);
    for (const number of [1, 2, 3])
      await anEndpoint(database.app, {
        name: `Listed ${number}`,
        host: `list${number}.needle.example`,
        partnerId: partner.id,
      });
    await aLocalFolder(database.app, { name: 'Listed folder', partnerId: partner.id });
    const first = await listEndpoints(database.app, { partnerId: partner.id, limit: 3 });
    expect(first.items.map((item) => item.name)).toEqual(['Listed 1', 'Listed 2', 'Listed 3']);
    const second = await listEndpoints(database.app, {
      partnerId: partner.id,
      limit: 3,
      cursor: first.nextCursor ?? '',
    });
    expect(second).toMatchObject({ items: [{ name: 'Listed folder' }], nextCursor: null });
    const byHost = await listEndpoints(database.app, { search: 'LIST2.NEEDLE' });
    expect(byHost.items.map((item) => item.name)).toEqual(['Listed 2']);
    const folders = await listEndpoints(database.app, { partnerId: partner.id, protocol: 'local_folder' });
    expect(folders.items.map((item) => item.name)).toEqual(['Listed folder']);
  });
});
