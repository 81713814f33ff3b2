import { Agent, request as httpRequest } from 'node:http';
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

const sameOrigin = { 'sec-fetch-site': 'same-origin' };
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

describe('too many tries', () => {
  const carol = {
    email: 'carol@example.com',
    name: 'Carol',
    role: 'auditor',
    password: 'a long pass phrase 3',
  } as const;

  test('ten wrong passwords, even at once, lock the account for 30 minutes without a word about it', async () => {
    const many = await testApi({ trustedProxies: ['127.0.0.1'] });
    try {
      const { id } = await many.addUser(carol);
      let address = 1;
      // Each from an address of its own, so that it is the account that locks.
      const tryWith = (password: string) =>
        many.call('POST /api/v1/session', {
          body: { email: carol.email, password },
          headers: { 'x-forwarded-for': `203.0.113.${address++}` },
        });
      const wrong = await Promise.all(Array.from({ length: 10 }, () => tryWith('wrong')));
      expect(wrong.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 401));
      const right = await tryWith(carol.password);
      expect({ ...right.body, requestId: 0 }).toEqual({ ...wrong[0]?.body, requestId: 0 });
      const key = await many.keyOf('administrator');
      const user = (await many.call(`GET /api/v1/users/${id}`, { key })).body;
      expect(Date.parse(user.lockedUntil) - Date.now()).toBeGreaterThan(29 * 60_000);
      const events = await many.database.app.auditEvent.findMany({ where: { action: 'user.locked' } });
      expect(events).toHaveLength(1);
      expect(events[0]?.originIp).toMatch(/^203\.0\.113\./);

      await many.database.app.user.update({ where: { id }, data: { lockedUntil: new Date(Date.now() - 1) } });
      expect((await tryWith(carol.password)).status).toBe(201);
    } finally {
      await many.close();
    }
  });

  test('a wrong current password counts like one at sign-in, and a locked account changes none', async () => {
    const fresh = await testApi();
    try {
      const { id } = await fresh.addUser(carol);
      const headers = await fresh.signIn(carol.email, carol.password);
      const change = (currentPassword: string) =>
        fresh.call('POST /api/v1/me/password', {
          headers,
          body: { currentPassword, newPassword: 'a whole new phrase 4' },
        });
      const user = () => fresh.database.app.user.findUniqueOrThrow({ where: { id } });
      // A wrong one at the door is of the same count.
      await expect(fresh.signIn(carol.email, 'wrong')).rejects.toThrow('401');
      const wrong = await Promise.all(Array.from({ length: 9 }, () => change('wrong')));
      expect(wrong.map(({ status }) => status)).toEqual(wrong.map(() => 400));
      const lockedUntil = (await user()).lockedUntil ?? new Date(0);
      expect(lockedUntil.getTime() - Date.now()).toBeGreaterThan(29 * 60_000);
      const right = await change(carol.password);
      expect(right.body).toMatchObject({
        status: 429,
        code: 'too_many_requests',
        detail: `After ten wrong passwords your account is locked until ${lockedUntil.toISOString()}.`,
      });
      await expect(fresh.signIn(carol.email, carol.password)).rejects.toThrow('401');

      const events = await fresh.database.app.auditEvent.findMany({
        where: { objectId: id, action: { in: ['user.locked', 'user.password_change_failed'] } },
        orderBy: { seq: 'asc' },
      });
      expect(events.filter(({ action }) => action === 'user.locked')).toMatchObject([{ actorId: id }]);
      expect(events.at(-1)?.details).toEqual({ reason: 'the account is locked' });
      expect(events).toHaveLength(11);
    } finally {
      await fresh.close();
    }
  });

  test('a flood of sign-ins from everywhere leaves the others their answers, and is itself answered in turn', async () => {
    const many = await testApi({ trustedProxies: ['127.0.0.1'] });
    // A connection that is there already: how fast new ones are accepted is not the question.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      await many.addUser(carol);
      const headers = { authorization: `Bearer ${await many.keyOf('auditor')}` };
      const ask = () =>
        new Promise<number | undefined>((resolve, reject) => {
          const asked = httpRequest(`${many.url}/api/v1/partners`, { agent, headers }, (response) =>
            response.resume().on('end', () => resolve(response.statusCode)),
          );
          asked.on('error', reject).end();
        });
      expect(await ask()).toBe(200);
      const startedAt = performance.now();
      let answered = 0;
      let isOver = false;
      const flood = Promise.all(
        Array.from({ length: 200 }, async (_, number) => {
          const answer = await many.call('POST /api/v1/session', {
            body: { email: number % 2 === 0 ? carol.email : 'nobody@example.com', password: 'wrong' },
            headers: { 'x-forwarded-for': `198.51.100.${number}` },
          });
          if (answer.status === 401) answered += 1;
          else expect(problemOf(answer)).toEqual([503, 'not_ready']);
        }),
      ).finally(() => (isOver = true));
      let slowestMs = 0;
      while (!isOver) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const askedAt = performance.now();
        expect(await ask()).toBe(200);
        slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      }
      await flood;
      expect(slowestMs).toBeLessThan((performance.now() - startedAt) / 2);
      // So many may wait in line.
      expect(answered).toBeGreaterThanOrEqual(100);
    } finally {
      agent.destroy();
      await many.close();
    }
  });

  test('an address is one, whatever port a proxy writes after it, and what is none is not believed', async () => {
    const fresh = await testApi({ trustedProxies: ['127.0.0.1'] });
    try {
      const tryFrom = async (forwarded: string) =>
        (
          await fresh.call('POST /api/v1/session', {
            body: { email: 'x@example.com', password: 'x' },
            headers: { 'x-forwarded-for': forwarded },
          })
        ).status;
      for (const at of ['203.0.113.9:4', '[2001:db8::1]:4', 'A'.repeat(500)]) {
        for (let count = 10; count < 20; count++) expect(await tryFrom(at + count)).toBe(401);
        expect(await tryFrom(`${at}20`)).toBe(429);
      }
      expect(await tryFrom('203.0.113.9')).toBe(429);
      const events = await fresh.database.app.auditEvent.findMany({
        where: { action: 'user.sign_in_failed' },
        distinct: ['originIp'],
      });
      expect(events.map(({ originIp }) => originIp).toSorted()).toEqual([
        '127.0.0.1',
        '2001:db8::1',
        '203.0.113.9',
      ]);
    } finally {
      await fresh.close();
    }
  });

  test('an address that tries more than ten times a minute is told to wait', async () => {
    const fresh = await testApi();
    try {
      const tryAgain = () =>
        fresh.call('POST /api/v1/session', { body: { email: 'x@example.com', password: 'x' } });
      await fresh.addUser(carol);
      for (let count = 0; count < 12; count++) await fresh.signIn(carol.email, carol.password);
      for (let count = 0; count < 10; count++) expect((await tryAgain()).status).toBe(401);
      const refused = await tryAgain();
      expect(problemOf(refused)).toEqual([429, 'too_many_requests']);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(refused.body.detail).toBe(`Try again in ${seconds} s.`);
    } finally {
      await fresh.close();
    }
  });
});

