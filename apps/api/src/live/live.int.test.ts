import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LiveEvent, liveEvent } from '@waybill/contracts/live.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { anActor } from '@waybill/testing/builders.js';
import { pauseInstallation, resumeInstallation } from '@waybill/domain/settings/pause.js';
import { notifyLive } from '@waybill/domain/live/notify-live.js';
import { startDelayingProxy } from '@waybill/testing/proxies/delaying-proxy.js';
import pino from 'pino';
import { type TestApi, problemOf, testApi } from '../testing/test-api.js';
import { openLive } from './live.js';

const ONE = '00000000-0000-7000-8000-000000000001';
const TWO = '00000000-0000-7000-8000-000000000002';

let api: TestApi;
let key = '';
beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf('operator');
});
afterAll(() => api.close());

const moved = (transferId: string, movedBytes: number): LiveEvent => ({
  kind: 'transfer',
  transferId,
  state: 'running',
  movedBytes,
  totalBytes: 100,
  deliveredCount: 0,
  fileCount: 1,
  bytesPerSecond: 5,
  file: { id: TWO, state: 'moving', movedBytes },
});

/** Announces as the worker does, with its role. */
const announce = (event: LiveEvent) => inTransaction(api.database.worker, (tx) => notifyLive(tx, event));

/** Opens a stream and collects its text. */
const follow = (query = '', withKey = key) =>
  open(`${api.url}/api/v1/live${query}`, { authorization: `Bearer ${withKey}` });

async function open(url: string, headers: Record<string, string>) {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  let text = '';
  let isOpen = true;
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })()
    .catch((error: unknown) => {
      if (!controller.signal.aborted) throw error;
    })
    .finally(() => (isOpen = false));
  return {
    status: response.status,
    headers: response.headers,
    events: () =>
      [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => liveEvent.parse(JSON.parse(data ?? ''))),
    text: () => text,
    isOpen: () => isOpen,
    async close() {
      controller.abort();
      await reading;
    },
  };
}

async function until(isTrue: () => boolean, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !isTrue(); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() > end) throw new Error('It did not come true in time.');
}

test('what is announced reaches every open stream, each by its own filter', async () => {
  const all = await follow();
  const one = await follow(`?transferId=${ONE}`);
  const check = await follow(`?endpointTestId=${TWO}`);
  try {
    expect(all.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(all.headers.get('cache-control')).toBe('no-store');
    await announce(moved(ONE, 10));
    await announce(moved(TWO, 20));
    await announce({ kind: 'endpoint_test', endpointTestId: TWO });
    await until(() => all.events().length === 3 && check.events().length === 1 && one.events().length === 1);
    expect(all.events().slice(0, 2)).toEqual([
      { ...moved(ONE, 10), file: null },
      { ...moved(TWO, 20), file: null },
    ]);
    expect(one.events()).toEqual([moved(ONE, 10)]);
    expect(check.events()).toEqual([{ kind: 'endpoint_test', endpointTestId: TWO }]);
  } finally {
    await Promise.all([all.close(), one.close(), check.close()]);
  }
});

test('a pause and its end are announced to every stream, without their reason', async () => {
  const streams = [await follow(), await follow(`?transferId=${ONE}`)];
  const actor = anActor();
  try {
    await inTransaction(api.database.app, (tx) => pauseInstallation(tx, actor, { reason: 'maintenance' }));
    await inTransaction(api.database.app, (tx) => resumeInstallation(tx, actor));
    await until(() => streams.every((one) => one.events().length === 2));
    for (const one of streams) expect(one.events()).toEqual([{ kind: 'pause' }, { kind: 'pause' }]);
  } finally {
    await Promise.all(streams.map((one) => one.close()));
  }
});

test('it listens from when it is there, however far away the database is', async () => {
  const url = new URL(api.database.appUrl);
  const proxy = await startDelayingProxy({ port: Number(url.port), passivePorts: { first: 1, last: 0 } }, 50);
  url.hostname = proxy.host;
  const live = await openLive(url.href, pino({ level: 'silent' }));
  try {
    const heard: LiveEvent[] = [];
    live.subscribe({
      hear: (event) => heard.push(event),
      accessChanged: () => undefined,
      end: () => undefined,
    });
    await announce(moved(ONE, 7));
    await until(() => heard.length === 1);
  } finally {
    await live.close();
    await proxy.stop();
  }
});

test('what is rolled back is never told, nor what is no event', async () => {
  const all = await follow();
  try {
    const lost = inTransaction(api.database.app, async (tx) => {
      await notifyLive(tx, moved(ONE, 1));
      throw new Error('rolled back');
    });
    await expect(lost).rejects.toThrow('rolled back');
    await api.database.app.$executeRaw`SELECT pg_notify('waybill_live', 'no event')`;
    await announce(moved(ONE, 2));
    await until(() => all.events().length > 0);
    expect(all.events()).toEqual([{ ...moved(ONE, 2), file: null }]);
  } finally {
    await all.close();
  }
});

test('one caller may keep twenty streams open, and one that closes makes room', async () => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => follow()));
  try {
    expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(problemOf(await api.call('GET /api/v1/live', { key }))).toEqual([429, 'too_many_requests']);
    const other = await follow('', await api.keyOf('auditor'));
    expect(other.status).toBe(200);
    await other.close();
    await streams[0]?.close();
    await until(() => streams[0]?.isOpen() === false);
    // The server hears of the end a moment later.
    let again = await follow();
    for (const end = Date.now() + 10_000; again.status === 429 && Date.now() < end; again = await follow())
      await again.close();
    expect(again.status).toBe(200);
    await again.close();
  } finally {
    await Promise.all(streams.map((stream) => stream.close()));
  }
});

