import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { issueSetupToken } from '@waybill/domain/access/set-up.js';
import { cliActor } from '@waybill/domain/actor.js';
import { type TestApi, cookieOf, problemOf, testApi } from './testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const ada = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' };

/** The newest audit events of an action. */
async function eventsOf(action: string) {
  return api.database.app.auditEvent.findMany({ where: { action }, orderBy: { seq: 'desc' } });
}

describe('set-up', () => {
  test('is open until there is an administrator, and one link makes one administrator', async () => {
    expect((await api.call('GET /api/v1/set-up')).body).toEqual({ open: true });
    const issue = () => inTransaction(api.database.app, (tx) => issueSetupToken(tx, cliActor('root')));
    const first = await issue();
    const second = await issue();
    const setUp = (token = '', email = ada.email) =>
      api.call('POST /api/v1/set-up', { body: { ...ada, email, token } });

    for (const wrong of [first?.token, 'guess'])
      expect((await setUp(wrong)).body).toMatchObject({
        status: 403,
        code: 'set_up_link_invalid',
        title: 'This set-up link is not valid',
        detail: expect.stringContaining('npm run waybill -- setup-link'),
      });
    const weak = { ...ada, password: 'aaaaaaaaaaaa', token: second?.token };
    expect(problemOf(await api.call('POST /api/v1/set-up', { body: weak }))).toEqual([400, 'invalid_input']);

    const answers = await Promise.all([
      setUp(second?.token),
      setUp(second?.token, 'eve@example.com'),
      setUp(second?.token, 'mallory@example.com'),
    ]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 404, 404]);
    expect(await api.database.app.user.count()).toBe(1);
    const winner = answers.find((answer) => answer.status === 201);
    expect(winner?.body).toMatchObject({ kind: 'user', role: 'administrator' });
    expect(winner?.text).not.toContain('argon2');

    expect(problemOf(await api.call('GET /api/v1/set-up'))).toEqual([404, 'not_found']);
    expect(await issue()).toBeNull();
    expect(await eventsOf('installation.set_up')).toHaveLength(1);
    expect(await eventsOf('installation.setup_link_issued')).toMatchObject([
      { actorKind: 'cli', actorName: 'root', details: { expiresAt: second?.expiresAt.toISOString() } },
      { actorKind: 'cli', actorName: 'root', details: { expiresAt: first?.expiresAt.toISOString() } },
    ]);
    const failed = await eventsOf('installation.set_up_failed');
    expect(failed).toMatchObject(
      [1, 2].map(() => ({
        actorKind: 'anonymous',
        outcome: 'failed',
        originIp: '127.0.0.1',
        details: { email: ada.email },
      })),
    );
    const everything = JSON.stringify(await api.database.app.auditEvent.findMany(), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const token of [first?.token, second?.token]) expect(everything).not.toContain(token);
  });

  test('a token is kept as a hash only', async () => {
    const rows = await api.database.app.setupToken.findMany();
    expect(rows.every((row) => row.tokenHash.length === 32)).toBe(true);
  });
});

