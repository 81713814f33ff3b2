import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type TestApi, problemOf, testApi } from './testing/test-api.js';

const consoleDir = mkdtempSync(join(tmpdir(), 'waybill-console-'));
mkdirSync(join(consoleDir, 'assets'));
writeFileSync(join(consoleDir, 'index.html'), '<!doctype html><title>Console</title>');
writeFileSync(join(consoleDir, 'assets/main-1a2b3c.js'), 'export {};');

let api: TestApi;
let admin = '';
beforeAll(async () => {
  api = await testApi({ consoleDir, trustedProxies: ['127.0.0.1'] });
  admin = await api.keyOf('administrator');
});
afterAll(async () => {
  await api.close();
  await rm(consoleDir, { recursive: true });
});

describe('what a browser gets', () => {
  test('the console at every address that is not the API, and its files for good', async () => {
    const page = await api.call('GET /partners/42');
    expect(page.text).toContain('<title>Console</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = await api.call('GET /assets/main-1a2b3c.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const stale = await api.call('GET /assets/main-gone.js');
    expect(problemOf(stale)).toEqual([404, 'not_found']);
    expect((await api.call('GET /..%2f..%2f..%2fetc%2fpasswd')).text).not.toContain('root:');
    expect(problemOf(await api.call('POST /partners'))).toEqual([404, 'not_found']);
  });

  test('a policy that runs no script but ours, and no frame around us', async () => {
    for (const path of ['/', '/api/docs', '/api/v1/me']) {
      const { headers } = await api.call(`GET ${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/script-src 'self';/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('the document of the API and a page to read it, without a word from elsewhere', async () => {
    expect((await api.call('GET /api/openapi.json')).body.openapi).toBe('3.0.0');
    const page = await api.call('GET /api/docs');
    expect(page.headers.get('content-type')).toMatch(/html/);
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(page.text).not.toMatch(/<script(?![^>]*src=)/);
    expect((await api.call('GET /api/docs/page.js')).headers.get('content-type')).toMatch(/javascript/);
    expect((await api.call('GET /api/docs/page.css')).headers.get('content-type')).toMatch(/css/);
  });

  test.each([
    [{ range: 'bytes=9999999-' }, 200],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' }, 412],
  ])('no fault of ours where a file of that page is asked for with %j', async (headers, status) => {
    for (const path of ['/api/docs', '/api/docs/page.js', '/api/docs/page.css'])
      expect((await api.call(`GET ${path}`, { headers })).status).toBe(status);
  });
});

describe('for the machine', () => {
  test('healthz answers; readyz names what is missing, until a worker is alive', async () => {
    expect((await api.call('GET /healthz')).body).toEqual({ status: 'ok' });
    const missing = await api.call('GET /readyz');
    expect(problemOf(missing)).toEqual([503, 'not_ready']);
    expect(missing.body.errors).toEqual([{ path: 'worker', message: 'is not ready' }]);
    const now = new Date();
    await api.database.worker.worker.create({
      data: { id: 'w1', version: '0.1.0', hostName: 'h', startedAt: now, lastSeenAt: now },
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await api.call('GET /readyz')).body).toEqual({
      status: 'ready',
      checks: ['database', 'queue', 'migrations', 'worker'],
    });
  });

  test('healthz and readyz answer in a flood, and one look serves all who ask within a second', async () => {
    const { worker } = api.database.worker;
    const now = new Date();
    const row = { version: '0.1.0', hostName: 'h', startedAt: now, lastSeenAt: now };
    await worker.create({ data: { ...row, id: 'flooded' } });
    const statuses = async (path: string, count: number) => {
      const answers = await Promise.all(Array.from({ length: count }, () => api.call(`GET ${path}`)));
      return new Set(answers.map(({ status }) => status));
    };
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    expect(await statuses('/healthz', 150)).toEqual(new Set([200]));
    expect(await statuses('/readyz', 150)).toEqual(new Set([200]));
    await pause(1_100);
    expect((await api.call('GET /readyz')).status).toBe(200);
    await worker.deleteMany({});
    // Nobody has looked again, or one of these would know. Few, so that they fit into the second on a slow machine.
    expect(await statuses('/readyz', 10)).toEqual(new Set([200]));
    await pause(1_100);
    expect((await api.call('GET /readyz')).status).toBe(503);
    await worker.create({ data: { ...row, id: 'w2' } });
    await pause(200);
    expect((await api.call('GET /readyz')).status).toBe(200);
  });

  test('metrics say how things stand, to those who may ask', async () => {
    const answer = await api.call('GET /metrics', { key: await api.keyOf('auditor') });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'waybill_queue_jobs{queue="transfer",state="waiting"} 0',
      'waybill_transfers{state="held"} 0',
      'waybill_transfers_ended_total{state="failed"} 0',
      'waybill_delivered_files_total{state="partial"} 0',
      'waybill_schedules_due 0',
      'waybill_schedules_late 0',
      'waybill_paused 0',
      'waybill_moved_bytes_total{state="succeeded"} 0',
      'waybill_oldest_queued_seconds 0',
    ])
      expect(answer.text).toContain(line);
    expect(answer.text).toMatch(/process_cpu_seconds_total/);
    expect(problemOf(await api.call('GET /metrics'))).toEqual([401, 'not_signed_in']);
  });

  test('metrics are whole for each of many who ask at once', async () => {
    const key = await api.keyOf('auditor');
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.call('GET /metrics', { key })));
    const seriesOf = (text: string) => [...text.matchAll(/^waybill_\S+/gm)].map(([name]) => name).toSorted();
    const series = seriesOf((await api.call('GET /metrics', { key })).text);
    expect(series.length).toBeGreaterThan(20);
    for (const { text } of answers) expect(seriesOf(text)).toEqual(series);
  });

  test('the request log has one line of facts for each request, without query and body', async () => {
    const answer = await api.call('GET /api/v1/partners?search=very-private', { key: admin });
    const line = api
      .logged()
      .split('\n')
      .map((text) => (text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)))
      .find(({ requestId, msg }) => requestId === answer.headers.get('x-request-id') && msg === 'request');
    expect(line).toMatchObject({
      method: 'GET',
      path: '/api/v1/partners',
      status: 200,
      actorKind: 'api_key',
    });
    expect(api.logged()).not.toContain('very-private');
  });
});
