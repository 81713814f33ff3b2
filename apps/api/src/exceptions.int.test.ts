import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

const PASSWORD = 'correct horse battery staple';
let api: TestApi;
let endpointId: string;
beforeAll(async () => {
  api = await testApi();
  for (const [name, role] of [
    ['ada', 'administrator'],
    ['bob', 'administrator'],
    ['olga', 'operator'],
    ['audrey', 'auditor'],
  ] as const)
    await api.addUser({ email: `${name}@example.com`, name, role, password: PASSWORD });
  const { body } = await api.call('POST /api/v1/endpoints', {
    key: await api.keyOf('operator'),
    body: {
      name: 'Robots',
      protocol: 'ftp',
      host: 'robots.example',
      trust: { mode: 'system_cas' },
      username: 'r',
      password: 'p',
    },
  });
  endpointId = body.id;
});
afterAll(() => api.close());

const as = (name: string) => api.signIn(`${name}@example.com`, PASSWORD);
const wanted = () => ({
  deviations: ['plain_ftp'],
  justification: 'The robots know no TLS.',
  endsAt: new Date(Date.now() + 30 * 24 * 3600_000).toISOString(),
});

test('an operator asks, an administrator approves, and everybody who reads the endpoint sees it', async () => {
  const olga = await as('olga');
  const asked = await api.call(`POST /api/v1/endpoints/${endpointId}/exceptions`, {
    headers: olga,
    body: wanted(),
  });
  expect([asked.status, asked.body.state]).toEqual([201, 'requested']);
  const approval = `POST /api/v1/exceptions/${asked.body.id}/approve`;
  expect(problemOf(await api.call(approval, { headers: olga }))).toEqual([403, 'forbidden']);
  const approved = await api.call(approval, { headers: await as('ada') });
  expect(approved.body).toMatchObject({ state: 'in_force', approvedBy: 'ada@example.com' });

  const audrey = await as('audrey');
  const { body } = await api.call(`GET /api/v1/endpoints/${endpointId}`, { headers: audrey });
  expect(body.deviations).toEqual([
    { kind: 'plain_ftp', coveredBy: asked.body.id, coveredUntil: asked.body.endsAt },
  ]);
  const list = await api.call(`GET /api/v1/exceptions?endpointId=${endpointId}&state=in_force`, {
    headers: audrey,
  });
  expect(list.body.items).toHaveLength(1);
  const end = `POST /api/v1/exceptions/${asked.body.id}/end`;
  expect(problemOf(await api.call(end, { headers: audrey }))).toEqual([403, 'forbidden']);
  expect((await api.call(end, { headers: olga })).body.state).toBe('ended');
});

test('one administrator does not approve what they asked for, while there is another', async () => {
  const ada = await as('ada');
  const { body } = await api.call(`POST /api/v1/endpoints/${endpointId}/exceptions`, {
    headers: ada,
    body: wanted(),
  });
  const approval = `POST /api/v1/exceptions/${body.id}/approve`;
  expect(problemOf(await api.call(approval, { headers: ada }))).toEqual([403, 'forbidden']);
  expect((await api.call(approval, { headers: await as('bob') })).status).toBe(200);
});

test('a key neither asks nor approves, whatever its role; that an exception ends is no danger', async () => {
  const request = `POST /api/v1/endpoints/${endpointId}/exceptions`;
  const { body } = await api.call(request, { headers: await as('olga'), body: wanted() });
  for (const role of ['administrator', 'operator', 'auditor'] as const) {
    const key = await api.keyOf(role);
    const asked = await api.call(request, { key, body: wanted() });
    const approved = await api.call(`POST /api/v1/exceptions/${body.id}/approve`, { key });
    expect([role, problemOf(asked), problemOf(approved)]).toEqual([
      role,
      [403, 'forbidden'],
      [403, 'forbidden'],
    ]);
    if (role === 'administrator')
      expect([asked.body.detail, approved.body.detail]).toEqual([
        expect.stringContaining('by people, not by API keys'),
        expect.stringContaining('by people, not by API keys'),
      ]);
  }
  const key = await api.keyOf('operator');
  const waiting = `GET /api/v1/exceptions?endpointId=${endpointId}&state=requested`;
  expect((await api.call(waiting, { key })).body.items).toMatchObject([{ id: body.id, approvedBy: null }]);
  expect((await api.call(`POST /api/v1/exceptions/${body.id}/end`, { key })).body.state).toBe('ended');
});

test('an auditor does not ask', async () => {
  const headers = await as('audrey');
  const asked = await api.call(`POST /api/v1/endpoints/${endpointId}/exceptions`, {
    headers,
    body: wanted(),
  });
  expect(problemOf(asked)).toEqual([403, 'forbidden']);
});

test.each<[string, object, string]>([
  ['no deviation', { deviations: [] }, 'deviations'],
  ['an unknown one', { deviations: ['anything'] }, 'deviations.0'],
  ['no reason', { justification: 'because' }, 'justification'],
  ['no end', { endsAt: undefined }, 'endsAt'],
])('a request with %s is refused at its field', async (_, change, path) => {
  const answer = await api.call(`POST /api/v1/endpoints/${endpointId}/exceptions`, {
    headers: await as('olga'),
    body: { ...wanted(), ...change },
  });
  expect(problemOf(answer)).toEqual([400, 'invalid_input']);
  expect(answer.body.errors[0].path).toBe(path);
});