test('whoever asks for the head alone gets it at once, and takes no place', async () => {
  const asked = Array.from({ length: 30 }, () =>
    fetch(`${api.url}/api/v1/live`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(5_000),
    }),
  );
  for (const { status, headers } of await Promise.all(asked))
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const stream = await follow();
  expect(stream.status).toBe(200);
  await stream.close();
});

test('a connection to the database that breaks ends the streams once it is back, so that pages ask anew', async () => {
  const stream = await follow();
  try {
    await api.database.app.$executeRaw`SELECT 1`;
    const { default: pg } = await import('pg');
    const superuser = new pg.Client({ connectionString: api.database.superuserUrl });
    await superuser.connect();
    const { rowCount } = await superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'waybill api live' AND datname = current_database()`,
    );
    await superuser.end();
    expect(rowCount).toBe(1);
    await until(() => !stream.isOpen());
  } finally {
    await stream.close();
  }
  const again = await follow();
  try {
    await announce(moved(ONE, 3));
    await until(() => again.events().length === 1);
  } finally {
    await again.close();
  }
});

test('an open stream is nobody at work: it keeps no session from ending', async () => {
  const password = 'a long pass phrase 1';
  const { id: userId } = await api.addUser({
    email: 'away@example.com',
    name: 'Away',
    role: 'auditor',
    password,
  });
  const { cookie = '' } = await api.signIn('away@example.com', password);
  const lastSeenAt = new Date(Date.now() - 14 * 60_000);
  await api.database.app.session.updateMany({ where: { userId }, data: { lastSeenAt } });
  const stream = await open(`${api.url}/api/v1/live`, { cookie });
  expect(stream.status).toBe(200);
  await stream.close();
  const session = await api.database.app.session.findFirstOrThrow({ where: { userId } });
  expect(session.lastSeenAt).toEqual(lastSeenAt);
});

test('strangers and parameters that nobody knows are refused', async () => {
  expect(problemOf(await api.call('GET /api/v1/live'))).toEqual([401, 'not_signed_in']);
  expect(problemOf(await api.call('GET /api/v1/live?transferId=1', { key }))).toEqual([400, 'invalid_input']);
});

test('a stream ends within a heartbeat when the time of the session or the key is over', async () => {
  const password = 'a long pass phrase 1';
  await api.addUser({ email: 'lea@example.com', name: 'Lea', role: 'operator', password });
  const { cookie = '' } = await api.signIn('lea@example.com', password);
  const bySession = await fetch(`${api.url}/api/v1/live`, { headers: { cookie } });
  const made = await api.call('POST /api/v1/api-keys', {
    key: await api.keyOf('administrator'),
    body: { name: 'short', role: 'operator' },
  });
  const byKey = await follow('', made.body.key);
  const staying = await follow();
  const { app } = api.database;
  const expiresAt = new Date();
  await app.session.updateMany({ data: { expiresAt } });
  await app.apiKey.update({ where: { id: made.body.id }, data: { expiresAt } });
  expect(await bySession.text()).toMatch(/: heartbeat\n\nevent: ended\ndata: \{\}\n\n$/);
  await until(() => !byKey.isOpen());
  expect(staying.isOpen()).toBe(true);
  await staying.close();
});

test('a stream ends at once, and not with the next heartbeat, when somebody ends the session or the key', async () => {
  const slow = await testApi({}, { heartbeatMs: 600_000 });
  try {
    const admin = await slow.keyOf('administrator');
    const password = 'a long pass phrase 1';
    const sameOrigin = { 'sec-fetch-site': 'same-origin' };
    const live = (headers: Record<string, string>) => open(`${slow.url}/api/v1/live`, headers);
    const person = async (name: string) => {
      const { id } = await slow.addUser({ email: `${name}@example.com`, name, role: 'operator', password });
      const headers = await slow.signIn(`${name}@example.com`, password);
      return { id, headers, stream: await live(headers) };
    };
    const staying = await live({ authorization: `Bearer ${await slow.keyOf('auditor')}` });
    const left = await person('left');
    const reset = await person('reset');
    const disabled = await person('disabled');
    const demoted = await person('demoted');
    const changed = await person('changed');
    const changedElsewhere = await live(await slow.signIn('changed@example.com', password));
    const made = await slow.call('POST /api/v1/api-keys', {
      key: admin,
      body: { name: 'short', role: 'operator' },
    });
    const byKey = await live({ authorization: `Bearer ${made.body.key}` });

    const answers = await Promise.all([
      slow.call('DELETE /api/v1/session', { headers: { ...left.headers, ...sameOrigin } }),
      slow.call(`POST /api/v1/users/${reset.id}/password`, {
        key: admin,
        body: { password: `${password}2` },
      }),
      slow.call(`PATCH /api/v1/users/${disabled.id}`, { key: admin, body: { disabled: true } }),
      slow.call(`PATCH /api/v1/users/${demoted.id}`, { key: admin, body: { role: 'auditor' } }),
      slow.call(`POST /api/v1/api-keys/${made.body.id}/revoke`, { key: admin }),
      slow.call('POST /api/v1/me/password', {
        headers: { ...changed.headers, ...sameOrigin },
        body: { currentPassword: password, newPassword: `${password}2` },
      }),
    ]);
    expect(answers.map(({ status }) => status < 300)).toEqual(answers.map(() => true));
    for (const { stream } of [
      left,
      reset,
      disabled,
      demoted,
      { stream: byKey },
      { stream: changedElsewhere },
    ]) {
      await until(() => !stream.isOpen());
      expect(stream.text()).toMatch(/event: ended\ndata: \{\}\n\n$/);
    }
    expect([staying.isOpen(), changed.stream.isOpen()]).toEqual([true, true]);
    await Promise.all([staying.close(), changed.stream.close()]);
  } finally {
    await slow.close();
  }
});
