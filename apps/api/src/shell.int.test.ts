import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { createApiKey } from '@waybill/domain/access/api-keys.js';
import { cliActor } from '@waybill/domain/actor.js';
import type { Response } from 'express';
import type { RateLimits } from './http/rate-limits.js';
import { RATE_LIMITS } from './tokens.js';
import { declaredOperations } from './testing/operations.js';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

const consoleDir = mkdtempSync(join(tmpdir(), 'waybill-console-'));
mkdirSync(join(consoleDir, 'assets'));
writeFileSync(join(consoleDir, 'index.html'), '<!doctype html><title>Console</title>');
writeFileSync(join(consoleDir, 'assets/main-1a2b3c.js'), 'export {};');

const NOBODY = '00000000-0000-7000-8000-000000000000';

let api: TestApi;
let admin = '';
beforeAll(async () => {
  api = await testApi({ consoleDir, trustedProxies: ['127.0.0.1'] });
  admin = await api.keyOf('administrator');
});
afterAll(async () => {
  await api.close();
  await rm(consoleDir, { recursive: true });
});

/** Sends these bytes and answers what comes until the connection ends. */
function sendRaw(text: string): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}

describe('problems', () => {
  test('are RFC 9457, with the id of the request that is in the header as well', async () => {
    const answer = await api.call('GET /api/v1/me');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({
      type: 'about:blank#not_signed_in',
      title: 'Sign in, or send an API key',
      status: 401,
      code: 'not_signed_in',
      requestId: answer.headers.get('x-request-id'),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Waybill"');
  });

  test('a method that an address does not know is told apart from an address that is none', async () => {
    const put = await api.call('PUT /api/v1/partners', { key: admin });
    expect(problemOf(put)).toEqual([405, 'method_not_allowed']);
    expect(put.headers.get('allow')).toBe('GET, HEAD, POST');
    const one = await api.call(`POST /api/v1/partners/${NOBODY}`, { key: admin });
    expect(one.headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE');
    const options = await api.call('OPTIONS /api/v1/transfers', { key: admin });
    expect([options.status, options.text, options.headers.get('allow')]).toEqual([
      204,
      '',
      'GET, HEAD, POST',
    ]);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
    expect(problemOf(await api.call('OPTIONS /api/v1/nothing'))).toEqual([404, 'not_found']);
    expect((await api.call('HEAD /api/v1/partners', { key: admin })).status).toBe(200);
    expect(problemOf(await api.call('GET /API/v1/Nothing', { key: admin }))).toEqual([404, 'not_found']);
  });

  test.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid_input'],
    ['a method that nobody knows', 'FOO /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'invalid_input'],
    ['a head of 20 kB', `GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
  ])('also for %s', async (_, text, status, code) => {
    const answer = await sendRaw(text);
    expect(answer).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [^]*\\r\\nContent-Type: application/problem\\+json`),
    );
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status, code });
  });

  test('name every field that is wrong', async () => {
    const answer = await api.call('POST /api/v1/partners', {
      key: admin,
      body: { name: ' ', contactEmail: 'x', tags: ['ok', 'not ok!'] },
    });
    expect(problemOf(answer)).toEqual([400, 'invalid_input']);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toEqual([
      'name',
      'contactEmail',
      'tags.1',
    ]);
  });

  test('refuse a field and a query parameter that nobody knows', async () => {
    const body = { name: 'Acme', descripton: 'misspelt' };
    const answer = await api.call('POST /api/v1/partners', { key: admin, body });
    expect(answer.body.errors).toEqual([
      { path: 'descripton', message: 'is not a field that is known here' },
    ]);
    const proto = await api.call('POST /api/v1/partners', {
      key: admin,
      body: '{"name":"Acme","__proto__":{"role":"administrator"}}',
    });
    expect(problemOf(proto)).toEqual([400, 'invalid_input']);
    const query = await api.call('GET /api/v1/partners?serach=x', { key: admin });
    expect(query.body.errors[0].path).toBe('serach');
    expect(problemOf(await api.call('GET /api/v1/partners?limit=1&limit=2', { key: admin }))).toEqual([
      400,
      'invalid_input',
    ]);
  });

  test.each([
    ['a body that is no JSON', '{"name":', [400, 'invalid_input']],
    ['a body that is no object', '[]', [400, 'invalid_input']],
    ['a body that is nothing', 'null', [400, 'invalid_input']],
    [
      'a body that is nested deeply',
      `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      [400, 'invalid_input'],
    ],
    ['half of a surrogate pair', '{"name":"a\\ud800b"}', [400, 'invalid_input']],
    ['a body of more than 256 kB', JSON.stringify({ name: 'x'.repeat(262_144) }), [413, 'too_large']],
  ])('refuse %s', async (_, body, expected) => {
    expect(problemOf(await api.call('POST /api/v1/partners', { key: admin, body }))).toEqual(expected);
  });

  test('ask for a body where there is none, and for JSON where it is something else', async () => {
    const none = await api.call('POST /api/v1/partners', { key: admin });
    expect(none.body.errors[0].message).toMatch(/Content-Type: application\/json/);
    const form = await api.call('POST /api/v1/partners', {
      key: admin,
      body: 'name=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(problemOf(form)).toEqual([400, 'invalid_input']);
    const squeezed = await api.call('POST /api/v1/partners', {
      key: admin,
      body: 'xx',
      headers: { 'content-encoding': 'gzip' },
    });
    expect(problemOf(squeezed)).toEqual([400, 'invalid_input']);
  });

  test('an id that is none, an address that is none and a text that is none are told apart from faults', async () => {
    expect(problemOf(await api.call('GET /api/v1/partners/42', { key: admin }))).toEqual([404, 'not_found']);
    expect(problemOf(await api.call('GET /api/v1/partners/%00', { key: admin }))).toEqual([404, 'not_found']);
    expect(problemOf(await api.call('GET /api/v1/nothing', { key: admin }))).toEqual([404, 'not_found']);
    expect(problemOf(await api.call('GET /api/nothing'))).toEqual([404, 'not_found']);
    expect(problemOf(await api.call('GET /api/v1/partners/%zz', { key: admin }))).toEqual([
      400,
      'invalid_input',
    ]);
    const searched = await api.call('GET /api/v1/partners?search=%00', { key: admin });
    expect(problemOf(searched)).toEqual([400, 'invalid_input']);
    const body = { name: 'A', description: 'a\u0000b' };
    const nul = await api.call('POST /api/v1/partners', { key: admin, body });
    expect(nul.body.errors).toEqual([{ path: 'description', message: 'must not contain NUL' }]);
  });

  const lists = declaredOperations().filter(
    ({ name }) => /\.list[A-Z]/.test(name) && !name.includes('LocalRoots'),
  );

  const noFilters = createHash('sha256').update('[]').digest('base64url').slice(0, 11);

  test('no list answers a fault for a cursor that somebody made up', async () => {
    const places = [
      [1, 2],
      ['a', 'b'],
      ['2026-01-01T00:00:00.000Z', 'b'],
      ['2026-01-01T00:00:00.000Z', '99999999999999999999'],
      ['\u0000', '\u0000'],
    ];
    expect(lists.length).toBeGreaterThan(9);
    for (const { path } of lists)
      for (const made of ['x', ...places.map((place) => [path.split('/').at(-1), noFilters, ...place])]) {
        const cursor = Buffer.from(JSON.stringify(made)).toString('base64url');
        const answer = await api.call(`GET ${path.replace(/:\w+/, NOBODY)}?cursor=${cursor}`, { key: admin });
        const expected = path.includes(':') ? [400, 404] : [400];
        expect([path, made, expected.includes(answer.status)]).toEqual([path, made, true]);
        if (answer.status === 400) expect(answer.body.detail).toMatch(/^It cannot be read\. Start again/);
      }
  });

  test('a year that the calendar does not have is a fault of the request', async () => {
    for (const { path } of lists)
      for (const at of ['0000-01-01T00:00:00.000Z', '-000001-01-01T00:00:00.000Z'])
        for (const id of [NOBODY, '1']) {
          const made = [path.split('/').at(-1), noFilters, at, id];
          const cursor = Buffer.from(JSON.stringify(made)).toString('base64url');
          const answer = await api.call(`GET ${path.replace(/:\w+/, NOBODY)}?cursor=${cursor}`, {
            key: admin,
          });
          // To a list by name it may be a name.
          expect([made, [200, 400, 404].includes(answer.status)]).toEqual([made, true]);
        }
    for (const path of ['/api/v1/audit-events', '/api/v1/transfers'])
      for (const bound of ['from', 'to']) {
        const read = (at: string) => api.call(`GET ${path}?${bound}=${at}`, { key: admin });
        expect((await read('0000-01-01T00:00:00Z')).body).toMatchObject({
          status: 400,
          errors: [{ path: bound, message: 'must be in the years 1 to 9999' }],
        });
        expect((await read('0001-01-01T00:00:00Z')).status).toBe(200);
      }
  });

  test('a cursor is good for the list and the filters that it was given out for, and for no other', async () => {
    for (const name of ['Paged 1', 'Paged 2'])
      expect((await api.call('POST /api/v1/partners', { key: admin, body: { name } })).status).toBe(201);
    const { nextCursor } = (await api.call('GET /api/v1/partners?search=paged&limit=1', { key: admin })).body;
    const read = (path: string) =>
      api.call(`GET ${path}${path.includes('?') ? '&' : '?'}cursor=${nextCursor}`, { key: admin });
    const next = await read('/api/v1/partners?limit=5&search=paged');
    expect(next.body).toMatchObject({ items: [{ name: 'Paged 2' }], nextCursor: null });
    for (const path of ['/api/v1/partners', '/api/v1/partners?search=other'])
      expect((await read(path)).body).toMatchObject({
        status: 400,
        code: 'invalid_cursor',
        detail: 'It was given out for other filters. Start again without a cursor.',
      });
    const others = lists.map(({ path }) => path).filter((path) => !path.includes(':'));
    for (const path of others.filter((one) => one !== '/api/v1/partners'))
      expect([path, (await read(path)).body]).toMatchObject([
        path,
        {
          status: 400,
          code: 'invalid_cursor',
          detail: 'It was given out for another list. Start again without a cursor.',
        },
      ]);
  });

  test('what nobody meant is a 500 that says nothing but the id of the request', async () => {
    const { app } = api.database;
    await app.setting.create({ data: { key: 'pause', value: { not: 'a pause' } } });
    try {
      const answer = await api.call('GET /api/v1/overview', { key: admin });
      expect(answer.body).toEqual({
        type: 'about:blank#internal',
        title: 'Something went wrong on our side',
        status: 500,
        code: 'internal',
        requestId: answer.headers.get('x-request-id'),
      });
      expect(api.logged()).toContain(answer.body.requestId);
    } finally {
      await app.setting.delete({ where: { key: 'pause' } });
    }
  });
});

describe('API keys', () => {
  const makeKey = (expiresAt: Date | null) =>
    inTransaction(api.database.app, (tx) =>
      createApiKey(tx, cliActor('tests'), {
        name: 'short',
        role: 'auditor',
        expiresAt: expiresAt?.toISOString(),
      }),
    );

  test('are shown once, kept as a hash, and end when they are revoked', async () => {
    const made = await api.call('POST /api/v1/api-keys', {
      key: admin,
      body: { name: 'ERP', role: 'operator' },
    });
    expect(made.status).toBe(201);
    const { id, key, prefix } = made.body;
    expect(key).toMatch(/^wbk_[A-Za-z0-9]{8}_[\w-]{43}$/);
    expect(key.startsWith(prefix)).toBe(true);
    expect((await api.call('GET /api/v1/me', { key })).body).toMatchObject({ kind: 'api_key', name: 'ERP' });
    const list = await api.call('GET /api/v1/api-keys', { key: admin });
    expect(list.text).toContain(prefix);
    expect(list.text).not.toContain(key);
    expect(list.body.items.find((one: { id: string }) => one.id === id).lastUsedAt).not.toBeNull();

    expect(
      (await api.call(`POST /api/v1/api-keys/${id}/revoke`, { key: admin })).body.revokedAt,
    ).not.toBeNull();
    expect((await api.call(`POST /api/v1/api-keys/${id}/revoke`, { key: admin })).status).toBe(200);
    // Whatever ids it asks for, it is one operation to the log.
    for (const partnerId of [id, '00000000-0000-7000-8000-000000000001'])
      expect((await api.call(`GET /api/v1/partners/${partnerId}`, { key })).body).toMatchObject({
        status: 401,
        detail: 'The API key is revoked.',
      });
    const events = await api.database.app.auditEvent.findMany({ where: { objectId: id } });
    expect(events.map(({ action }) => action).sort()).toEqual(['api_key.created', 'api_key.revoked']);
    const denied = await api.database.app.auditEvent.findMany({
      where: { actorId: id, action: 'access.denied' },
    });
    expect(denied.map(({ objectName }) => objectName)).toEqual([
      'GET /api/v1/partners/:id with a key that is revoked',
    ]);
    const everything = JSON.stringify(
      await api.database.app.$queryRaw`SELECT to_jsonb(audit_event) - 'salt' AS event FROM audit_event`,
    );
    expect(everything).not.toContain(key);
    expect(api.logged()).not.toContain(key);
  });

  test('end on their date, and cannot be made for the past', async () => {
    const { id, key } = await makeKey(new Date(Date.now() + 60_000));
    expect((await api.call('GET /api/v1/me', { key })).status).toBe(200);
    await api.database.app.apiKey.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await api.call('GET /api/v1/me', { key })).body.detail).toBe('The API key is expired.');
    const body = { name: 'old', role: 'auditor', expiresAt: '2020-01-01T00:00:00Z' };
    const past = await api.call('POST /api/v1/api-keys', { key: admin, body });
    expect(past.body.errors[0].path).toBe('expiresAt');
  });

  test('write their last use once a minute at most', async () => {
    const { id, key } = await makeKey(null);
    const lastUse = async () =>
      (await api.database.app.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt;
    await api.call('GET /api/v1/me', { key });
    const first = await lastUse();
    await api.call('GET /api/v1/me', { key });
    expect(await lastUse()).toEqual(first);
    await api.database.app.apiKey.update({
      where: { id },
      data: { lastUsedAt: new Date(Date.now() - 61_000) },
    });
    await api.call('GET /api/v1/me', { key });
    expect(Date.now() - ((await lastUse())?.getTime() ?? 0)).toBeLessThan(10_000);
  });

  test('that ask too often are told when to come again, and others are not', async () => {
    const { id, key } = await makeKey(null);
    const limits = api.app.get<RateLimits>(RATE_LIMITS);
    const noResponse = { setHeader: () => undefined } as unknown as Response;
    // 100 for this second and 500 for these ten: used up faster than by HTTP, and again if a second goes by.
    const useUp = async () => {
      for (let count = 0; count < 700; count++) await limits.request(id, noResponse);
    };
    await expect(useUp()).rejects.toMatchObject({ code: 'too_many_requests' });
    const refused = await api.call('GET /api/v1/me', { key });
    expect(problemOf(refused)).toEqual([429, 'too_many_requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await api.call('GET /api/v1/me', { key: admin })).status).toBe(200);
  });
});

test('a flood of made-up keys shuts out nobody who comes by the same address', async () => {
  const headers = { 'x-forwarded-for': '198.51.100.77' };
  expect((await api.call('GET /api/v1/me', { key: admin, headers })).status).toBe(200);
  const madeUp = () => `wbk_abcdefgh_${randomBytes(32).toString('base64url')}`;
  const flood = Array.from({ length: 400 }, () => api.call('GET /api/v1/me', { key: madeUp(), headers }));
  const known = Array.from({ length: 20 }, () => api.call('GET /api/v1/me', { key: admin, headers }));
  expect((await Promise.all(known)).map(({ status }) => status)).toEqual(known.map(() => 200));
  const statuses = (await Promise.all(flood)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
});

describe('what a browser gets', () => {
  test('the console at every address that is not the API, and its files for good', async () => {
    const page = await api.call('GET /partners/42');
    expect(page.text).toContain('<title>Console</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = await api.call('GET /assets/main-1a2b3c.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const stale = await api.call('GET /assets/main-gone.js');
    expect(problemOf(stale)).toEqual([404, 'not_found']);
    expect((await api.call('GET /..%2f..%2f..%2fetc%2fpasswd')).text).not.toContain('root:');
    expect(problemOf(await api.call('POST /partners'))).toEqual([404, 'not_found']);
  });

  test('a policy that runs no script but ours, and no frame around us', async () => {
    for (const path of ['/', '/api/docs', '/api/v1/me']) {
      const { headers } = await api.call(`GET ${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/script-src 'self';/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('the document of the API and a page to read it, without a word from elsewhere', async () => {
    expect((await api.call('GET /api/openapi.json')).body.openapi).toBe('3.0.0');
    const page = await api.call('GET /api/docs');
    expect(page.headers.get('content-type')).toMatch(/html/);
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(page.text).not.toMatch(/<script(?![^>]*src=)/);
    expect((await api.call('GET /api/docs/page.js')).headers.get('content-type')).toMatch(/javascript/);
    expect((await api.call('GET /api/docs/page.css')).headers.get('content-type')).toMatch(/css/);
  });

  test.each([
    [{ range: 'bytes=9999999-' }, 200],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' }, 412],
  ])('no fault of ours where a file of that page is asked for with %j', async (headers, status) => {
    for (const path of ['/api/docs', '/api/docs/page.js', '/api/docs/page.css'])
      expect((await api.call(`GET ${path}`, { headers })).status).toBe(status);
  });
});

describe('for the machine', () => {
  test('healthz answers; readyz names what is missing, until a worker is alive', async () => {
    expect((await api.call('GET /healthz')).body).toEqual({ status: 'ok' });
    const missing = await api.call('GET /readyz');
    expect(problemOf(missing)).toEqual([503, 'not_ready']);
    expect(missing.body.errors).toEqual([{ path: 'worker', message: 'is not ready' }]);
    const now = new Date();
    await api.database.worker.worker.create({
      data: { id: 'w1', version: '0.1.0', hostName: 'h', startedAt: now, lastSeenAt: now },
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await api.call('GET /readyz')).body).toEqual({
      status: 'ready',
      checks: ['database', 'queue', 'migrations', 'worker'],
    });
  });

  test('healthz and readyz answer in a flood, and one look serves all who ask within a second', async () => {
    const { worker } = api.database.worker;
    const now = new Date();
    const row = { version: '0.1.0', hostName: 'h', startedAt: now, lastSeenAt: now };
    await worker.create({ data: { ...row, id: 'flooded' } });
    const statuses = async (path: string) => {
      const answers = await Promise.all(Array.from({ length: 150 }, () => api.call(`GET ${path}`)));
      return new Set(answers.map(({ status }) => status));
    };
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    expect(await statuses('/healthz')).toEqual(new Set([200]));
    await pause(1_100);
    expect((await api.call('GET /readyz')).status).toBe(200);
    await worker.deleteMany({});
    // Nobody has looked again, or one of these would know.
    expect(await statuses('/readyz')).toEqual(new Set([200]));
    await pause(1_100);
    expect((await api.call('GET /readyz')).status).toBe(503);
    await worker.create({ data: { ...row, id: 'w2' } });
    await pause(200);
    expect((await api.call('GET /readyz')).status).toBe(200);
  });

  test('metrics say how things stand, to those who may ask', async () => {
    const answer = await api.call('GET /metrics', { key: await api.keyOf('auditor') });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'waybill_queue_jobs{queue="transfer",state="waiting"} 0',
      'waybill_transfers{state="held"} 0',
      'waybill_transfers_ended_total{state="failed"} 0',
      'waybill_delivered_files_total{state="partial"} 0',
      'waybill_schedules_due 0',
      'waybill_schedules_late 0',
      'waybill_paused 0',
      'waybill_moved_bytes_total{state="succeeded"} 0',
      'waybill_oldest_queued_seconds 0',
    ])
      expect(answer.text).toContain(line);
    expect(answer.text).toMatch(/process_cpu_seconds_total/);
    expect(problemOf(await api.call('GET /metrics'))).toEqual([401, 'not_signed_in']);
  });

  test('metrics are whole for each of many who ask at once', async () => {
    const key = await api.keyOf('auditor');
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.call('GET /metrics', { key })));
    const seriesOf = (text: string) => [...text.matchAll(/^waybill_\S+/gm)].map(([name]) => name).toSorted();
    const series = seriesOf((await api.call('GET /metrics', { key })).text);
    expect(series.length).toBeGreaterThan(20);
    for (const { text } of answers) expect(seriesOf(text)).toEqual(series);
  });

  test('the request log has one line of facts for each request, without query and body', async () => {
    const answer = await api.call('GET /api/v1/partners?search=very-private', { key: admin });
    const line = api
      .logged()
      .split('\n')
      .map((text) => (text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)))
      .find(({ requestId, msg }) => requestId === answer.headers.get('x-request-id') && msg === 'request');
    expect(line).toMatchObject({
      method: 'GET',
      path: '/api/v1/partners',
      status: 200,
      actorKind: 'api_key',
    });
    expect(api.logged()).not.toContain('very-private');
  });
});
