import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

let api: TestApi;
let admin = '';
beforeAll(async () => {
  api = await testApi({ trustedProxies: ['127.0.0.1'] });
  admin = await api.keyOf('administrator');
});
afterAll(() => api.close());

async function actionsOn(objectId: string): Promise<string[]> {
  const events = await api.database.app.auditEvent.findMany({ where: { objectId }, orderBy: { seq: 'asc' } });
  return events.map(({ action }) => action);
}

describe('partners', () => {
  test('are added, changed and deleted, each with its event and nothing for no change', async () => {
    const made = await api.call('POST /api/v1/partners', {
      key: admin,
      body: { name: ' Acme ', tags: ['EDI'] },
    });
    expect(made.body).toMatchObject({ name: 'Acme', tags: ['edi'], endpointCount: 0, lastTransfer: null });
    const path = `/api/v1/partners/${made.body.id}`;
    const taken = await api.call('POST /api/v1/partners', { key: admin, body: { name: 'Acme' } });
    expect(taken.body).toMatchObject({ code: 'name_taken', errors: [{ path: 'name', message: 'is taken' }] });
    expect(
      (await api.call(`PATCH ${path}`, { key: admin, body: { description: 'x' } })).body.description,
    ).toBe('x');
    await api.call(`PATCH ${path}`, { key: admin, body: { description: 'x' } });
    expect((await api.call(`DELETE ${path}`, { key: admin })).status).toBe(204);
    expect(problemOf(await api.call(`DELETE ${path}`, { key: admin }))).toEqual([404, 'not_found']);
    expect(await actionsOn(made.body.id)).toEqual(['partner.created', 'partner.updated', 'partner.deleted']);
  });
});

describe('permitted ranges', () => {
  const permit = (cidr: string, fromPort = 21, toPort = 21) =>
    api.call('POST /api/v1/network-allow', { key: admin, body: { cidr, fromPort, toPort, note: 'lab' } });

  test('are permitted once, and taken back, each with its event', async () => {
    const made = await permit('10.20.0.0/16', 21, 990);
    expect(made.body).toMatchObject({ cidr: '10.20.0.0/16', fromPort: 21, toPort: 990, note: 'lab' });
    expect(problemOf(await permit('10.20.0.0/16', 21, 990))).toEqual([409, 'name_taken']);
    // One address is its own range, in the list once as well.
    expect((await permit('10.20.1.5')).body).toMatchObject({ cidr: '10.20.1.5/32' });
    expect(problemOf(await permit('10.20.1.5/32'))).toEqual([409, 'name_taken']);
    const list = await api.call('GET /api/v1/network-allow', { key: admin });
    expect(list.body.items).toHaveLength(2);
    const path = `/api/v1/network-allow/${made.body.id}`;
    expect((await api.call(`DELETE ${path}`, { key: admin })).status).toBe(204);
    expect(problemOf(await api.call(`DELETE ${path}`, { key: admin }))).toEqual([404, 'not_found']);
    expect(await actionsOn(made.body.id)).toEqual(['network_allow.created', 'network_allow.deleted']);
  });

  test('are taken back once, by however many at the same time', async () => {
    const made = await Promise.all(
      Array.from({ length: 5 }, async (_, index) => (await permit(`10.30.${index}.0/24`)).body.id as string),
    );
    for (const id of made) {
      const remove = () => api.call(`DELETE /api/v1/network-allow/${id}`, { key: admin });
      const statuses = (await Promise.all([remove(), remove()])).map(({ status }) => status);
      expect(statuses.toSorted((a, b) => a - b)).toEqual([204, 404]);
      expect(await actionsOn(id)).toEqual(['network_allow.created', 'network_allow.deleted']);
    }
  });

  test.each([
    ['0.0.0.0/0', 21, 21, 'cidr'],
    ['::/0', 21, 21, 'cidr'],
    ['10.0.0', 21, 21, 'cidr'],
    ['10.0.0.0/33', 21, 21, 'cidr'],
    ['10.0.0.0/8', 990, 21, 'toPort'],
    ['10.0.0.0/8', 0, 21, 'fromPort'],
  ])('%s with ports %d to %d is refused', async (cidr, fromPort, toPort, path) => {
    const answer = await permit(cidr, fromPort, toPort);
    expect(answer.body).toMatchObject({
      code: 'invalid_input',
      errors: [{ path, message: expect.stringMatching(/^(must|is too wide)/) }],
    });
  });
});

describe('the pause', () => {
  test('stands until somebody resumes; of two who pause at once one does', async () => {
    const pause = () => api.call('POST /api/v1/pause', { key: admin, body: { reason: 'bank holiday' } });
    const answers = await Promise.all([pause(), pause(), pause()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409, 409]);
    const overview = await api.call('GET /api/v1/overview', { key: admin });
    expect(overview.body.paused).toMatchObject({ by: 'administrator of the tests', reason: 'bank holiday' });
    expect((await api.call('GET /metrics', { key: admin })).text).toContain('waybill_paused 1');
    expect((await api.call('DELETE /api/v1/pause', { key: admin })).status).toBe(204);
    expect(problemOf(await api.call('DELETE /api/v1/pause', { key: admin }))).toEqual([409, 'wrong_state']);
    const events = await api.database.app.auditEvent.findMany({
      where: { objectKind: 'installation' },
      orderBy: { seq: 'asc' },
    });
    expect(events.map(({ action }) => action)).toEqual(['installation.paused', 'installation.resumed']);
  });
});

