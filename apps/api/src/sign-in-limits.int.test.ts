import { Agent, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await api.addUser({ ...ada, role: 'administrator' });
});
afterAll(() => api.close());

const sameOrigin = { 'sec-fetch-site': 'same-origin' };
const ada = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' };

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
