/** NOOP while a transfer runs: four servers answer it in three ways, and none of them may be taken for anything else. */
import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterDoing, answering, silence, thenSend } from '@waybill/ftps-server/behaviours.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startPureFtpd } from '@waybill/testing/servers/pure-ftpd.js';
import { startPyftpdlib } from '@waybill/testing/servers/pyftpdlib.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { assertFails } from '../test-support/assert-fails.js';
import { open, start } from '../test-support/hostile-partner.js';
import { quiet } from '../test-support/open-for-test.js';
import { readAll } from '../test-support/read-all.js';
import { openOn, roundTrip, running } from '../test-support/real-session.js';
import { said } from '../test-support/said.js';
import type { Transport } from '../transport.js';

const settings = { noopSeconds: 1, stallTimeoutMs: 20_000 };
const saidNoop = (transport: Transport): number => said(transport).filter((line) => line === 'NOOP').length;
/** More than the buffers between the two ends take, which the server would be done with at once. */
const SLOW_BYTES = 24 * 1024 * 1024;
/** The first one is said at login, to see how it is answered. */
const AT_LOGIN = 1;

/** A source that takes its time until the transport has said NOOP so many times more. */
async function* until(transport: Transport, noops: number): AsyncGenerator<Buffer> {
  const goal = saidNoop(transport) + noops;
  yield Buffer.alloc(1000, 'a');
  for (const deadline = Date.now() + 30_000; saidNoop(transport) < goal && Date.now() < deadline;)
    await sleep(20);
  yield Buffer.alloc(1000, 'b');
}

describe.each([
  ['vsftpd', startVsftpd],
  ['ProFTPD', startProftpd],
  ['Pure-FTPd', startPureFtpd],
  ['pyftpdlib', startPyftpdlib],
] as const)('on %s', (_name, how) => {
  test('long transfers each way keep the session in step', async () => {
    const transport = await openOn(await running(how()), { idleTimeoutMs: 20_000, settings });
    for (const path of ['/1.bin', '/2.bin']) {
      const { bytes } = await transport.write(path, until(transport, 2), { signal: quiet });
      expect(bytes).toBe(2000);
      expect((await transport.stat(path))?.sizeBytes).toBe(2000);
    }
    expect(saidNoop(transport)).toBeGreaterThanOrEqual(AT_LOGIN + 4);
    await transport.close();
  }, 30_000);

  test('a slow download and what comes after it are read right', async () => {
    const server = await running(how());
    await writeFile(join(server.root, 'slow.bin'), Buffer.alloc(SLOW_BYTES, 's'));
    const changes = { idleTimeoutMs: 20_000, settings: { ...settings, bandwidthKibPerSecond: 8192 } };
    const transport = await openOn(server, changes);
    expect((await readAll(transport, '/slow.bin')).length).toBe(SLOW_BYTES);
    expect(saidNoop(transport)).toBeGreaterThan(AT_LOGIN);
    expect((await transport.stat('/slow.bin'))?.sizeBytes).toBe(SLOW_BYTES);
    expect((await transport.list('/')).entries.map(({ name }) => name)).toContain('slow.bin');
    expect(transport.usable).toBe(true);
  }, 30_000);
});

describe('a server that answers', () => {
  const transferWith = async (script: Parameters<typeof start>[0]): Promise<Transport> =>
    open(await start(script), { settings, idleTimeoutMs: 5000 });

  test('NOOP with 500, or PWD with 200, is sent none while a transfer runs', async () => {
    for (const answers of [{ NOOP: '500 What?' }, { PWD: '200 "/"' }]) {
      const transport = await transferWith({ script: { onCommand: answering(answers) } });
      const source = until(transport, 1);
      const writing = transport.write('/a.bin', slowly(source), { signal: quiet });
      await writing;
      expect(saidNoop(transport)).toBe(AT_LOGIN);
    }
  }, 30_000);

  test('a transfer with an error after NOOP was answered is not believed to have kept the file', async () => {
    const transport = await transferWith({
      script: { onReply: answering({ 'STOR 226': '451 Disk on fire' }) },
    });
    const error = await assertFails(
      transport.write('/a.bin', until(transport, 1), { signal: quiet }),
      'server_error',
    );
    expect(error.message).toContain('Disk on fire');
  }, 30_000);

  test('NOOP and never ends the transfer is not believed either', async () => {
    // What a second answer to NOOP looks like.
    const script = { onReply: answering({ 'STOR 226': ['200 Still here', '200 Still here'] }) };
    const transport = await transferWith({ script: { ...script } });
    const cancel = new AbortController();
    const writing = transport.write('/a.bin', until(transport, 1), { signal: cancel.signal });
    for (const deadline = Date.now() + 20_000; transport.usable && Date.now() < deadline;) await sleep(20);
    expect(transport.usable).toBe(false);
    cancel.abort();
    await assertFails(writing, 'cancelled');
  }, 30_000);

  test('no NOOP while a transfer runs keeps its later answers of 200 for what they are', async () => {
    let noops = 0;
    const script = {
      onCommand: answering({ NOOP: (turn) => ((noops += 1) === 1 ? turn.runDefault() : undefined) }),
    };
    const server = await start({ script });
    const changes = { settings: { ...settings, commandsBeforeQuit: ['CLNT Waybill'] }, idleTimeoutMs: 5000 };
    const transport = await open(server, changes);
    await transport.write('/a.bin', until(transport, 2), { signal: quiet });
    expect((await transport.stat('/a.bin'))?.sizeBytes).toBe(2000);
    await transport.close();
    expect(noops).toBeGreaterThan(2);
    expect(transport.record().timeline.at(-1)).toMatchObject({ step: 'cleanup', detail: 'CLNT Waybill' });
  }, 30_000);

  test('nothing behind a NOOP is given up on in time', async () => {
    let isMute = false;
    const script = {
      onCommand: answering({ PWD: (turn) => (isMute ? silence(turn) : turn.runDefault()) }),
      onReply: answering({ 'STOR 226': afterDoing(() => (isMute = true)) }),
    };
    const transport = await transferWith({ script });
    await transport.write('/a.bin', until(transport, 1), { signal: quiet });
    const startedAt = performance.now();
    await assertFails(transport.stat('/a.bin'), 'stalled');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  }, 40_000);

  test('more than it was asked is not used again', async () => {
    const twice = answering({ 'NOOP 200': thenSend('200 And again') });
    let isOn = false;
    const server = await start({
      script: { onReply: (session, verb, reply) => (isOn ? twice(session, verb, reply) : undefined) },
    });
    const transport = await open(server, { settings, idleTimeoutMs: 5000 });
    isOn = true;
    await transport.write('/a.bin', until(transport, 1), { signal: quiet });
    for (const deadline = Date.now() + 10_000; transport.usable && Date.now() < deadline;) await sleep(20);
    expect(transport.usable).toBe(false);
  }, 30_000);
});

test('is not said where the endpoint does not ask for it', async () => {
  const transport = await open(await start());
  await roundTrip(transport);
  expect(saidNoop(transport)).toBe(0);
});

/** One chunk, a pause in which NOOP would have come, another one. */
async function* slowly(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield (await source.next()).value as Buffer;
  await sleep(1500);
  yield Buffer.alloc(10);
}
