import { describe, expect, test } from '@jest/globals';
import { answering, dropInstead, silence } from '@waybill/ftps-server/behaviours.js';
import { assertFails } from '../test-support/assert-fails.js';
import { findClosedPort } from '../test-support/find-closed-port.js';
import { IMPATIENT, endpoint, open, start } from '../test-support/hostile-partner.js';
import { openForTest } from '../test-support/open-for-test.js';

describe('opening', () => {
  test('gives up on a greeting that never comes, and on a port that does not speak TLS', async () => {
    const server = await start({ script: { onCommand: answering({ CONNECT: silence }) } });
    await assertFails(open(server, IMPATIENT), 'stalled');
    const plain = await start();
    await assertFails(
      openForTest(endpoint({ port: plain.port, protocol: 'ftps_implicit' })),
      'setting_refused',
    );
  });

  test.each(['OPTS', 'TYPE', 'FEAT'])(
    'tells the words of a server that ends the session at %s',
    async (verb) => {
      const server = await start({ script: { onCommand: answering({ [verb]: '421 Too many users' }) } });
      const { message, step } = await assertFails(open(server), 'server_busy');
      expect(message).toContain('421 Too many users');
      expect(step).toBe('login');
    },
  );

  test('tells the words of a server that ends the session at PROT, also where names are to be said in UTF-8', async () => {
    const onCommand = answering({ FEAT: '211-Features:\r\n UTF8\r\n211 End', PROT: '421 Too many users' });
    const server = await start({ script: { onCommand } });
    const { message, step } = await assertFails(open(server), 'server_busy');
    expect(message).toContain('421 Too many users');
    expect(step).toBe('protect');
  });

  test.each([
    ['hangs up', dropInstead('fin'), 'connection_lost'],
    ['falls silent', silence, 'stalled'],
  ] as const)('tells a server that %s over the data connections as that', async (_what, answer, kind) => {
    const server = await start({ script: { onCommand: answering({ PROT: answer }) } });
    const { step, record } = await assertFails(open(server, { idleTimeoutMs: 4000 }), kind);
    expect(step).toBe('protect');
    const steps = record?.timeline.map((one) => `${one.step} ${one.outcome}`).slice(-2);
    expect(steps).toEqual(['login ok', 'protect failed']);
  });

  test('says connect_failed for a closed port and connect_timeout for a silent one', async () => {
    await assertFails(openForTest(endpoint({ port: await findClosedPort() })), 'connect_failed');
  });

  test('refuses loopback that the allow-list does not name, and a port outside of it', async () => {
    const server = await start();
    const refusedByDefault = openForTest(endpoint(server), { networkAllow: [] });
    const error = await assertFails(refusedByDefault, 'address_refused');
    expect(error.step).toBe('resolve');
    const otherPort = [{ cidr: '127.0.0.1/32', fromPort: server.port + 1, toPort: server.port + 1 }];
    await assertFails(openForTest(endpoint(server), { networkAllow: otherPort }), 'address_refused');
    await assertFails(
      openForTest(endpoint(server, { host: 'localhost' }), { networkAllow: [] }),
      'address_refused',
    );
  });

  test('stops at once when cancelled', async () => {
    const server = await start({ script: { onCommand: answering({ USER: silence }) } });
    const cancel = new AbortController();
    const opening = openForTest(endpoint(server, { idleTimeoutMs: 60_000 }), { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 200);
    const started = performance.now();
    await assertFails(opening, 'cancelled');
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
