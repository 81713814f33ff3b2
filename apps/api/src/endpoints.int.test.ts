import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getTestPki } from '@waybill/testing/pki.js';
import { type Answer, type TestApi, problemOf, testApi } from './testing/test-api.js';

let api: TestApi;
let key: string;
let auditorKey: string;
beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf('operator');
  auditorKey = await api.keyOf('auditor');
});
afterAll(() => api.close());

const call = (operation: string, body?: unknown) => api.call(operation, { key, body });
const NOBODY = '01890000-0000-7000-8000-000000000000';
const server = (name: string) => ({
  name,
  protocol: 'ftps_explicit',
  host: 'ftp.bank.example',
  trust: { mode: 'system_cas' },
  username: 'wb',
  password: 'p1',
});
const folder = (name: string) => ({ name, protocol: 'local_folder', rootName: 'files' });
const made = async (operation: string, body: unknown) => {
  const answer = await call(operation, body);
  if (answer.status !== 201) throw new Error(`${operation} answered ${answer.status}: ${answer.text}`);
  return answer.body;
};
const paths = (answer: Answer): string[] => answer.body.errors.map((error: { path: string }) => error.path);

describe('endpoints over HTTP', () => {
  test('are made, read, listed, changed and deleted', async () => {
    const endpoint = await made('POST /api/v1/endpoints', server('Bank'));
    expect(endpoint).toMatchObject({ name: 'Bank', port: 21, hasPassword: true });
    expect((await call(`GET /api/v1/endpoints/${endpoint.id}`)).body).toEqual(endpoint);
    const list = await call('GET /api/v1/endpoints?search=bank&limit=1');
    expect(list.body).toEqual({ items: [endpoint], nextCursor: null });
    const changed = await call(`PATCH /api/v1/endpoints/${endpoint.id}`, { port: 2121 });
    expect(changed).toMatchObject({ status: 200, body: { port: 2121 } });
    expect((await call(`DELETE /api/v1/endpoints/${endpoint.id}`)).status).toBe(204);
    expect(problemOf(await call(`GET /api/v1/endpoints/${endpoint.id}`))).toEqual([404, 'not_found']);
  });

  test('of another shape are refused field by field', async () => {
    const wrong = await call('POST /api/v1/endpoints', {
      ...server(''),
      host: 'ftps://bank/path',
      port: 70_000,
      trust: { mode: 'everything' },
      username: 'a\r\nDELE x',
      password: 'b\r\n',
      basePath: '/a/../b',
    });
    expect(problemOf(wrong)).toEqual([400, 'invalid_input']);
    expect(paths(wrong).sort()).toEqual(
      ['basePath', 'host', 'name', 'password', 'port', 'trust.mode', 'username'].sort(),
    );
    const escaping = await call('POST /api/v1/endpoints', { ...folder('Escaping'), rootName: '/etc' });
    expect([problemOf(escaping), paths(escaping)]).toEqual([[400, 'invalid_input'], ['rootName']]);
    const twoFaced = await call('POST /api/v1/endpoints', { ...folder('Two'), host: 'ftp.bank.example' });
    expect([problemOf(twoFaced), paths(twoFaced)]).toEqual([[400, 'invalid_input'], ['host']]);
  });

  test('that are repointed answer 409 with what to do', async () => {
    const { id } = await made('POST /api/v1/endpoints', server('Repointed'));
    const answer = await call(`PATCH /api/v1/endpoints/${id}`, { host: 'ftp.evil.example' });
    expect(problemOf(answer)).toEqual([409, 'password_needed']);
    expect(answer.body).toMatchObject({
      title: 'The password must be entered again',
      detail: expect.stringContaining('as password'),
      errors: [{ path: 'password' }],
    });
  });

  test('are tested by a row and a ring; the second request gets the same test', async () => {
    const { id } = await made('POST /api/v1/endpoints', server('Tested'));
    const asked = await call(`POST /api/v1/endpoints/${id}/test`);
    expect(asked).toMatchObject({ status: 202, body: { endpointId: id, state: 'queued', steps: [] } });
    expect((await call(`POST /api/v1/endpoints/${id}/test`)).body.id).toBe(asked.body.id);
    expect((await call(`GET /api/v1/endpoint-tests/${asked.body.id}`)).body).toEqual(asked.body);
    expect((await call(`GET /api/v1/endpoints/${id}/tests`)).body).toEqual({
      items: [asked.body],
      nextCursor: null,
    });
    const rings = await api.database.app.$queryRaw<unknown[]>`
      SELECT data FROM bullmq.job WHERE data::text LIKE ${`%${asked.body.id}%`}`;
    expect(rings).toHaveLength(1);
    expect(problemOf(await call(`POST /api/v1/endpoints/${NOBODY}/test`))).toEqual([404, 'not_found']);
    expect(problemOf(await call(`GET /api/v1/endpoint-tests/${NOBODY}`))).toEqual([404, 'not_found']);
    expect(problemOf(await call(`GET /api/v1/endpoints/${NOBODY}/tests`))).toEqual([404, 'not_found']);
  });

  test('stand in the way of deleting their partner, which says how many there are', async () => {
    const partner = await made('POST /api/v1/partners', { name: 'Bank' });
    const deleted = () => call(`DELETE /api/v1/partners/${partner.id}`);
    await made('POST /api/v1/endpoints', { ...folder('First'), partnerId: partner.id });
    expect((await deleted()).body.detail).toBe('Bank still has 1 endpoint. Delete or move them first.');
    await made('POST /api/v1/endpoints', { ...folder('Second'), partnerId: partner.id });
    expect((await deleted()).body.detail).toBe('Bank still has 2 endpoints. Delete or move them first.');
  });

  test('that are not on hold cannot be released', async () => {
    const { id } = await made('POST /api/v1/endpoints', server('Free'));
    expect(problemOf(await call(`POST /api/v1/endpoints/${id}/release`))).toEqual([409, 'wrong_state']);
    await api.database.worker.endpoint.update({
      where: { id },
      data: { heldAt: new Date(), heldReason: 'x' },
    });
    expect(await call(`POST /api/v1/endpoints/${id}/release`)).toMatchObject({
      status: 200,
      body: { heldAt: null },
    });
  });

  test('of a local folder choose among the names of the configured roots', async () => {
    expect((await call('GET /api/v1/local-roots')).body).toEqual({ items: [{ name: 'files' }] });
    expect((await call('GET /api/v1/local-roots')).text).not.toContain('/srv');
  });
});

