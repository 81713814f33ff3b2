import { describe, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answering, dropInstead } from '@waybill/ftps-server/behaviours.js';
import { moveFile } from '../move-file.js';
import { megabytes, memoryWith, open, start, upload } from '../test-support/hostile-partner.js';
import { assertFails, moveRequest } from '../transport-suite.js';

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
    await assertFails(moveFile(request), 'permission_denied');
    expect(target.usable).toBe(true);
  });

  test('an existing file that a server will not rename over is replaced all the same', async () => {
    let refused = 0;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb !== 'RNTO' || refused > 0) return undefined;
          refused += 1;
          return '550 Cannot create a file when that file already exists.';
        },
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'old');
    await upload(server, Buffer.from('new'), { ifExists: 'replace' });
    expect(refused).toBe(1);
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('new');
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('where the old file had to go first and the new one is refused, the new one stays where it can be found', async () => {
    let asked = 0;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb !== 'RNTO') return undefined;
          asked += 1;
          return asked === 1 ? '550 File already exists.' : '553 Permission denied.';
        },
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'old');
    const moved = upload(server, Buffer.from('new'), { ifExists: 'replace' });
    const error = await assertFails(moved, 'permission_denied');
    expect(error).toMatchObject({ step: 'rename', move: { temporaryLeft: true } });
    const [left = '', ...others] = await readdir(server.root);
    expect(others).toEqual([]);
    expect(error.message).toContain(`the new one is under /${left}.`);
    expect(await readFile(join(server.root, left), 'utf8')).toBe('new');
  });

  test('a rename whose answer is lost is cleared up by looking', async () => {
    let dropped = false;
    const server = await start({
      script: {
        onReply: (_session, verb) => {
          if (verb !== 'RNTO' || dropped) return undefined;
          dropped = true;
          return dropInstead('rst');
        },
      },
    });
    const result = await upload(server, Buffer.from('abc'));
    expect(result.timeline.at(-1)?.detail).toContain('the answer was lost');
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('a rename that is lost over the same file leaves no temporary one beside it', async () => {
    let dropped = false;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb !== 'RNTO' || dropped) return undefined;
          dropped = true;
          return dropInstead('rst');
        },
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'abc');
    await upload(server, Buffer.from('abc'), { ifExists: 'replace' });
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('a rename that is lost before it happened is a failure that leaves nothing', async () => {
    let dropped = false;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb !== 'RNTO' || dropped) return undefined;
          dropped = true;
          return dropInstead('rst');
        },
      },
    });
    const error = await assertFails(upload(server, Buffer.from('abc')), 'connection_lost');
    expect(error).toMatchObject({ step: 'rename', move: { temporaryLeft: false } });
    expect(await readdir(server.root)).toEqual([]);
  });
});
