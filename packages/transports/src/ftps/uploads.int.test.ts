import { describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { moveFile } from '../move-file.js';
import { megabytes, memoryWith, open, start, upload } from '../test-support/hostile-partner.js';
import { assertFails, moveRequest } from '../test-support/transport-suite.js';

describe('uploads that are not whole', () => {
  test('a server that keeps nothing and says 226 is found by the size', async () => {
    const server = await start({
      script: { onDataOpen: (_session, verb) => (verb === 'STOR' ? { discard: true } : undefined) },
    });
    const error = await assertFails(upload(server, megabytes(1)), 'size_mismatch');
    expect(error.move?.temporaryLeft).toBe(false);
    expect(await readdir(server.root)).toEqual([]);
  });

  test('the words of the server win over a connection that breaks, and nothing is left', async () => {
    const server = await start({
      script: {
        onDataOpen: (_session, verb) =>
          verb === 'STOR'
            ? { cut: { afterBytes: 2_000_000, how: 'rst' }, finalReply: '552 Quota exceeded' }
            : undefined,
      },
    });
    const error = await assertFails(upload(server, megabytes(16)), 'target_full');
    expect(error.message).toContain('Quota exceeded');
    expect(error.move?.temporaryLeft).toBe(false);
    expect(await readdir(server.root)).toEqual([]);
  });

  test('a server that stops taking bytes is given up on, and the temporary file is removed', async () => {
    let first = true;
    const server = await start({
      script: {
        onDataOpen: (_session, verb) => {
          if (verb !== 'STOR' || !first) return undefined;
          first = false;
          return { cut: { afterBytes: 1_000_000, how: 'stall' } };
        },
      },
    });
    await assertFails(upload(server, megabytes(32)), 'stalled');
    expect(await readdir(server.root)).toEqual([]);
  });

  test('a hash of the server that differs is found', async () => {
    const other = 'ab'.repeat(32);
    const server = await start({
      script: { onCommand: answering({ HASH: `213 SHA-256 0-3 ${other} x`, XSHA256: `250 ${other}` }) },
    });
    await assertFails(upload(server, Buffer.from('abc')), 'hash_mismatch');
    expect(await readdir(server.root)).toEqual([]);
  });

  test('an answer to XSHA256 of nothing but line ends costs little time', async () => {
    const XSHA256 = `250 ${'\r'.repeat(60_000)}x`;
    const server = await start({ script: { onCommand: answering({ HASH: '550 No', XSHA256 }) } });
    const target = await open(server, { idleTimeoutMs: 10_000 });
    const before = process.cpuUsage();
    expect(await target.hashByServer('/a.bin', { algorithm: 'SHA-256' })).toBeNull();
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(700);
  });

  test('a refusal to write says so and keeps the session', async () => {
    const server = await start({ script: { onCommand: answering({ STOR: '553 Could not create file.' }) } });
    const target = await open(server);
    const { memory } = memoryWith(Buffer.from('abc'));
    const request = moveRequest({
      source: memory,
      sourcePath: '/a.bin',
      target,
      targetPath: '/a.bin',
      reopenTarget: () => Promise.reject(new Error('not needed')),
    });
    const error = await assertFails(moveFile(request), 'permission_denied');
    expect(error.message).toMatch(
      /^The server refused to write into the folder \/: “553 Could not create file\.” Ask the partner/,
    );
    expect(target.usable).toBe(true);
  });
});