describe('credentials and certificates over HTTP', () => {
  test('a credential is made, changed, refused while in use, and deleted', async () => {
    const credential = await made('POST /api/v1/credentials', {
      name: 'Login',
      username: 'wb',
      password: 'p1',
      sealFor: { host: 'ftp.bank.example', trust: { mode: 'system_cas' } },
    });
    expect(credential).toMatchObject({ hasPassword: true, sealedFor: ['ftp.bank.example'] });
    const { username: _u, password: _p, ...bare } = server('Uses login');
    const endpoint = await made('POST /api/v1/endpoints', { ...bare, credentialId: credential.id });
    expect(problemOf(await call(`DELETE /api/v1/credentials/${credential.id}`))).toEqual([409, 'in_use']);
    const changed = await call(`PATCH /api/v1/credentials/${credential.id}`, {
      username: 'wb2',
      password: 'p2',
    });
    expect(changed).toMatchObject({ status: 200, body: { username: 'wb2', endpointCount: 1 } });
    expect((await call('GET /api/v1/credentials?search=login')).body.items).toEqual([changed.body]);
    await call(`DELETE /api/v1/endpoints/${endpoint.id}`);
    expect((await call(`DELETE /api/v1/credentials/${credential.id}`)).status).toBe(204);
    expect(problemOf(await call(`GET /api/v1/credentials/${credential.id}`))).toEqual([404, 'not_found']);
  });

  test('a certificate is imported, trusted and deleted; a private key is turned away and kept nowhere', async () => {
    const pki = await getTestPki();
    const { keyPem } = await pki.server('good');
    const ca = await made('POST /api/v1/certificates', { name: 'CA', kind: 'ca', pem: pki.caPem });
    expect((await call(`GET /api/v1/certificates/${ca.id}`)).body).toEqual(ca);
    expect((await call('GET /api/v1/certificates?kind=ca')).body.items).toEqual([ca]);
    const endpoint = await made('POST /api/v1/endpoints', {
      ...server('Trusts CA'),
      trust: { mode: 'chosen_cas', certificateIds: [ca.id] },
    });
    expect(problemOf(await call(`DELETE /api/v1/certificates/${ca.id}`))).toEqual([409, 'in_use']);
    await call(`DELETE /api/v1/endpoints/${endpoint.id}`);
    expect((await call(`DELETE /api/v1/certificates/${ca.id}`)).status).toBe(204);

    const pasted = await call('POST /api/v1/certificates', {
      name: 'Key',
      kind: 'ca',
      pem: pki.caPem + keyPem,
    });
    expect([problemOf(pasted), paths(pasted)]).toEqual([[400, 'invalid_input'], ['pem']]);
    expect(pasted.body.detail).toContain('private key');
    const aLine = keyPem.split('\n')[3] ?? keyPem;
    expect(pasted.text + api.logged()).not.toContain(aLine);
  });
});

