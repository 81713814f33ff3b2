import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { declaredOperations } from './testing/operations.js';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

const NOBODY = '00000000-0000-7000-8000-000000000000';

let api: TestApi;
let admin = '';
beforeAll(async () => {
  api = await testApi({ trustedProxies: ['127.0.0.1'] });
  admin = await api.keyOf('administrator');
});
afterAll(() => api.close());

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
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid_input', /not a request/],
    [
      'a method that nobody knows',
      'FOO /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n',
      400,
      'invalid_input',
      /not a request/,
    ],
    [
      'a head of 20 kB',
      `GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
      /16 kB/,
    ],
  ])('also for %s', async (_, text, status, code, detail) => {
    const answer = await sendRaw(text);
    expect(answer).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [^]*\\r\\nContent-Type: application/problem\\+json`),
    );
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      status,
      code,
      detail: expect.stringMatching(detail),
    });
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
