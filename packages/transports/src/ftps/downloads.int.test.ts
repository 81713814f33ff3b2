import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { startCuttingProxy } from '@waybill/testing/proxies/cutting-proxy.js';
import { findFreePorts } from '@waybill/testing/servers/find-free-ports.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { moveFile } from '../move-file.js';
import {
  download,
  type HostilePartner,
  megabytes,
  memoryWith,
  open,
  start,
  toEnd,
} from '../test-support/hostile-partner.js';
import { endpointOf, openForTest, quiet } from '../test-support/open-for-test.js';
import { TransportError } from '../transport-error.js';
import { assertFails, moveRequest } from '../test-support/transport-suite.js';
import type { Transport } from '../transport.js';

describe('downloads that are not whole', () => {
  test('a data connection cut by FIN is found although the server says 226', async () => {
    for (const how of ['fin', 'clean'] as const) {
      const server = await start({
        script: {
          onDataOpen: () => ({ cut: { afterBytes: 3_000_000, how }, finalReply: '226 Transfer complete' }),
        },
      });
      await writeFile(join(server.root, 'a.bin'), megabytes(8));
      const error = await assertFails(download(server), 'truncated');
      expect(error.message).toContain('of 8388608 bytes');
    }
  });

  test('a reset and a stall are found too', async () => {
    const reset = await start({
      script: { onDataOpen: () => ({ cut: { afterBytes: 3_000_000, how: 'rst' } }) },
    });
    await writeFile(join(reset.root, 'a.bin'), megabytes(8));
    await assertFails(download(reset), 'connection_lost');
    const stalled = await start({
      script: { onDataOpen: () => ({ cut: { afterBytes: 3_000_000, how: 'stall' } }) },
    });
    await writeFile(join(stalled.root, 'a.bin'), megabytes(8));
    await assertFails(download(stalled), 'stalled');
  });

  test('more bytes than the file has are no delivery either', async () => {
    const server = await start({
      script: {
        onDataOpen: () => ({
          replaceContent: async function* () {
            yield Buffer.alloc(20);
          },
        }),
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'ten bytes!');
    await assertFails(download(server), 'size_mismatch');
  });

  test('bytes without end are refused as soon as there are more than the file has', async () => {
    const block = Buffer.alloc(1024 * 1024);
    const server = await start({
      script: {
        onDataOpen: () => ({
          replaceContent: async function* () {
            for (;;) yield block;
          },
        }),
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'ten bytes!');
    const source = await open(server);
    let taken = 0;
    const reading = source.read('/a.bin', (chunk) => void (taken += chunk.length), {
      signal: AbortSignal.timeout(5000),
    });
    const error = await assertFails(reading, 'size_mismatch');
    expect(error.message).toContain('more than the 10 bytes');
    expect(taken).toBe(0);
  });

  test('a file of which the server tells no size is not asked for', async () => {
    const verbs: string[] = [];
    const server = await start({
      script: {
        onCommand: (session, verb, argument) => {
          verbs.push(verb);
          return answering({ FEAT: '211 No features', SIZE: '213 unknown' })(session, verb, argument);
        },
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'content');
    await assertFails(download(server), 'protocol_error');
    expect(verbs).not.toContain('RETR');
  });

  test('a file that changes while it is read is found', async () => {
    const server = await start({
      script: {
        onReply: (_session, verb, reply) =>
          verb === 'RETR' && reply.code === 226
            ? async (turn) => {
                await writeFile(join(server.root, 'a.bin'), 'other text');
                await turn.runDefault();
              }
            : undefined,
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'some content');
    await assertFails(download(server), 'source_changed');
  });

  test('a server that says complete and then sends nothing more is waited for, not believed', async () => {
    const server = await start({
      script: { onReply: answering({ 'RETR 226': '426 Sorry', MLST: undefined }) },
    });
    await writeFile(join(server.root, 'a.bin'), 'content');
    await assertFails(download(server), 'connection_lost');
  });

  for (const { name, startServer } of [
    { name: 'vsftpd', startServer: startVsftpd },
    { name: 'ProFTPD', startServer: startProftpd },
  ]) {
    test(`a real ${name} behind a line that is cut is not believed`, async () => {
      const passivePorts = await findFreePorts(5);
      const server = await startServer({ passivePorts });
      toEnd.push(() => server.stop());
      await writeFile(join(server.root, 'a.bin'), megabytes(16), { mode: 0o644 });
      const proxy = await startCuttingProxy(server, {
        channel: 'data',
        direction: 'download',
        afterBytes: 7_000_000,
        how: 'fin',
      });
      toEnd.push(() => proxy.stop());
      const source = await openForTest(endpointOf(server, { host: proxy.host }));
      toEnd.push(() => source.close());
      await assertFails(
        source.read('/a.bin', () => undefined, { signal: quiet }),
        'truncated',
      );
      expect(proxy.cuts()).toBe(1);
    });
  }
});

test('a server that tells nothing about names with a dot in front is collected from', async () => {
  const server = await start({
    script: {
      onCommand: (_session, _verb, argument) =>
        argument.includes('/.') ? '553 Prohibited file name' : undefined,
    },
  });
  await writeFile(join(server.root, 'a.bin'), 'content');
  expect((await download(server)).get('/got.bin')?.bytes.toString()).toBe('content');
});

describe('a server that gives each file once', () => {
  const lost = (step: StepName) => new TransportError('connection_lost', step, 'It broke off.');
  const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');
  const givingOnce = async (): Promise<HostilePartner> => {
    const server = await start({
      script: {
        onReply: (_session, verb, reply) =>
          verb === 'RETR' && reply.code === 226
            ? async (turn) => {
                await rm(join(server.root, 'a.bin'));
                await turn.runDefault();
              }
            : undefined,
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'the only copy');
    return server;
  };

  test('has given it when all bytes came and it said so', async () => {
    const files = await download(await givingOnce());
    expect(files.get('/got.bin')?.bytes.toString()).toBe('the only copy');
  });

  test('has not given it when bytes are missing', async () => {
    const server = await start({
      script: {
        onDataOpen: () => ({ cut: { afterBytes: 5, how: 'clean' }, finalReply: '226 Transfer complete' }),
        onReply: (_session, verb) =>
          verb === 'RETR'
            ? async (turn) => {
                await rm(join(server.root, 'a.bin'), { force: true });
                await turn.runDefault();
              }
            : undefined,
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'the only copy');
    await assertFails(download(server), 'truncated');
  });

  test('leaves the only copy with us: it stays under its temporary name where it cannot be renamed', async () => {
    const source = await open(await givingOnce());
    const { memory, files } = memoryWith(Buffer.from('in the way'));
    const request = moveRequest({
      source,
      sourcePath: '/a.bin',
      target: memory,
      targetPath: '/got.bin',
      reopenTarget: async () => memory,
      onVerified: async () => void files.set('/got.bin', { bytes: Buffer.alloc(0), modifiedAt: new Date() }),
    });
    const error = await assertFails(moveFile(request), 'target_exists');
    expect(error.move).toMatchObject({ temporaryLeft: true, sha256: sha256Of('the only copy') });
    expect(files.get(request.temporaryPath)?.bytes.toString()).toBe('the only copy');
  });

  test.each([
    ['verified', { stat: async () => Promise.reject(lost('verify')) }],
    ['confirmed', {}],
  ] as const)('leaves the only copy with us: it stays where it could not be %s', async (what, broken) => {
    const source = await open(await givingOnce());
    const { memory, files } = memoryWith(Buffer.alloc(0));
    const target: Transport = {
      ...memory,
      usable: true,
      ...broken,
      write: async (...written) => {
        const result = await memory.write(...written);
        if (what === 'confirmed') throw lost('confirm');
        return result;
      },
    };
    const request = moveRequest({
      source,
      sourcePath: '/a.bin',
      target,
      targetPath: '/got.bin',
      ifExists: 'replace',
      reopenTarget: async () => memory,
    });
    const error = await assertFails(moveFile(request), 'connection_lost');
    expect(error.move).toMatchObject({ temporaryLeft: true, sha256: sha256Of('the only copy') });
    expect(files.get(request.temporaryPath)?.bytes.toString()).toBe('the only copy');
  });
});
