import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { createApiKey } from '@waybill/domain/access/api-keys.js';
import { cliActor } from '@waybill/domain/actor.js';
import type { Response } from 'express';
import type { RateLimits } from './http/rate-limits.js';
import { RATE_LIMITS } from './tokens.js';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

let api: TestApi;
let admin = '';
beforeAll(async () => {
  api = await testApi({ trustedProxies: ['127.0.0.1'] });
  admin = await api.keyOf('administrator');
});
afterAll(() => api.close());

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
