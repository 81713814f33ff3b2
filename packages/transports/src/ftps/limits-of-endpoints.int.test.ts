/** How many sessions, how fast, how old: what an endpoint limits. */
import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { assertFails } from '../test-support/assert-fails.js';
import { endpoint, open, start, toEnd } from '../test-support/hostile-partner.js';
import { endpointOf, openForTest, quiet } from '../test-support/open-for-test.js';
import { readAll } from '../test-support/read-all.js';
import { running, sourceOf } from '../test-support/real-session.js';
import type { Transport } from '../transport.js';

let count = 0;
const freshId = (): string => `limits ${(count += 1)}`;

describe('the number of connections', () => {
  test('is kept over all sessions of an endpoint; a closed one makes room', async () => {
    const server = await running(startVsftpd());
    const limited = endpointOf(server, { id: freshId(), settings: { maxConnections: 2 } });
    const [first, second] = [await openForTest(limited), await openForTest(limited)];
    toEnd.push(() => first.close());
    const error = await assertFails(openForTest(limited, { slotWaitMs: 0 }), 'server_busy');
    expect(error.message).toContain('All 2 connections');
    expect(error.record?.dialogue).toEqual([]);
    const third = openForTest(limited);
    await second.close();
    await (await third).close();
    // Another endpoint on the same server has its own.
    await (await openForTest({ ...limited, id: freshId() }, { slotWaitMs: 0 })).close();
  });

  test('counts sessions until they are closed, and none that could not be opened', async () => {
    const server = await start({ script: { onCommand: answering({ DELE: '421 Closing' }) } });
    const limited = endpoint(server, { id: freshId(), settings: { maxConnections: 1 } });
    const lost = await openForTest(limited);
    await lost.remove('/x').catch(() => undefined);
    expect(lost.usable).toBe(false);
    // The server has it logged in until then.
    await assertFails(openForTest(limited, { slotWaitMs: 0 }), 'server_busy');
    await lost.close();
    const cancel = new AbortController();
    const cancelled = await openForTest(limited, { slotWaitMs: 0, signal: cancel.signal });
    toEnd.push(() => cancelled.close());
    cancel.abort();
    await assertFails(openForTest({ ...limited, username: 'nobody' }, { slotWaitMs: 0 }), 'login_refused');
    const dropped = await openForTest(limited, { slotWaitMs: 0 });
    toEnd.push(() => dropped.close());
    await server.close();
    for (const deadline = Date.now() + 10_000; dropped.usable && Date.now() < deadline;)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await assertFails(openForTest(limited, { slotWaitMs: 0 }), 'connect_failed');
  });
});

describe('the bandwidth', () => {
  test('is shared by the sessions of an endpoint, each way, and slow is not silent', async () => {
    const server = await running(startVsftpd());
    const bytes = Buffer.alloc(96 * 1024, 'b');
    const settings = { bandwidthKibPerSecond: 64, stallTimeoutMs: 2000 };
    const limited = endpointOf(server, { id: freshId(), settings });
    const sessions = [await openForTest(limited), await openForTest(limited)];
    toEnd.push(async () => void (await Promise.all(sessions.map((one) => one.close()))));
    const each = async (work: (session: Transport, path: string) => Promise<unknown>): Promise<number> => {
      const startedAt = performance.now();
      await Promise.all(sessions.map((session, index) => work(session, `/${index}.bin`)));
      return performance.now() - startedAt;
    };
    const upMs = await each((session, path) => session.write(path, sourceOf(bytes), { signal: quiet }));
    const downMs = await each(async (session, path) =>
      expect((await readAll(session, path)).equals(bytes)).toBe(true),
    );
    // Twice 96 KiB at 64 KiB a second, of which the last read of each, up to 64 KiB, need not be waited for.
    for (const tookMs of [upMs, downMs]) expect(tookMs).toBeGreaterThan(1000);
    for (const tookMs of [upMs, downMs]) expect(tookMs).toBeLessThan(10_000);
  });

  test('does not hold up a cancel', async () => {
    const server = await start();
    await writeFile(join(server.root, 'a.bin'), Buffer.alloc(300_000));
    for (const work of [
      (session: Transport, signal: AbortSignal) => session.read('/a.bin', () => undefined, { signal }),
      (session: Transport, signal: AbortSignal) =>
        session.write('/b.bin', sourceOf(Buffer.alloc(300_000)), { signal }),
    ]) {
      const session = await open(server, { id: freshId(), settings: { bandwidthKibPerSecond: 1 } });
      const startedAt = performance.now();
      await assertFails(work(session, AbortSignal.timeout(300)), 'cancelled');
      expect(performance.now() - startedAt).toBeLessThan(20_000);
    }
  });
});

test('a session says when it is to be replaced', async () => {
  const server = await start();
  const before = performance.now();
  const session = await open(server, { settings: { maxSessionAgeSeconds: 77 } });
  expect(session.expiresAt).toBeGreaterThanOrEqual(before + 77_000);
  expect(session.expiresAt).toBeLessThanOrEqual(performance.now() + 77_000);
});