describe('routes and schedules over HTTP', () => {
  test('are made, read, changed, planned and deleted', async () => {
    const from = await made('POST /api/v1/endpoints', folder('From'));
    const to = await made('POST /api/v1/endpoints', server('To'));
    const route = await made('POST /api/v1/routes', {
      name: 'Send',
      sourceEndpointId: from.id,
      sourcePath: '/out',
      targetEndpointId: to.id,
      targetPath: '/in',
    });
    expect(problemOf(await call(`DELETE /api/v1/endpoints/${to.id}`))).toEqual([409, 'in_use']);
    const schedule = await made('POST /api/v1/schedules', {
      routeId: route.id,
      name: 'Daily',
      cron: '0 6 * * *',
      timeZone: 'Europe/Zurich',
    });
    expect((await call(`GET /api/v1/routes/${route.id}`)).body).toMatchObject({
      scheduleCount: 1,
      nextRunAt: schedule.nextRunAt,
    });
    expect((await call(`GET /api/v1/schedules/${schedule.id}`)).body).toEqual(schedule);
    expect((await call(`GET /api/v1/schedules?routeId=${route.id}`)).body.items).toEqual([schedule]);
    expect(
      (await call(`PATCH /api/v1/schedules/${schedule.id}`, { enabled: false })).body.nextRunAt,
    ).toBeNull();
    expect((await call(`PATCH /api/v1/routes/${route.id}`, { enabled: false })).body.enabled).toBe(false);
    expect((await call(`GET /api/v1/routes?enabled=false`)).body.items).toHaveLength(1);
    expect(problemOf(await call(`POST /api/v1/routes/${route.id}/release`))).toEqual([409, 'wrong_state']);
    expect((await call(`DELETE /api/v1/schedules/${schedule.id}`)).status).toBe(204);
    expect((await call(`DELETE /api/v1/routes/${route.id}`)).status).toBe(204);
    expect(problemOf(await call(`GET /api/v1/routes/${route.id}`))).toEqual([404, 'not_found']);
  });

  test('a preview answers runs, or what is wrong with cron or zone', async () => {
    const preview = (cron: string, timeZone: string) =>
      call(`GET /api/v1/schedules/preview?${new URLSearchParams({ cron, timeZone, count: '3' }).toString()}`);
    expect((await preview('*/5 * * * *', 'UTC')).body.runs).toHaveLength(3);
    const sixFields = await preview('* * * * * *', 'UTC');
    expect([problemOf(sixFields), paths(sixFields)]).toEqual([[400, 'invalid_input'], ['cron']]);
    expect(paths(await preview('* * * * *', '+01:00'))).toEqual(['timeZone']);
  });
});

test('an auditor reads all of it and changes none of it', async () => {
  for (const noun of ['endpoints', 'credentials', 'certificates', 'routes', 'schedules', 'local-roots'])
    expect((await api.call(`GET /api/v1/${noun}`, { key: auditorKey })).status).toBe(200);
  for (const operation of [
    'POST /api/v1/endpoints',
    `PATCH /api/v1/endpoints/${NOBODY}`,
    `DELETE /api/v1/endpoints/${NOBODY}`,
    `POST /api/v1/endpoints/${NOBODY}/release`,
    `POST /api/v1/endpoints/${NOBODY}/test`,
    'POST /api/v1/credentials',
    `PATCH /api/v1/credentials/${NOBODY}`,
    `DELETE /api/v1/credentials/${NOBODY}`,
    'POST /api/v1/certificates',
    `DELETE /api/v1/certificates/${NOBODY}`,
    'POST /api/v1/routes',
    `PATCH /api/v1/routes/${NOBODY}`,
    `DELETE /api/v1/routes/${NOBODY}`,
    `POST /api/v1/routes/${NOBODY}/release`,
    'POST /api/v1/schedules',
    `PATCH /api/v1/schedules/${NOBODY}`,
    `DELETE /api/v1/schedules/${NOBODY}`,
  ]) {
    expect(problemOf(await api.call(operation, { key: auditorKey }))).toEqual([403, 'forbidden']);
    expect(problemOf(await api.call(operation))).toEqual([401, 'not_signed_in']);
  }
});
