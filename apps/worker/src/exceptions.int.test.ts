import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Deviation } from '@waybill/contracts/exceptions.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { releaseEndpoint } from '@waybill/domain/endpoints/hold-endpoint.js';
import { approveException, endException, requestException } from '@waybill/domain/exceptions/exceptions.js';
import { getTransfer, listAttempts } from '@waybill/domain/transfers/transfer-views.js';
import { importOwnCertificate } from '@waybill/domain/trust/certificates.js';
import { anActor, testSeal } from '@waybill/testing/builders.js';
import { getTestPki } from '@waybill/testing/pki.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import pg from 'pg';
import { type Site, openSite } from './test-support/site.js';

let site: Site;
const servers: FtpTestServer[] = [];
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
  await writeFile(join(site.folder, 'out', 'a.csv'), 'content');
});
afterAll(async () => {
  await site.close();
  await Promise.all(servers.map((server) => server.stop()));
});

/** A person asks, another one approves. */
const permit = (endpointId: string, deviation: Deviation) =>
  inTransaction(site.database.app, async (tx) => {
    const asked = await requestException(tx, anActor(), {
      endpointId,
      input: {
        deviations: [deviation],
        justification: 'Their server takes the file away at once.',
        endsAt: new Date(Date.now() + 3600_000).toISOString(),
      },
    });
    return approveException(tx, anActor('administrator'), { id: asked.id });
  });

test('an endpoint that deviates is not even dialled without an exception in force, and serves under one', async () => {
  const server = await site.scripted();
  const endpoint = await site.server(server, { settings: { verification: 'none' } });
  const route = await site.sendRoute(endpoint);
  const first = await site.start(route);
  const held = await site.waitFor(first, ['held']);
  expect(held).toMatchObject({ failureKind: 'exception_needed', tryCount: 1 });
  expect(held.failureText).toContain(endpoint.name);
  expect(held.failureText).toContain('does not compare what was written');
  expect(server.loginCount()).toBe(0);
  expect((await getTransfer(site.database.app, first)).failedEnd).toMatchObject({
    side: 'target',
    endpointId: endpoint.id,
  });
  const row = await site.database.app.endpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
  expect(row.heldKind).toBe('exception_needed');

  const exception = await permit(endpoint.id, 'no_verification');
  await inTransaction(site.database.app, (tx) => releaseEndpoint(tx, anActor(), { id: endpoint.id }));
  expect(await site.waitFor(first)).toMatchObject({ state: 'succeeded' });
  expect(server.loginCount()).toBe(1);

  await inTransaction(site.database.app, (tx) => endException(tx, anActor(), { id: exception.id }));
  expect(await site.waitFor(await site.start(route), ['held'])).toMatchObject({
    failureKind: 'exception_needed',
  });
  expect(server.loginCount()).toBe(1);
});

test('where an exception has expired, the failure tells when, and what to do', async () => {
  const server = await site.scripted();
  const endpoint = await site.server(server, { settings: { verification: 'none' } });
  const { id } = await permit(endpoint.id, 'no_verification');
  // Nobody who runs may move the end.
  const owner = new pg.Client({ connectionString: site.database.ownerUrl });
  await owner.connect();
  await owner.query(`UPDATE endpoint_exception SET ends_at = '2026-01-02T03:04:05Z' WHERE id = $1`, [id]);
  await owner.end();
  const held = await site.waitFor(await site.start(await site.sendRoute(endpoint)), ['held']);
  expect(held.failureText).toMatch(
    /and its exception expired on 2026-01-02, 03:04 UTC\..+Ask for another exception.+or change the endpoint/,
  );
});

test('text that has other line ends at its server is cleared there, and not collected again where it cannot be', async () => {
  let mayDelete = false;
  const server = await site.scripted({
    onCommand: (_session, verb) => (verb === 'DELE' && !mayDelete ? '450 Locked.' : undefined),
  });
  const endpoint = await site.server(server, { settings: { transferType: 'ascii' } });
  await permit(endpoint.id, 'no_verification');
  const change = { afterAction: 'delete', maxTries: 1 } as const;
  const route = await site.collectRoute(endpoint, change);
  await writeFile(join(server.root, 'text.csv'), 'one\r\ntwo\r\n');
  const first = await site.waitFor(await site.start(route));
  expect(first).toMatchObject({ state: 'partial', deliveredCount: 1 });
  expect(first.failureText).toContain('Locked.');
  expect((await site.waitFor(await site.start(route))).files).toMatchObject([{ state: 'skipped' }]);
  await rm(join(server.root, 'text.csv'));

  mayDelete = true;
  await writeFile(join(server.root, 'more.csv'), 'three\r\n');
  expect(await site.waitFor(await site.start(route))).toMatchObject({
    state: 'succeeded',
    deliveredCount: 1,
  });
  expect(await readdir(server.root)).toEqual([]);
  expect(await readFile(join(site.folder, 'in', 'more.csv'), 'utf8')).toBe('three\n');
});

test('plain FTP moves files under an exception, and whoever reads of the transfer sees it', async () => {
  const server = await startVsftpd({ allowPlain: true });
  servers.push(server);
  const endpoint = await site.server(server, { protocol: 'ftp' });
  const id = await site.start(await site.sendRoute(endpoint));
  await site.waitFor(id, ['held']);
  // Nothing was sent yet, so nothing went in the clear.
  expect(await getTransfer(site.database.app, id)).toMatchObject({ notEncrypted: false });
  await permit(endpoint.id, 'plain_ftp');
  await inTransaction(site.database.app, (tx) => releaseEndpoint(tx, anActor(), { id: endpoint.id }));
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded' });
  expect(await getTransfer(site.database.app, id)).toMatchObject({ notEncrypted: true });
  const { items } = await listAttempts(site.database.app, id, {});
  expect(items[0]?.connections.find(({ side }) => side === 'target')).toMatchObject({
    protocol: 'ftp',
    control: null,
    data: null,
  });

  const encrypted = await site.server(server, { name: 'The same, encrypted' });
  const other = await site.start(await site.sendRoute(encrypted));
  expect(await site.waitFor(other)).toMatchObject({ state: 'succeeded' });
  expect(await getTransfer(site.database.app, other)).toMatchObject({ notEncrypted: false });
});

test('a server that asks for our certificate is shown the one of the endpoint, with its key', async () => {
  const server = await startVsftpd({ requireClientCertificate: true });
  servers.push(server);
  const { certificatePem, keyPem } = await (await getTestPki()).client();
  const seal = await testSeal();
  const ours = await inTransaction(site.database.app, (tx) =>
    importOwnCertificate(
      tx,
      anActor(),
      { name: 'Ours', kind: 'client', pem: certificatePem, privateKeyPem: keyPem },
      seal,
    ),
  );
  const endpoint = await site.server(server, { clientCertificateId: ours.id });
  const id = await site.start(await site.sendRoute(endpoint));
  expect(await site.waitFor(id)).toMatchObject({ state: 'succeeded' });
  const { items } = await listAttempts(site.database.app, id, {});
  expect(items[0]?.connections.find(({ side }) => side === 'target')).toMatchObject({
    clientCertificateSha256: ours.fingerprintSha256,
  });
});
