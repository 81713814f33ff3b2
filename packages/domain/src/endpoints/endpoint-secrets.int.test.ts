/** What an endpoint sends besides its usual password: one in the clear, one to a proxy, the proof of a certificate. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aLocalFolder, anActor, anEndpoint, testSeal, testVaultKeys } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { getTestPki } from '@waybill/testing/pki.js';
import type { SecretBinding } from '@waybill/vault/binding.js';
import { openWith } from '@waybill/vault/open.js';
import {
  type TrustedImport,
  deleteCertificate,
  importCertificate,
  importOwnCertificate,
} from '../trust/certificates.js';
import { deleteCredential, getCredential } from '../trust/credentials.js';
import { getEndpoint } from './endpoint-views.js';
import { updateEndpoint } from './endpoints.js';
import { type LoadedServer, loadEndpoint } from './load-endpoint.js';

const actor = anActor();
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const update = async (id: string, change: EndpointUpdate) => {
  const means = { seal: await testSeal(), localRoots: [] };
  return inTransaction(database.app, (tx) => updateEndpoint(tx, actor, { id, change }, means));
};
const loaded = (id: string) => loadEndpoint(database.worker, id) as Promise<LoadedServer>;
async function open(secret: { sealed: Uint8Array; binding: SecretBinding } | null | undefined) {
  if (!secret) return null;
  const { privateKey } = await testVaultKeys();
  return (await (await openWith(privateKey))(secret.sealed, secret.binding)).reveal();
}
const PROXY = { kind: 'socks5', host: 'proxy.ours.example', port: 1080, resolvesNames: false } as const;

describe('a server without encryption', () => {
  test('gets the password only when somebody enters it for that', async () => {
    const endpoint = await anEndpoint(database.app, { password: 'kept-secret' });
    await expect(update(endpoint.id, { protocol: 'ftp' })).rejects.toMatchObject({
      code: 'password_needed',
      errors: [{ path: 'password' }],
      detail: expect.stringContaining('without encryption'),
    });
    // Nor together with another change, nor by way of the shared credential.
    await expect(
      anEndpoint(database.app, {
        protocol: 'ftp',
        host: endpoint.host ?? '',
        ...{ credentialId: endpoint.credential?.id, username: undefined, password: undefined },
      }),
    ).rejects.toMatchObject({ code: 'password_needed' });
    expect((await loaded(endpoint.id)).protocol).toBe('ftps_explicit');

    const changed = await update(endpoint.id, { protocol: 'ftp', password: 'for-the-clear' });
    expect(changed).toMatchObject({ protocol: 'ftp', hasPassword: true });
    expect(await open((await loaded(endpoint.id)).seal)).toBe('for-the-clear');
    // And back: what was entered for the clear is not what TLS had.
    await expect(update(endpoint.id, { protocol: 'ftps_explicit' })).rejects.toMatchObject({
      code: 'password_needed',
    });
  });

  test('has no trust to change, so that asks for nothing', async () => {
    const endpoint = await anEndpoint(database.app, { protocol: 'ftp', password: 'p' });
    const changed = await update(endpoint.id, { trust: { mode: 'system_cas', serverName: 'other.example' } });
    expect(changed.hasPassword).toBe(true);
  });

  test('sends it through no other proxy than the one that it was entered for', async () => {
    const endpoint = await anEndpoint(database.app, { protocol: 'ftp', password: 'p' });
    await expect(update(endpoint.id, { settings: { proxy: PROXY } })).rejects.toMatchObject({
      code: 'password_needed',
      errors: [{ path: 'password' }],
    });
    const proxied = await update(endpoint.id, { settings: { proxy: PROXY }, password: 'again' });
    expect(proxied.hasPassword).toBe(true);
    expect(await open((await loaded(endpoint.id)).seal)).toBe('again');
    // Where the server encrypts, a proxy reads nothing.
    const encrypted = await anEndpoint(database.app);
    expect((await update(encrypted.id, { settings: { proxy: PROXY } })).hasPassword).toBe(true);
  });

  test('is not opened by a row that was turned in the database', async () => {
    const endpoint = await anEndpoint(database.app, { password: 'p' });
    await database.app.endpoint.update({ where: { id: endpoint.id }, data: { protocol: 'ftp' } });
    expect((await loaded(endpoint.id)).seal).toBeNull();
    expect((await getEndpoint(database.app, endpoint.id)).hasPassword).toBe(false);
  });
});

describe('the login of a proxy', () => {
  const proxied = (input: object = {}) =>
    anEndpoint(database.app, {
      settings: { proxy: PROXY },
      proxyUsername: 'px',
      proxyPassword: 'proxy-secret',
      ...input,
    });

  test('is a credential of its own, sealed for the proxy', async () => {
    const endpoint = await proxied();
    expect(endpoint).toMatchObject({
      proxyCredential: { name: `${endpoint.name} proxy`, username: 'px' },
      hasProxyPassword: true,
    });
    const { proxyLogin } = await loaded(endpoint.id);
    expect(proxyLogin?.username).toBe('px');
    expect(await open(proxyLogin?.seal)).toBe('proxy-secret');
    const credential = await getCredential(database.app, endpoint.proxyCredential?.id ?? '');
    expect(credential).toMatchObject({ sealedFor: [PROXY.host], endpointCount: 1 });
    await expect(
      inTransaction(database.app, (tx) => deleteCredential(tx, actor, { id: credential.id })),
    ).rejects.toMatchObject({ code: 'in_use', detail: expect.stringContaining(endpoint.name) });
  });

  test('is asked for again at another proxy, and not at another port', async () => {
    const endpoint = await proxied();
    const move = (proxy: object, more: EndpointUpdate = {}) =>
      update(endpoint.id, { settings: { proxy: { ...PROXY, ...proxy } }, ...more });
    await expect(move({ host: 'evil.example' })).rejects.toMatchObject({
      code: 'password_needed',
      errors: [{ path: 'proxyPassword' }],
    });
    expect((await move({ port: 1081, kind: 'http_connect' })).hasProxyPassword).toBe(true);
    const moved = await move({ host: 'proxy2.ours.example' }, { proxyPassword: 'again' });
    expect(moved.hasProxyPassword).toBe(true);
    expect(await open((await loaded(endpoint.id)).proxyLogin?.seal)).toBe('again');
    // The first proxy's seal went when nobody used it any more.
    const { sealedFor } = await getCredential(database.app, endpoint.proxyCredential?.id ?? '');
    expect(sealedFor).toEqual(['proxy2.ours.example']);
    const events = await database.app.auditEvent.findMany({ where: { objectId: endpoint.id } });
    expect(events.map(({ details }) => details)).toContainEqual({
      changes: expect.objectContaining({ proxyPassword: { before: null, after: 'replaced' } }),
    });
  });

  test('may be a credential that serves another endpoint through the same proxy', async () => {
    const first = await proxied();
    const second = await proxied({
      proxyUsername: undefined,
      proxyPassword: undefined,
      proxyCredentialId: first.proxyCredential?.id,
    });
    expect(await open((await loaded(second.id)).proxyLogin?.seal)).toBe('proxy-secret');
    // Leaving the proxy does not take its password from the other one.
    const left = await update(second.id, { settings: { proxy: null } });
    expect(left).toMatchObject({ proxyCredential: null, hasProxyPassword: false });
    expect((await getEndpoint(database.app, first.id)).hasProxyPassword).toBe(true);
  });

  test('of a server is not handed to a proxy, nor the other way round', async () => {
    const endpoint = await anEndpoint(database.app, { host: PROXY.host });
    const credentialId = endpoint.credential?.id;
    await expect(
      update(endpoint.id, { settings: { proxy: PROXY }, proxyCredentialId: credentialId }),
    ).rejects.toMatchObject({ code: 'password_needed' });
    const other = await proxied();
    await expect(update(endpoint.id, { credentialId: other.proxyCredential?.id })).rejects.toMatchObject({
      code: 'password_needed',
    });
  });

  test('is taken away by null, and needs a proxy', async () => {
    const endpoint = await proxied();
    const without = await update(endpoint.id, { proxyCredentialId: null });
    expect(without.proxyCredential).toBeNull();
    expect((await loaded(endpoint.id)).proxyLogin).toBeNull();
    const plain = await anEndpoint(database.app);
    for (const change of [{ proxyUsername: 'px' }, { proxyPassword: 'p' }, { proxyCredentialId: plain.id }])
      await expect(update(plain.id, change)).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ path: Object.keys(change)[0] }],
      });
    await expect(update(plain.id, { settings: { proxy: PROXY }, proxyPassword: 'p' })).rejects.toMatchObject({
      errors: [{ path: 'proxyUsername' }],
    });
  });
});

describe('a certificate of ours', () => {
  let certificateId: string;
  let pem: { keyPem: string; certificatePem: string };
  beforeAll(async () => {
    const pki = await getTestPki();
    pem = await pki.client();
    const seal = await testSeal();
    const made = await inTransaction(database.app, (tx) =>
      importOwnCertificate(
        tx,
        actor,
        { name: 'Ours', kind: 'client', pem: pem.certificatePem + pki.caPem, privateKeyPem: pem.keyPem },
        seal,
      ),
    );
    certificateId = made.id;
  });

  test('is shown by an endpoint, with its chain and the key that only a worker opens', async () => {
    const endpoint = await anEndpoint(database.app, { clientCertificateId: certificateId });
    expect(endpoint.clientCertificate).toEqual({ id: certificateId, name: 'Ours' });
    const { clientCertificate } = await loaded(endpoint.id);
    expect(await open(clientCertificate?.key)).toContain('BEGIN PRIVATE KEY');
    expect(clientCertificate?.certificatePem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    await expect(
      inTransaction(database.app, (tx) => deleteCertificate(tx, actor, { id: certificateId })),
    ).rejects.toMatchObject({ code: 'in_use', detail: expect.stringContaining('is shown by') });

    const without = await update(endpoint.id, { clientCertificateId: null });
    expect(without.clientCertificate).toBeNull();
    const event = await database.app.auditEvent.findFirstOrThrow({
      where: { objectId: endpoint.id, action: 'endpoint.updated' },
    });
    expect(event.details).toEqual({ changes: { clientCertificate: { before: 'Ours', after: null } } });
  });

  test('is one with its key, and of the kind', async () => {
    const input: TrustedImport = { name: 'Not ours', kind: 'pinned_key', spkiSha256: 'a'.repeat(64) };
    const pin = await inTransaction(database.app, (tx) => importCertificate(tx, actor, input));
    for (const clientCertificateId of [pin.id, actor.id ?? ''])
      await expect(anEndpoint(database.app, { clientCertificateId })).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ path: 'clientCertificateId' }],
      });
    const endpoint = await anEndpoint(database.app);
    await expect(update(endpoint.id, { clientCertificateId: pin.id })).rejects.toMatchObject({
      errors: [{ path: 'clientCertificateId' }],
    });
    await expect(
      update(endpoint.id, { trust: { mode: 'chosen_cas', certificateIds: [certificateId] } }),
    ).rejects.toMatchObject({ errors: [{ path: 'trust.certificateIds.0' }] });
  });
});

describe('settings', () => {
  test('change field by field, and null takes back what may be null', async () => {
    const endpoint = await anEndpoint(database.app, {
      settings: { noopSeconds: 30, bandwidthKibPerSecond: 500 },
    });
    const changed = await update(endpoint.id, {
      settings: { bandwidthKibPerSecond: null, encoding: 'iso-8859-1' },
    });
    expect(changed.settings).toMatchObject({
      noopSeconds: 30,
      bandwidthKibPerSecond: null,
      encoding: 'iso-8859-1',
      maxConnections: 8,
    });
  });

  test('that contradict each other are refused at the field, whichever of the two comes later', async () => {
    await expect(
      anEndpoint(database.app, { settings: { activePortFrom: 5000, activePortTo: 4000 } }),
    ).rejects.toMatchObject({ code: 'invalid_input', errors: [{ path: 'settings.activePortTo' }] });
    const endpoint = await anEndpoint(database.app, { settings: { tlsMaxVersion: 'TLSv1.2' } });
    await expect(update(endpoint.id, { tlsMinVersion: 'TLSv1.3' })).rejects.toMatchObject({
      errors: [{ path: 'settings.tlsMaxVersion' }],
    });
    expect(await update(endpoint.id, { name: 'Other changes pass' })).toMatchObject({
      tlsMinVersion: 'TLSv1.2',
    });
  });

  test('are for servers', async () => {
    const folder = await aLocalFolder(database.app);
    for (const change of [
      { settings: { resume: false } },
      { clientCertificateId: null },
      { proxyUsername: 'x' },
    ])
      await expect(update(folder.id, change)).rejects.toMatchObject({
        errors: [{ path: Object.keys(change)[0] }],
      });
  });
});
