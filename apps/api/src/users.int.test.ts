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

describe('users', () => {
  const password = 'a long pass phrase 1';
  const create = (email: string, role = 'operator') =>
    api.call('POST /api/v1/users', {
      key: admin,
      body: { email, name: email.split('@')[0], role, password },
    });
  const patch = (id: string, change: object) =>
    api.call(`PATCH /api/v1/users/${id}`, { key: admin, body: change });

  test('are added, changed, disabled and enabled, each with its event; no answer shows a password', async () => {
    const made = await create('Eve@Example.com');
    expect(made.status).toBe(201);
    const { id } = made.body;
    expect(made.body).toEqual({
      id,
      email: 'eve@example.com',
      name: 'Eve',
      role: 'operator',
      lockedUntil: null,
      disabledAt: null,
      lastSignInAt: null,
      createdAt: expect.any(String),
    });
    expect((await create('EVE@example.com')).body).toMatchObject({
      code: 'name_taken',
      errors: [{ path: 'email', message: 'is taken' }],
    });
    expect((await patch(id, { name: 'Eva' })).body.name).toBe('Eva');
    expect((await patch(id, { name: 'Eva' })).status).toBe(200);
    expect((await patch(id, { disabled: true })).body.disabledAt).not.toBeNull();
    expect((await patch(id, { disabled: false })).body.disabledAt).toBeNull();
    expect(await actionsOn(id)).toEqual(['user.created', 'user.updated', 'user.updated', 'user.updated']);
    expect((await api.call(`GET /api/v1/users/${id}`, { key: admin })).body.name).toBe('Eva');
    const list = await api.call('GET /api/v1/users?search=EVE@', { key: admin });
    expect(list.body.items.map((user: { id: string }) => user.id)).toEqual([id]);
    expect((await api.call('GET /api/v1/users?search=%25', { key: admin })).body.items).toEqual([]);
    for (const secret of [password, 'argon2'])
      expect(made.text + list.text + api.logged()).not.toContain(secret);
    const events = await api.database.app.$queryRaw<{ details: unknown }[]>`SELECT details FROM audit_event`;
    expect(JSON.stringify(events)).not.toMatch(/pass phrase|argon2/);
  });

  test('who is disabled is out at once and cannot come in again', async () => {
    const { id } = (await create('frank@example.com')).body;
    const headers = await api.signIn('frank@example.com', password);
    await patch(id, { disabled: true });
    expect((await api.call('GET /api/v1/me', { headers })).status).toBe(401);
    await expect(api.signIn('frank@example.com', password)).rejects.toThrow('401');
    await patch(id, { disabled: false });
    expect((await api.call('GET /api/v1/me', { headers })).status).toBe(401);
  });

  test('a new role counts from the next request on', async () => {
    const { id } = (await create('grace@example.com')).body;
    const headers = await api.signIn('grace@example.com', password);
    const add = (name: string) => api.call('POST /api/v1/partners', { headers, body: { name } });
    expect((await add('Before')).status).toBe(201);
    await patch(id, { role: 'auditor' });
    expect(problemOf(await add('After'))).toEqual([403, 'forbidden']);
  });

  test('a reset password opens a locked account and ends its sessions', async () => {
    const { id } = (await create('heidi@example.com')).body;
    const headers = await api.signIn('heidi@example.com', password);
    await api.database.app.user.update({
      where: { id },
      data: { lockedUntil: new Date(Date.now() + 60_000), failedSignInCount: 3 },
    });
    const reset = (to: string) =>
      api.call(`POST /api/v1/users/${id}/password`, { key: admin, body: { password: to } });
    expect((await reset('password1234')).body.errors[0].path).toBe('password');
    expect((await reset('another pass phrase 2')).status).toBe(204);
    expect((await api.call('GET /api/v1/me', { headers })).status).toBe(401);
    expect((await api.signIn('heidi@example.com', 'another pass phrase 2')).cookie).toBeDefined();
    expect(await actionsOn(id)).toEqual([
      'user.created',
      'user.signed_in',
      'user.password_reset',
      'user.signed_in',
    ]);
  });

  test('the last administrator stays, also when two step down at once', async () => {
    const one = (await create('ivan@example.com', 'administrator')).body;
    expect(problemOf(await patch(one.id, { role: 'operator' }))).toEqual([409, 'last_administrator']);
    expect(problemOf(await patch(one.id, { disabled: true }))).toEqual([409, 'last_administrator']);
    const two = (await create('judy@example.com', 'administrator')).body;
    const answers = await Promise.all([
      patch(one.id, { role: 'auditor' }),
      patch(two.id, { disabled: true }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const left = await api.database.app.user.count({ where: { role: 'administrator', disabledAt: null } });
    expect(left).toBe(1);
  });

  test('are listed a page at a time, whatever their names', async () => {
    const names = ['Ä'.repeat(100), '名'.repeat(100), "O'Neill; --", 'Zoë', 'zoe'];
    for (const [index, name] of names.entries())
      await api.addUser({ email: `page${index}@example.com`, name, role: 'auditor', password });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await api.call(`GET /api/v1/users?search=page&limit=2${cursor && `&cursor=${cursor}`}`, {
        key: admin,
      });
      expect(page.status).toBe(200);
      seen.push(...page.body.items.map((user: { name: string }) => user.name));
      cursor = page.body.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen.toSorted()).toEqual(names.toSorted());
  });
});