describe('the audit log', () => {
  const password = 'a long pass phrase 1';
  const readings = (actorId: string) =>
    api.database.app.auditEvent.count({ where: { action: 'audit.read', actorId } });

  test('tells who did what to what, from where, newest first, with filters', async () => {
    const made = await api.call('POST /api/v1/partners', {
      key: admin,
      body: { name: 'Audited Ltd' },
      headers: { 'x-forwarded-for': '203.0.113.9' },
    });
    const answer = await api.call(`GET /api/v1/audit-events?objectId=${made.body.id}`, { key: admin });
    expect(answer.body.items).toEqual([
      {
        id: expect.any(String),
        occurredAt: expect.stringMatching(/Z$/),
        recordedAt: expect.stringMatching(/Z$/),
        action: 'partner.created',
        outcome: 'succeeded',
        actor: { kind: 'api_key', id: expect.any(String), name: 'administrator of the tests' },
        originIp: '203.0.113.9',
        requestId: made.headers.get('x-request-id'),
        object: { kind: 'partner', id: made.body.id, name: 'Audited Ltd' },
        partnerId: made.body.id,
        details: { values: expect.objectContaining({ name: 'Audited Ltd' }) },
      },
    ]);
    const count = async (query: string) =>
      (await api.call(`GET /api/v1/audit-events?objectId=${made.body.id}&${query}`, { key: admin })).body
        .items.length;
    expect(await count('action=partner.created')).toBe(1);
    expect(await count('action=partner.deleted')).toBe(0);
    expect(await count('outcome=denied')).toBe(0);
    expect(await count('search=AUDITED')).toBe(1);
    expect(await count(`partnerId=${made.body.id}&objectKind=partner`)).toBe(1);
    expect(await count(`from=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(0);
    expect(await count(`to=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(1);
  });

  test('is read to its end by cursor: every event once, also where many fall into one millisecond', async () => {
    const app = api.database.app;
    const base = {
      occurredAt: new Date(),
      outcome: 'succeeded',
      actorKind: 'system',
      actorName: 'x',
    } as const;
    const salt = new Uint8Array(16);
    await app.auditEvent.createMany({
      data: Array.from({ length: 25 }, (_, index) => ({
        ...base,
        id: `00000000-0000-7000-8000-0000000000${String(index).padStart(2, '0')}`,
        action: 'partner.created',
        objectKind: 'burst',
        objectName: `burst ${index}`,
        details: {},
        salt,
      })),
    });
    const seen: string[] = [];
    let cursor = '';
    do {
      const path = `/api/v1/audit-events?objectKind=burst&limit=4${cursor && `&cursor=${cursor}`}`;
      const page = await api.call(`GET ${path}`, { key: admin });
      seen.push(...page.body.items.map((event: { object: { name: string } }) => event.object.name));
      cursor = page.body.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `burst ${24 - index}`));
  });

  test('reading it is an event, once for each query and session, and no page feeds itself', async () => {
    const { id } = await api.addUser({ email: 'kim@example.com', name: 'Kim', role: 'auditor', password });
    const read = (headers: Record<string, string>, query = '') =>
      api.call(`GET /api/v1/audit-events${query}`, { headers });
    const first = await api.signIn('kim@example.com', password);
    await read(first);
    await read(first);
    const { nextCursor } = (await read(first, '?limit=2')).body;
    await read(first, `?limit=2&cursor=${nextCursor}`);
    expect(await readings(id)).toBe(1);
    await read(first, '?outcome=denied');
    await read(first, '?outcome=denied&limit=10');
    expect(await readings(id)).toBe(2);
    await read(await api.signIn('kim@example.com', password));
    expect(await readings(id)).toBe(3);
    const [event] = await api.database.app.auditEvent.findMany({
      where: { action: 'audit.read', actorId: id },
      orderBy: { seq: 'desc' },
      skip: 1,
    });
    expect(event?.details).toMatchObject({ query: { outcome: 'denied' } });
  });

  test('an API key leaves one event an hour for each query', async () => {
    const key = await api.keyOf('auditor');
    const { id } = (await api.call('GET /api/v1/me', { key })).body;
    await api.call('GET /api/v1/audit-events', { key });
    await api.call('GET /api/v1/audit-events', { key });
    expect(await readings(id)).toBeLessThanOrEqual(2);
    expect(await readings(id)).toBeGreaterThanOrEqual(1);
  });

  test('what is refused is undone as a whole: no row, no event', async () => {
    const before = await api.database.app.auditEvent.count();
    await api.call('POST /api/v1/partners', { key: admin, body: { name: 'Audited Ltd' } });
    expect(await api.database.app.auditEvent.count()).toBe(before);
  });
});

describe('the overview', () => {
  test('of an empty installation is empty and well formed', async () => {
    const answer = await api.call('GET /api/v1/overview', { key: await api.keyOf('auditor') });
    expect(answer.body).toEqual({
      paused: null,
      workers: { alive: 0, lastSeenAt: null },
      counts: {
        running: 0,
        queued: 0,
        waiting: 0,
        held: 0,
        failed24h: 0,
        succeeded24h: 0,
        partial24h: 0,
        bytes24h: 0,
        heldRoutes: 0,
        heldEndpoints: 0,
      },
      running: [],
      troubled: [],
      due: [],
      expiringCertificates: [],
      exceptions: [],
    });
  });
});