describe('signing in', () => {
  const bob = {
    email: 'bob@example.com',
    name: 'Bob',
    role: 'operator',
    password: 'a long pass phrase 1',
  } as const;
  let bobId = '';
  beforeAll(async () => {
    bobId = (await api.addUser(bob)).id;
  });

  test('sets a cookie that scripts and other sites cannot use, and answers who one is', async () => {
    const answer = await api.call('POST /api/v1/session', {
      body: { email: ' BOB@example.com ', password: bob.password },
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ email: bob.email, role: 'operator' });
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^waybill_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    const me = await api.call('GET /api/v1/me', { headers: { cookie: cookieOf(answer) } });
    expect(me.body.permissions).toContain('transfer:start');
    expect(Date.parse(me.body.sessionExpiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
  });

  test('with https the cookie is Secure and tied to the host', async () => {
    const secure = await testApi({ publicUrl: 'https://mft.example.com', isSecure: true });
    try {
      await secure.addUser(bob);
      const answer = await secure.call('POST /api/v1/session', {
        body: { email: bob.email, password: bob.password },
        headers: { origin: 'https://mft.example.com' },
      });
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^__Host-waybill_session=.*; HttpOnly; Secure; SameSite=Strict$/,
      );
      expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    } finally {
      await secure.close();
    }
  });

  test('a wrong password and an unknown account are answered alike', async () => {
    const answerTo = (email: string) =>
      api.call('POST /api/v1/session', { body: { email, password: 'not this one' } });
    const wrong = await answerTo(bob.email);
    const unknown = await answerTo('nobody@example.com');
    expect(problemOf(wrong)).toEqual([401, 'sign_in_failed']);
    expect({ ...unknown.body, requestId: undefined }).toEqual({ ...wrong.body, requestId: undefined });
    const reasons = (await eventsOf('user.sign_in_failed')).map((event) => event.details);
    expect(reasons).toContainEqual({ email: 'nobody@example.com', reason: 'no such account' });
    expect(reasons).toContainEqual({ email: bob.email, reason: 'wrong password' });
  });

  test('an unknown account takes about as long to refuse as a wrong password', async () => {
    // One of its own: an address may fail only so often in a minute.
    const fresh = await testApi();
    try {
      await fresh.addUser(bob);
      const leastMs = { known: Infinity, unknown: Infinity };
      // The least of three: a single one may have had to wait for others on the machine.
      for (let n = 0; n < 3; n += 1)
        for (const [kind, email] of [
          ['known', bob.email],
          ['unknown', 'nobody@example.com'],
        ] as const) {
          const startedAt = performance.now();
          const { status } = await fresh.call('POST /api/v1/session', { body: { email, password: 'wrong' } });
          expect(status).toBe(401);
          leastMs[kind] = Math.min(leastMs[kind], performance.now() - startedAt);
        }
      expect(leastMs.unknown).toBeGreaterThan(leastMs.known / 5);
    } finally {
      await fresh.close();
    }
  });

  test('what is typed into the e-mail field goes into the log only where it is an address', async () => {
    await api.call('POST /api/v1/session', { body: { email: 'My-Secret-Pass1', password: 'x' } });
    const [event] = await eventsOf('user.sign_in_failed');
    expect(JSON.stringify({ ...event, seq: null })).not.toMatch(/my-secret-pass1/i);
  });

  test('signing out ends the session, and the cookie is of no more use', async () => {
    const headers = await api.signIn(bob.email, bob.password);
    expect((await api.call('DELETE /api/v1/session', { headers })).status).toBe(204);
    expect(problemOf(await api.call('GET /api/v1/me', { headers }))).toEqual([401, 'not_signed_in']);
    expect(await eventsOf('user.signed_out')).toHaveLength(1);
    expect((await eventsOf('user.signed_in'))[0]).toMatchObject({ actorId: bobId, originIp: '127.0.0.1' });
  });

  test('a session ends after 15 minutes without activity and in any case after 12 hours', async () => {
    const headers = await api.signIn(bob.email, bob.password);
    const session = await api.database.app.session.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    const age = (data: { lastSeenAt?: Date; expiresAt?: Date }) =>
      api.database.app.session.update({ where: { id: session.id }, data });
    const status = async (extra = {}) =>
      (await api.call('GET /api/v1/me', { headers: { ...headers, ...extra } })).status;

    await age({ lastSeenAt: new Date(Date.now() - 14 * 60_000) });
    expect(await status({ 'x-background': '1' })).toBe(200);
    const background = await api.database.app.session.findUniqueOrThrow({ where: { id: session.id } });
    expect(Date.now() - background.lastSeenAt.getTime()).toBeGreaterThan(13 * 60_000);
    expect(await status()).toBe(200);
    const active = await api.database.app.session.findUniqueOrThrow({ where: { id: session.id } });
    expect(Date.now() - active.lastSeenAt.getTime()).toBeLessThan(60_000);

    await age({ lastSeenAt: new Date(Date.now() - 15 * 60_000) });
    expect(await status()).toBe(401);
    await age({ lastSeenAt: new Date(), expiresAt: new Date(Date.now() - 1000) });
    expect(await status()).toBe(401);
  });

  test('signing in again ends the session of the cookie that comes along', async () => {
    const first = await api.signIn(bob.email, bob.password);
    const elsewhere = await api.signIn(bob.email, bob.password);
    const statusOf = async (headers: Record<string, string>) =>
      (await api.call('GET /api/v1/me', { headers })).status;
    const signedOut = (await eventsOf('user.signed_out')).length;
    const { email, password } = bob;
    const second = await api.call('POST /api/v1/session', { headers: first, body: { email, password } });
    expect(second.status).toBe(201);
    expect(await statusOf(first)).toBe(401);
    expect(await statusOf(elsewhere)).toBe(200);
    expect(await statusOf({ cookie: cookieOf(second) })).toBe(200);
    expect(await eventsOf('user.signed_out')).toHaveLength(signedOut + 1);
  });

  test('sessions that ended a month ago are cleared away at the next sign-in', async () => {
    const { app } = api.database;
    await api.signIn(bob.email, bob.password);
    const { id } = await app.session.findFirstOrThrow({ where: { userId: bobId }, orderBy: { id: 'desc' } });
    const before = await app.session.count({ where: { userId: bobId } });
    await app.session.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 31 * 86_400_000) } });
    await api.signIn(bob.email, bob.password);
    expect(await app.session.count({ where: { id } })).toBe(0);
    expect(await app.session.count({ where: { userId: bobId } })).toBe(before);
  });

  test('changing the own password needs the current one and ends the other sessions', async () => {
    const here = await api.signIn(bob.email, bob.password);
    const elsewhere = await api.signIn(bob.email, bob.password);
    const change = (currentPassword: string, newPassword: string) =>
      api.call('POST /api/v1/me/password', { headers: here, body: { currentPassword, newPassword } });
    const wrong = await change('not the password', 'another pass phrase 2');
    expect(wrong.body.errors).toEqual([{ path: 'currentPassword', message: 'is wrong' }]);
    expect(await eventsOf('user.password_change_failed')).toMatchObject([
      { actorId: bobId, objectId: bobId, outcome: 'failed', details: { reason: 'wrong password' } },
    ]);
    const tries = () => api.database.app.user.findUniqueOrThrow({ where: { id: bobId } });
    expect((await tries()).failedSignInCount).toBe(1);
    expect((await change(bob.password, 'short')).body.errors[0].path).toBe('newPassword');
    expect((await change(bob.password, bob.email)).body.errors[0].path).toBe('newPassword');
    expect((await change(bob.password, 'another pass phrase 2')).status).toBe(204);
    expect((await tries()).failedSignInCount).toBe(0);
    expect((await api.call('GET /api/v1/me', { headers: here })).status).toBe(200);
    expect((await api.call('GET /api/v1/me', { headers: elsewhere })).status).toBe(401);
    expect(await eventsOf('user.password_changed')).toHaveLength(1);
    const key = await api.keyOf('operator');
    const byKey = await api.call('POST /api/v1/me/password', {
      key,
      body: { currentPassword: 'x', newPassword: 'another pass phrase 2' },
    });
    expect(problemOf(byKey)).toEqual([403, 'forbidden']);
  });
});
