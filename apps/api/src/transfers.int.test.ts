import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '@waybill/domain/new-id.js';
import { openJobs } from '@waybill/jobs/jobs.js';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

let api: TestApi;
let key: string;
let routeId: string;
let otherRouteId: string;
beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf('operator');
  const folder = async (name: string) =>
    (await call('POST /api/v1/endpoints', { name, protocol: 'local_folder', rootName: 'files' })).body
      .id as string;
  const ends = { sourceEndpointId: await folder('From'), targetEndpointId: await folder('To') };
  const route = async (name: string, targetPath: string) =>
    (await call('POST /api/v1/routes', { ...ends, name, sourcePath: '/out', targetPath })).body.id as string;
  routeId = await route('Route', '/in');
  otherRouteId = await route('Other route', '/other');
});
afterAll(() => api.close());

const call = (operation: string, body?: unknown, headers?: Record<string, string>) =>
  api.call(operation, { key, body, ...(headers && { headers }) });
let keys = 0;
const start = (headers: Record<string, string> = { 'idempotency-key': `key-${(keys += 1)}` }) =>
  call('POST /api/v1/transfers', { routeId }, headers);
const replayed = ({ headers }: { headers: Headers }): string | null => headers.get('idempotency-replayed');

describe('transfers over HTTP', () => {
  test('are started by a program, read, listed, cancelled and sent again', async () => {
    const started = await start();
    expect(started).toMatchObject({
      status: 201,
      body: { state: 'queued', cause: 'api', route: { id: routeId } },
    });
    const { id } = started.body;
    expect((await call(`GET /api/v1/transfers/${id}`)).body).toEqual(started.body);
    expect((await call('GET /api/v1/transfers?state=queued,running&limit=1')).body.items[0].id).toBe(id);
    expect((await call(`GET /api/v1/transfers/${id}/files`)).body).toEqual({ items: [], nextCursor: null });
    expect((await call(`GET /api/v1/transfers/${id}/attempts`)).body).toEqual({
      items: [],
      nextCursor: null,
    });
    expect(problemOf(await call(`POST /api/v1/transfers/${id}/resend`, { reason: 'too early' }))).toEqual([
      409,
      'wrong_state',
    ]);
    expect(await call(`POST /api/v1/transfers/${id}/cancel`)).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
    expect(problemOf(await call(`POST /api/v1/transfers/${id}/cancel`))).toEqual([409, 'wrong_state']);
    const again = await call(`POST /api/v1/transfers/${id}/resend`, { reason: 'partner lost it' });
    expect(again).toMatchObject({ status: 201, body: { cause: 'resend', resendOfId: id } });
    expect((await call(`GET /api/v1/transfers/${id}`)).body.resends).toMatchObject([{ id: again.body.id }]);
  });

  test('tell of two hundred attempts in less than 2 MB, and of one with its dialogue', async () => {
    const { id } = (await start()).body;
    const at = '2026-01-01T00:00:00.000Z';
    const dialogue = Array.from({ length: 64 }, () => ({
      at,
      from: 'server',
      text: 'x'.repeat(1000),
      side: 'target',
    }));
    const timeline = Array.from({ length: 12 }, () => ({
      step: 'transfer',
      side: 'target',
      startedAt: at,
      durationMs: 3,
      outcome: 'ok',
      detail: 'y'.repeat(300),
    }));
    await api.database.worker.attempt.createMany({
      data: Array.from({ length: 200 }, () => ({
        id: newId(),
        transferId: id,
        tryNumber: 1,
        workerId: 'w',
        outcome: 'failed' as const,
        dialogue,
        timeline,
        startedAt: at,
      })),
    });
    const page = await call(`GET /api/v1/transfers/${id}/attempts?limit=200`);
    expect(page.body.items).toHaveLength(200);
    expect(page.text.length).toBeLessThan(2_000_000);
    const [attempt] = page.body.items;
    const one = await call(`GET /api/v1/transfers/${id}/attempts/${attempt.id}`);
    expect(one).toMatchObject({ status: 200, body: { ...attempt, dialogue } });
    expect(problemOf(await call(`GET /api/v1/transfers/${routeId}/attempts/${attempt.id}`))).toEqual([
      404,
      'not_found',
    ]);
  });

  test('are rung for a worker', async () => {
    const jobs = openJobs({ databaseUrl: api.database.appUrl }, { onError: () => undefined });
    const before = await jobs.depth('transfer');
    await start();
    expect((await jobs.depth('transfer')).waiting).toBe(before.waiting + 1);
    await jobs.close();
  });

  test('are tried now when somebody asks, where they wait for their next try, and rung', async () => {
    const { id } = (await start()).body;
    const tryNow = () => call(`POST /api/v1/transfers/${id}/try-now`);
    expect(problemOf(await tryNow())).toEqual([409, 'wrong_state']);
    const nextTryAt = new Date(Date.now() + 3_600_000);
    await api.database.app.transfer.update({ where: { id }, data: { state: 'waiting', nextTryAt } });
    const jobs = openJobs({ databaseUrl: api.database.appUrl }, { onError: () => undefined });
    const before = await jobs.depth('transfer');
    const tried = await tryNow();
    expect(tried).toMatchObject({ status: 200, body: { state: 'waiting' } });
    expect(Date.parse(tried.body.nextTryAt)).toBeLessThan(nextTryAt.getTime() - 3_000_000);
    expect((await jobs.depth('transfer')).waiting).toBe(before.waiting + 1);
    await jobs.close();
    const auditor = { key: await api.keyOf('auditor') };
    expect(problemOf(await api.call(`POST /api/v1/transfers/${id}/try-now`, auditor))).toEqual([
      403,
      'forbidden',
    ]);
  });

  test('are started once with one Idempotency-Key, and a key is not for two requests', async () => {
    const headers = { 'idempotency-key': 'order-4711' };
    const first = await start(headers);
    const second = await start(headers);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
    expect([first, second].map(replayed)).toEqual([null, 'true']);
    const other = await call('POST /api/v1/transfers', { routeId: otherRouteId }, headers);
    expect(problemOf(other)).toEqual([409, 'idempotency_conflict']);
    const atOnce = await Promise.all(
      Array.from({ length: 8 }, () => start({ 'idempotency-key': 'order-4712' })),
    );
    expect(new Set(atOnce.map(({ body }) => body.id)).size).toBe(1);
    expect(atOnce.map(replayed).filter((header) => header === 'true')).toHaveLength(7);
    const missing = await start({});
    expect(missing.body).toMatchObject({
      code: 'invalid_input',
      errors: [{ path: 'Idempotency-Key', message: expect.stringMatching(/^is needed: /) }],
    });
    expect(problemOf(await start({ 'idempotency-key': 'with space' }))).toEqual([400, 'invalid_input']);
    expect(problemOf(await start({ 'idempotency-key': 'x'.repeat(201) }))).toEqual([400, 'invalid_input']);
  });

  test('are sent again once with one Idempotency-Key', async () => {
    const { id } = (await start()).body;
    await call(`POST /api/v1/transfers/${id}/cancel`);
    const headers = { 'idempotency-key': 'again-4711' };
    const resend = (reason: string, files?: string) =>
      call(`POST /api/v1/transfers/${id}/resend`, { reason, files }, headers);
    const [first, second] = await Promise.all([resend('partner lost it'), resend('partner lost it')]);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
    expect([first, second].map(replayed).toSorted()).toEqual([null, 'true']);
    expect(first.body).toMatchObject({ resendFiles: 'not_delivered' });
    expect(problemOf(await resend('another reason'))).toEqual([409, 'idempotency_conflict']);
    expect(problemOf(await resend('partner lost it', 'all'))).toEqual([409, 'idempotency_conflict']);
    expect(problemOf(await resend('partner lost it', 'some'))).toEqual([400, 'invalid_input']);
    expect(problemOf(await start(headers))).toEqual([409, 'idempotency_conflict']);
    expect((await call(`GET /api/v1/transfers/${id}`)).body.resends).toHaveLength(1);
  });

  test('that are not there, or of a route that is not there, answer 404', async () => {
    const nobody = '01890000-0000-7000-8000-000000000000';
    expect(problemOf(await call(`GET /api/v1/transfers/${nobody}`))).toEqual([404, 'not_found']);
    expect(
      problemOf(await call('POST /api/v1/transfers', { routeId: nobody }, { 'idempotency-key': 'nobody' })),
    ).toEqual([404, 'not_found']);
    for (const state of ['asleep', 'Failed', '', 'failed,', 'failed partial'])
      expect((await call(`GET /api/v1/transfers?state=${encodeURIComponent(state)}`)).body).toMatchObject({
        status: 400,
        errors: [{ path: 'state', message: expect.stringMatching(/^knows only queued, running, /) }],
      });
  });

  test('are refused in a pause', async () => {
    await call('POST /api/v1/pause', { reason: 'maintenance' });
    expect(problemOf(await start())).toEqual([409, 'paused']);
  });
});