describe('other origins', () => {
  test('a cookie opens nothing for another site', async () => {
    await api.addUser({
      email: 'dan@example.com',
      name: 'Dan',
      role: 'operator',
      password: 'a long pass phrase 4',
    });
    const { cookie = '' } = await api.signIn('dan@example.com', 'a long pass phrase 4');
    const create = (headers: Record<string, string>, name: string) =>
      api.call('POST /api/v1/partners', { headers: { cookie, ...headers }, body: { name } });

    expect(problemOf(await create({}, 'a'))).toEqual([403, 'wrong_origin']);
    expect(problemOf(await create({ 'sec-fetch-site': 'cross-site' }, 'a'))).toEqual([403, 'wrong_origin']);
    expect(problemOf(await create({ 'sec-fetch-site': 'same-site' }, 'a'))).toEqual([403, 'wrong_origin']);
    expect(problemOf(await create({ origin: 'http://evil.example' }, 'a'))).toEqual([403, 'wrong_origin']);
    expect(problemOf(await create({ origin: 'null' }, 'a'))).toEqual([403, 'wrong_origin']);
    expect(problemOf(await create({ origin: 'http://127.0.0.1:1' }, 'a'))).toEqual([403, 'wrong_origin']);
    expect(problemOf(await create({ ...sameOrigin, 'content-type': 'text/plain' }, 'a'))).toEqual([
      403,
      'wrong_origin',
    ]);
    expect((await create(sameOrigin, 'From the console')).status).toBe(201);
    expect((await create({ origin: api.url }, 'From an older browser')).status).toBe(201);
  });

  test('a page of another site that has its name lead to us is answered nothing', async () => {
    const rebound = new URL(api.url).host.replace('127.0.0.1', 'evil.example');
    const knock = (method: string, path: string, body?: object) =>
      new Promise<{ status?: number | undefined; text: string }>((resolve, reject) => {
        const headers = {
          host: rebound,
          origin: `http://${rebound}`,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/json',
        };
        const request = httpRequest(`${api.url}${path}`, { method, headers }, (response) => {
          let text = '';
          response.on('data', (chunk) => (text += String(chunk)));
          response.on('end', () => resolve({ status: response.statusCode, text }));
        });
        request.on('error', reject).end(body && JSON.stringify(body));
      });
    const { email, password } = ada;
    for (const answer of [
      await knock('GET', '/'),
      await knock('GET', '/api/v1/set-up'),
      await knock('POST', '/api/v1/set-up', { ...ada, token: 'guess' }),
      await knock('POST', '/api/v1/session', { email, password }),
    ])
      expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
        421,
        { code: 'wrong_host', detail: expect.stringContaining('set WAYBILL_PUBLIC_URL') },
      ]);
    expect((await knock('GET', '/healthz')).status).toBe(200);
  });

  test('nobody can be signed in from another site', async () => {
    const answer = await api.call('POST /api/v1/session', {
      body: { email: ada.email, password: ada.password },
      headers: { origin: 'http://evil.example' },
    });
    expect(problemOf(answer)).toEqual([403, 'wrong_origin']);
    // A program may have sent its API key: it learns of the header that it must leave out.
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('leave both out in a program') });
  });
});
