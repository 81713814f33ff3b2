import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf('operator');
});
afterAll(() => api.close());

const call = (operation: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.call(operation, { key, body, headers });

/** The path of a new one of each kind that people edit. */
async function makeOne(kind: string): Promise<string> {
  const add = async (path: string, body: object) =>
    (await call(`POST /api/v1/${path}`, body)).body.id as string;
  if (kind === 'partners') return `/api/v1/partners/${await add('partners', { name: 'Acme' })}`;
  const folder = (name: string) => add('endpoints', { name, protocol: 'local_folder', rootName: 'files' });
  if (kind === 'endpoints') return `/api/v1/endpoints/${await folder('Folder')}`;
  const route = {
    name: `Route, for ${kind}`,
    sourceEndpointId: await folder(`From, for ${kind}`),
    sourcePath: '/out',
    targetEndpointId: await folder(`To, for ${kind}`),
    targetPath: '/in',
  };
  const routeId = await add('routes', route);
  if (kind === 'routes') return `/api/v1/routes/${routeId}`;
  const schedule = { name: 'Nightly', routeId, cron: '30 2 * * *', timeZone: 'UTC' };
  return `/api/v1/schedules/${await add('schedules', schedule)}`;
}

test.each(['partners', 'endpoints', 'routes', 'schedules'])(
  'of two who have read one of the %s, the second changes nothing without having seen what the first changed',
  async (kind) => {
    const path = await makeOne(kind);
    const read = await call(`GET ${path}`);
    const etag = read.headers.get('etag') ?? '';
    expect(etag).toBe(`"${read.body.updatedAt}"`);
    const rename = (name: string, headers?: Record<string, string>) =>
      call(`PATCH ${path}`, { name }, headers);

    const first = await rename('First', { 'if-match': etag });
    expect(first).toMatchObject({ status: 200, body: { name: 'First' } });
    const second = await rename('Second', { 'if-match': etag });
    expect(problemOf(second)).toEqual([412, 'changed_meanwhile']);
    expect(second.body.detail).toContain(first.body.updatedAt);
    expect((await call(`GET ${path}`)).body.name).toBe('First');
    expect((await rename('Third', { 'if-match': first.headers.get('etag') ?? '' })).status).toBe(200);
    expect((await rename('Fourth', { 'if-match': '*' })).status).toBe(200);
    expect((await rename('Fifth')).status).toBe(200);
    const now = (await call(`GET ${path}`)).headers.get('etag') ?? '';
    const atOnce = await Promise.all(['a', 'b', 'c'].map((name) => rename(name, { 'if-match': now })));
    expect(atOnce.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);

    expect(problemOf(await call(`DELETE ${path}`, undefined, { 'if-match': now }))).toEqual([
      412,
      'changed_meanwhile',
    ]);
    const seen = (await call(`GET ${path}`)).headers.get('etag') ?? '';
    expect((await call(`DELETE ${path}`, undefined, { 'if-match': seen })).status).toBe(204);
  },
);
