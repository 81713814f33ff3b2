import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { releaseEndpoint } from '@waybill/domain/endpoints/hold-endpoint.js';
import { approveException, endException, requestException } from '@waybill/domain/exceptions/exceptions.js';
import { anActor } from '@waybill/testing/builders.js';
import { type Site, openSite } from './test-support/site.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker();
  await writeFile(join(site.folder, 'out', 'a.csv'), 'content');
});
afterAll(() => site.close());

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
  const row = await site.database.app.endpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
  expect(row.heldKind).toBe('exception_needed');

  const exception = await inTransaction(site.database.app, async (tx) => {
    const asked = await requestException(tx, anActor(), {
      endpointId: endpoint.id,
      input: {
        deviations: ['no_verification'],
        justification: 'Their server takes the file away at once.',
        endsAt: new Date(Date.now() + 3600_000).toISOString(),
      },
    });
    await approveException(tx, anActor('administrator'), { id: asked.id });
    await releaseEndpoint(tx, anActor(), { id: endpoint.id });
    return asked;
  });
  expect(await site.waitFor(first)).toMatchObject({ state: 'succeeded' });
  expect(server.loginCount()).toBe(1);

  await inTransaction(site.database.app, (tx) => endException(tx, anActor(), { id: exception.id }));
  expect(await site.waitFor(await site.start(route), ['held'])).toMatchObject({
    failureKind: 'exception_needed',
  });
  expect(server.loginCount()).toBe(1);
});
