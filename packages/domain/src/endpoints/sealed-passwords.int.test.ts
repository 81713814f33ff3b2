/** A password is sealed for the server that it was entered for: which changes ask for it again, and who shares it. */
import { afterAll, describe, expect, test } from '@jest/globals';
import type { EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { TEST_ROOT, aLocalFolder, anActor } from '@waybill/testing/builders.js';
import { openEndpoints, server } from '../test-support/endpoints.js';
import { getCredential, updateCredential } from '../trust/credentials.js';
import { getEndpoint } from './endpoint-views.js';

const { database, actor, means, create, update, aPin, open, passwordFor, eventsOf, actionsOf } =
  await openEndpoints();
afterAll(() => database.close());

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
    const events = await eventsOf(made.credential?.id ?? '');
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
    const [, event] = await eventsOf(made.id);
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
