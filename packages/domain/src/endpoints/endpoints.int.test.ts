import { afterAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { TEST_ROOT, aLocalFolder, aPartner, aRoute, anActor, anEndpoint } from '@waybill/testing/builders.js';
import { getTestPki } from '@waybill/testing/pki.js';
import { openEndpoints, server } from '../test-support/endpoints.js';
import { importCertificate } from '../trust/certificates.js';
import { getCredential } from '../trust/credentials.js';
import { getEndpoint, listEndpoints } from './endpoint-views.js';
import { holdEndpoint, releaseEndpoint } from './hold-endpoint.js';
import { loadEndpoint } from './load-endpoint.js';

const { database, actor, create, remove, aPin, passwordFor, actionsOf } = await openEndpoints();
afterAll(() => database.close());

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
