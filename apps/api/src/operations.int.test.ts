import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROLES, ROLE_PERMISSIONS } from '@waybill/contracts/permissions.js';
import { AppModule } from './app.module.js';
import { DATABASE, CONFIG, JOBS, LIVE, LOG, SEAL } from './tokens.js';
import { type DeclaredOperation, declaredOperations } from './testing/operations.js';
import { type TestApi, testApi } from './testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ trustedProxies: ['127.0.0.1'] });
});
afterAll(() => api.close());

const operations = declaredOperations();
const NOBODY = '00000000-0000-7000-8000-000000000000';
let address = 0;

/** Asks without a body and answers the status; a stream is let go. */
async function ask(operation: DeclaredOperation, headers: Record<string, string>): Promise<number> {
  const path = operation.path.replaceAll(/:\w+/g, NOBODY);
  address += 1;
  const response = await fetch(api.url + path, {
    method: operation.method,
    headers: { 'x-forwarded-for': `198.51.100.${address % 250}`, ...headers },
  });
  await response.body?.cancel();
  return response.status;
}

test('there are operations to walk', () => {
  expect(operations.length).toBeGreaterThan(30);
});

test('every operation says who may use it', () => {
  expect(operations.filter(({ access }) => access === undefined).map(({ name }) => name)).toEqual([]);
});

test('only these are open to strangers', () => {
  expect(operations.filter(({ access }) => access?.kind === 'open').map(({ name }) => name)).toEqual([
    'AccessController.getSetUp',
    'AccessController.setUp',
    'AccessController.signIn',
    'HealthController.getHealth',
    'HealthController.getReadiness',
    'DocsController.getDocument',
    'DocsController.getPage',
    'DocsController.getScript',
    'DocsController.getStyle',
  ]);
});

test.each(operations.filter(({ access }) => access?.kind !== 'open'))(
  '$name refuses a stranger and a key that is not one of ours',
  async (operation) => {
    expect(await ask(operation, {})).toBe(401);
    expect(await ask(operation, { authorization: `Bearer wbk_abcdefgh_${'x'.repeat(43)}` })).toBe(401);
    expect(await ask(operation, { authorization: 'Basic YTpi' })).toBe(401);
  },
);

describe.each(ROLES)('as %s', (role) => {
  test.each(operations)('$name is as the table of permissions says', async (operation) => {
    const { access } = operation;
    const isPermitted = access?.kind !== 'can' || ROLE_PERMISSIONS[role].has(access.permission);
    const status = await ask(operation, { authorization: `Bearer ${await api.keyOf(role)}` });
    // What is permitted goes on to miss a body or a row; it must neither be denied nor fail.
    expect({ isDenied: status === 403, isFault: status === 401 || status === 500 }).toEqual({
      isDenied: !isPermitted,
      isFault: false,
    });
  });

  test('me tells exactly what the table permits, so that a page need not offer what will be refused', async () => {
    const { body } = await api.call('GET /api/v1/me', { key: await api.keyOf(role) });
    expect(new Set(body.permissions)).toEqual(ROLE_PERMISSIONS[role]);
  });

  test('every denial is in the audit log', async () => {
    await api.keyOf(role);
    const key = await api.database.app.apiKey.findFirstOrThrow({ where: { role } });
    const denials = await api.database.app.auditEvent.findMany({
      where: { action: 'access.denied', actorId: key.id },
    });
    const expected = operations.flatMap(({ access, method, path }) =>
      access?.kind === 'can' && !ROLE_PERMISSIONS[role].has(access.permission)
        ? [
            {
              permission: access.permission,
              operation: `${method} ${path}`,
              count: 1,
              since: expect.any(String),
            },
          ]
        : [],
    );
    expect(denials.map(({ details }) => details)).toEqual(expect.arrayContaining(expected));
    expect(denials).toHaveLength(expected.length);
    expect(denials.every(({ outcome }) => outcome === 'denied')).toBe(true);
  });
});

test('an operation without a permission is denied even to an administrator', async () => {
  @Controller('api/v1/forgotten')
  class ForgottenController {
    @Get()
    forgotten() {
      return { secret: 'told' };
    }
  }
  const values = {
    database: api.app.get(DATABASE),
    jobs: api.app.get(JOBS),
    config: api.app.get(CONFIG),
    seal: api.app.get(SEAL),
    live: api.app.get(LIVE),
    log: api.app.get(LOG),
  };
  @Module({ imports: [AppModule.with(values)], controllers: [ForgottenController] })
  class WithForgotten {}
  const app = await NestFactory.create(WithForgotten, { logger: false });
  const server = await app.listen(0, '127.0.0.1');
  try {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/api/v1/forgotten`, {
      headers: { authorization: `Bearer ${await api.keyOf('administrator')}` },
    });
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('told');
  } finally {
    await app.close();
  }
});
