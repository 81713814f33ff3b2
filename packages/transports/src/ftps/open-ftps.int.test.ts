import { describe, expect, test } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { answering, silence } from '@waybill/ftps-server/behaviours.js';
import { endpoint, open, ownTls, start, toEnd } from '../test-support/hostile-partner.js';
import { openForTest } from '../test-support/open-for-test.js';
import { assertFails } from '../test-support/transport-suite.js';

describe('opening', () => {
  test('stops when PROT P is refused, before a file is asked for or sent', async () => {
    const server = await start({
      script: { onCommand: answering({ PROT: '536 Requested PROT level not supported' }) },
    });
    const error = await assertFails(open(server), 'protection_refused');
    expect(error.step).toBe('protect');
    const commands = error.record?.dialogue
      .filter((line) => line.from === 'us')
      .map((line) => line.text.split(' ')[0]);
    expect(commands).not.toContain('EPSV');
    expect(commands).not.toContain('STOR');
  });

  test('stops when PBSZ is refused', async () => {
    const server = await start({ script: { onCommand: answering({ PBSZ: '503 No' }) } });
    await assertFails(open(server), 'protection_refused');
  });

  test('sends nothing in the clear when AUTH TLS is refused', async () => {
    const server = await start({ script: { onCommand: answering({ AUTH: '534 Not here' }) } });
    const error = await assertFails(open(server), 'protection_refused');
    const said = error.record?.dialogue.filter((line) => line.from === 'us').map((line) => line.text);
    expect(said).toEqual(['AUTH TLS', 'QUIT']);
  });

  test.each([
    ['AUTH', '421 Too many connections', 'tls'],
    ['AUTH', '431 Not now', 'tls'],
    ['PBSZ', '431 Not now', 'protect'],
    ['PROT', '450 Busy', 'protect'],
  ])('goes no further when %s is answered %j, which may pass', async (verb, answer, step) => {
    const server = await start({ script: { onCommand: answering({ [verb]: answer }) } });
    const error = await assertFails(open(server), 'server_busy');
    expect(error.step).toBe(step);
    expect(error.message).toMatch(/asks to try again later\.$/);
    const said = error.record?.dialogue.filter((line) => line.from === 'us').map((line) => line.text) ?? [];
    expect(said.slice(said.findIndex((line) => line.startsWith(verb)) + 1)).toEqual(['QUIT']);
  });

  test('stops when text was put in after the answer to AUTH TLS', async () => {
    const script = {
      onReply: answering({
        AUTH: async (turn) => {
          await turn.send('234 Go ahead\r\n230 You are logged in\r\n');
        },
      }),
    };
    await assertFails(open(await start({ script })), 'protocol_error');
  });

  test('gives up on a greeting that never comes, and on a port that does not speak TLS', async () => {
    const server = await start({ script: { onCommand: answering({ CONNECT: silence }) } });
    await assertFails(open(server), 'stalled');
    const plain = await start();
    await assertFails(openForTest(endpoint({ port: plain.port, protocol: 'ftps_implicit' })), 'tls_failed');
  });

  test('says server_busy for a 421 in place of a greeting', async () => {
    const server = await start({ script: { onCommand: answering({ CONNECT: '421 Too many users' }) } });
    const error = await assertFails(open(server), 'server_busy');
    expect(error.message).toContain('Too many users');
  });

  test('says connect_failed for a closed port and connect_timeout for a silent one', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await assertFails(openForTest(endpoint({ port })), 'connect_failed');
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

  test('dials data connections through the guard too', async () => {
    const server = await start();
    const onlyControl = [{ cidr: '127.0.0.1/32', fromPort: server.port, toPort: server.port }];
    const transport = await openForTest(endpoint(server), { networkAllow: onlyControl });
    toEnd.push(() => transport.close());
    await assertFails(transport.list('/'), 'address_refused');
  });

  test('stops at once when cancelled', async () => {
    const server = await start({ script: { onCommand: answering({ USER: silence }) } });
    const cancel = new AbortController();
    const opening = openForTest(endpoint(server, { idleTimeoutMs: 60_000 }), { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 200);
    const started = performance.now();
    await assertFails(opening, 'cancelled');
    expect(performance.now() - started).toBeLessThan(1500);
  });

  test('does not go on with a server that speaks another protocol by ALPN', async () => {
    const server = await start({ mode: 'implicit', tls: { ...ownTls(), alpnProtocols: ['http/1.1'] } });
    await assertFails(open(server), 'tls_failed');
  });
});
