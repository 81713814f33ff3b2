import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { aPartner, anActor, anEndpoint, testSeal } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { getTestPki } from '@waybill/testing/pki.js';
import type { Seal } from '@waybill/vault/seal.js';
import {
  type TrustedImport,
  deleteCertificate,
  getCertificate,
  importCertificate,
  listCertificates,
} from './certificates.js';
import {
  createCredential,
  deleteCredential,
  getCredential,
  listCredentials,
  updateCredential,
} from './credentials.js';
import { eventsIn } from '../test-support/events-in.js';

const actor = anActor();
let database: TestDatabase;
let seal: Seal;
beforeAll(async () => {
  database = await testDatabase();
  seal = await testSeal();
});
afterAll(() => database.close());

const importOne = (input: TrustedImport) =>
  inTransaction(database.app, (tx) => importCertificate(tx, actor, input));
const eventsOf = (objectId: string) => eventsIn(database).eventsOf(objectId);

describe('credentials', () => {
  const create = (name: string, host = 'ftp.bank.example') =>
    inTransaction(database.app, (tx) =>
      createCredential(
        tx,
        actor,
        { name, username: 'wb', password: 'p', sealFor: { host, trust: { mode: 'system_cas' } } },
        seal,
      ),
    );

  test('are sealed for one server at first, and say so in the log without the password', async () => {
    const made = await create('Bank login');
    expect(made).toMatchObject({
      name: 'Bank login',
      username: 'wb',
      hasPassword: true,
      sealedFor: ['ftp.bank.example'],
      endpointCount: 0,
    });
    expect(await eventsOf(made.id)).toMatchObject([
      { action: 'credential.created', details: { values: { name: 'Bank login', username: 'wb' } } },
      {
        action: 'credential.password_set',
        details: { sealedFor: ['ftp.bank.example'], vaultKeyId: expect.stringMatching(/^[0-9a-f]{16}$/) },
      },
    ]);
    await expect(create('Bank login')).rejects.toMatchObject({ code: 'name_taken' });
  });

  test('change by field, and a new password makes a new seal in place of the old', async () => {
    const made = await create('Changing');
    const sealsBefore = await database.app.credentialSeal.findMany({ where: { credentialId: made.id } });
    const change = (fields: object) =>
      inTransaction(database.app, (tx) => updateCredential(tx, actor, { id: made.id, change: fields }, seal));
    const changed = await change({ name: 'Changed', username: 'wb2', password: 'new' });
    expect(changed).toMatchObject({ name: 'Changed', username: 'wb2' });
    expect(changed.rotatedAt >= made.rotatedAt).toBe(true);
    const sealsAfter = await database.app.credentialSeal.findMany({ where: { credentialId: made.id } });
    expect(sealsAfter).toHaveLength(1);
    expect(sealsAfter[0]?.sealed).not.toEqual(sealsBefore[0]?.sealed);
    expect((await eventsOf(made.id)).slice(2)).toMatchObject([
      {
        action: 'credential.updated',
        details: { changes: { name: { before: 'Changing', after: 'Changed' }, username: { after: 'wb2' } } },
      },
      { action: 'credential.password_set' },
    ]);
    await expect(
      inTransaction(database.app, (tx) =>
        updateCredential(tx, actor, { id: actor.id ?? '', change: { name: 'x' } }, seal),
      ),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('that an endpoint uses stay, and the message names it', async () => {
    const endpoint = await anEndpoint(database.app, { name: 'Uses a login' });
    const id = endpoint.credential?.id ?? '';
    const remove = (credentialId: string) =>
      inTransaction(database.app, (tx) => deleteCredential(tx, actor, { id: credentialId }));
    await expect(remove(id)).rejects.toMatchObject({
      code: 'in_use',
      detail: expect.stringContaining('"Uses a login"'),
    });
    const unused = await create('Unused');
    await remove(unused.id);
    await expect(getCredential(database.app, unused.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await database.app.credentialSeal.count({ where: { credentialId: unused.id } })).toBe(0);
    await expect(remove(unused.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are found by name, user name and partner', async () => {
    const partner = await aPartner(database.app);
    await inTransaction(database.app, (tx) =>
      createCredential(
        tx,
        actor,
        {
          name: 'Of a partner',
          partnerId: partner.id,
          username: 'needle-user',
          password: 'p',
          sealFor: { host: 'a.example', trust: { mode: 'system_cas' } },
        },
        seal,
      ),
    );
    for (const query of [{ partnerId: partner.id }, { search: 'NEEDLE' }, { search: 'of a part' }]) {
      const { items } = await listCredentials(database.app, query);
      expect(items.map((item) => item.name)).toEqual(['Of a partner']);
    }
  });

  test('for a server whose trust does not exist are refused by path', async () => {
    await expect(
      inTransaction(database.app, (tx) =>
        createCredential(
          tx,
          actor,
          {
            name: 'Bad trust',
            username: 'wb',
            password: 'p',
            sealFor: { host: 'a.example', trust: { mode: 'chosen_cas', certificateIds: [actor.id ?? ''] } },
          },
          seal,
        ),
      ),
    ).rejects.toMatchObject({ errors: [{ path: 'sealFor.trust.certificateIds.0' }] });
  });
});

describe('certificates', () => {
  test('are imported once, with the facts in the log', async () => {
    const { caPem } = await getTestPki();
    const made = await importOne({ name: 'Test CA', kind: 'ca', pem: caPem });
    expect(made).toMatchObject({
      subject: 'CN=Waybill test authority',
      notAfter: expect.any(String),
      fingerprintSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      endpointCount: 0,
    });
    expect(await eventsOf(made.id)).toMatchObject([
      { action: 'certificate.imported', details: { values: { fingerprintSha256: made.fingerprintSha256 } } },
    ]);
    await expect(importOne({ name: 'Test CA again', kind: 'ca', pem: caPem })).rejects.toMatchObject({
      errors: [{ path: 'pem', message: expect.stringContaining('"Test CA"') }],
    });
    await expect(importOne({ name: 'Test CA', kind: 'pinned_key', pem: caPem })).rejects.toMatchObject({
      code: 'name_taken',
    });
  });

  test('a pin comes from a certificate or from a fingerprint, and both are the same pin', async () => {
    const { certificatePem } = await (await getTestPki()).server('good');
    const pin = await importOne({ name: 'Pin', kind: 'pinned_key', pem: certificatePem });
    const base64 = Buffer.from(pin.spkiSha256, 'hex').toString('base64');
    await expect(
      importOne({ name: 'Pin again', kind: 'pinned_key', spkiSha256: `sha256/${base64}` }),
    ).rejects.toMatchObject({ errors: [{ path: 'spkiSha256', message: expect.stringContaining('"Pin"') }] });
    const bare = await importOne({ name: 'Bare pin', kind: 'pinned_key', spkiSha256: 'AB'.repeat(32) });
    expect(bare).toMatchObject({ spkiSha256: 'ab'.repeat(32), subject: null, notAfter: null });
    await expect(
      importOne({ name: 'Two pins', kind: 'pinned_key', pem: certificatePem, spkiSha256: 'ab'.repeat(32) }),
    ).rejects.toMatchObject({ errors: [{ path: 'spkiSha256' }] });
  });

  test('of several imports of one key at once, one is it', async () => {
    const imports = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) =>
        importOne({ name: `At once ${index}`, kind: 'pinned_key', spkiSha256: '23'.repeat(32) }),
      ),
    );
    const made = imports.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(made).toHaveLength(1);
    const message = expect.stringContaining(`as "${made[0]?.name}"`);
    for (const one of imports)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ errors: [{ message }] });
  });

  test('need what their kind needs', async () => {
    await expect(importOne({ name: 'x', kind: 'ca', spkiSha256: 'ab'.repeat(32) })).rejects.toMatchObject({
      errors: [{ path: 'pem' }],
    });
    await expect(importOne({ name: 'x', kind: 'pinned_key' })).rejects.toMatchObject({
      errors: [{ path: 'pem' }],
    });
    await expect(
      importOne({ name: 'x', kind: 'pinned_key', spkiSha256: 'cd'.repeat(32), partnerId: actor.id }),
    ).rejects.toMatchObject({ errors: [{ path: 'partnerId' }] });
  });

  test('that an endpoint trusts stay, and the message names it', async () => {
    const pin = await importOne({ name: 'Trusted pin', kind: 'pinned_key', spkiSha256: 'ef'.repeat(32) });
    await anEndpoint(database.app, {
      name: 'Trusts a pin',
      trust: { mode: 'pinned_keys', certificateIds: [pin.id] },
    });
    const remove = (id: string) => inTransaction(database.app, (tx) => deleteCertificate(tx, actor, { id }));
    await expect(remove(pin.id)).rejects.toMatchObject({
      code: 'in_use',
      detail: expect.stringContaining('"Trusts a pin"'),
    });
    expect((await getCertificate(database.app, pin.id)).endpointCount).toBe(1);
    const unused = await importOne({ name: 'Unused pin', kind: 'pinned_key', spkiSha256: '01'.repeat(32) });
    await remove(unused.id);
    expect((await eventsOf(unused.id)).map((event) => event.action)).toEqual([
      'certificate.imported',
      'certificate.deleted',
    ]);
    await expect(remove(unused.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are listed by kind, partner and name', async () => {
    const { items } = await listCertificates(database.app, { kind: 'ca' });
    expect(items.map((item) => item.name)).toEqual(['Test CA']);
    const found = await listCertificates(database.app, { search: 'bare' });
    expect(found.items.map((item) => item.name)).toEqual(['Bare pin']);
  });
});
