import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterDoing, answering, dropInstead, onlyFirst, silence } from '@waybill/ftps-server/behaviours.js';
import type { Behaviour } from '@waybill/ftps-server/script.js';
import { assertFails } from './test-support/assert-fails.js';
import { type HostilePartner, open, start, upload } from './test-support/hostile-partner.js';

const lostOnce = (): Behaviour => onlyFirst(1, dropInstead('rst'));

/** A server that has something else under the final name, and loses the session with this look at it. */
async function startReplacing(content: string, lostLook: number): Promise<HostilePartner> {
  let looks = -1;
  const server: HostilePartner = await start({
    script: {
      onReply: answering({
        'RNTO 250': afterDoing(async () => {
          looks = 0;
          await writeFile(join(server.root, 'a.bin'), content);
        }),
      }),
      onCommand: (_session, verb) =>
        verb === 'MLST' && looks >= 0 && ++looks === lostLook ? dropInstead('rst') : undefined,
    },
  });
  return server;
}

describe('giving a file its final name', () => {
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

  test.each(['550 Permission denied.', '553 Not here', '502 Command not implemented.'])(
    'a server that answers a rename with %s may forbid all of them, and the setting for that is named',
    async (answer) => {
      const server = await start({ script: { onCommand: answering({ RNFR: answer, RNTO: answer }) } });
      await expect(upload(server, Buffer.from('new'))).rejects.toMatchObject({
        step: 'rename',
        message: expect.stringMatching(/to \/a\.bin: “.*\(temporary name: direct\)\.$/),
      });
      expect(await readdir(server.root)).toEqual([]);
    },
  );

  for (const { lost, done } of [
    { lost: 'the answer to it', done: true },
    { lost: 'the order itself', done: false },
  ])
    test(`where the old file has to go first and ${lost} is lost, one of the two stays`, async () => {
      let asked = 0;
      const lose = lostOnce();
      const server = await start({
        script: {
          onCommand: (_session, verb) => {
            if (verb === 'RNTO') asked += 1;
            if (verb === 'RNTO' && asked === 1) return '550 File already exists.';
            return verb === 'DELE' && !done ? lose : undefined;
          },
          onReply: (_session, verb) => (verb === 'DELE' && done ? lose : undefined),
        },
      });
      await writeFile(join(server.root, 'a.bin'), 'old');
      const sent = upload(server, Buffer.from('new'), { ifExists: 'replace' });
      const error = await assertFails(sent, 'connection_lost');
      expect(error).toMatchObject({ step: 'rename', move: { temporaryLeft: done } });
      const [left = '', ...others] = await readdir(server.root);
      expect(others).toEqual([]);
      expect(await readFile(join(server.root, left), 'utf8')).toBe(done ? 'new' : 'old');
      expect(error.message.includes(`the new one is under /${left}.`)).toBe(done);
    });

  test('where the old file may not go, it stays and the new one does not', async () => {
    const server = await start({
      script: { onCommand: answering({ RNTO: '550 File already exists.', DELE: '550 Permission denied.' }) },
    });
    await writeFile(join(server.root, 'a.bin'), 'old');
    const sent = upload(server, Buffer.from('new'), { ifExists: 'replace' });
    const error = await assertFails(sent, 'permission_denied');
    expect(error).toMatchObject({ step: 'rename' });
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('old');
  });

  test('a rename whose answer is lost is cleared up by looking', async () => {
    const server = await start({ script: { onReply: answering({ RNTO: lostOnce() }) } });
    const result = await upload(server, Buffer.from('abc'));
    expect(result.timeline.at(-1)?.detail).toContain('the answer was lost');
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('a rename that is lost over the same file leaves no temporary one beside it', async () => {
    const server = await start({ script: { onCommand: answering({ RNTO: lostOnce() }) } });
    await writeFile(join(server.root, 'a.bin'), 'abc');
    await upload(server, Buffer.from('abc'), { ifExists: 'replace' });
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('a rename that is lost before it happened is a failure that leaves nothing', async () => {
    const server = await start({ script: { onCommand: answering({ RNTO: lostOnce() }) } });
    const error = await assertFails(upload(server, Buffer.from('abc')), 'connection_lost');
    expect(error).toMatchObject({ step: 'rename', move: { temporaryLeft: false } });
    expect(await readdir(server.root)).toEqual([]);
  });

  describe('that the server carries out after we have given up on it', () => {
    const late = (meanwhile: (root: string) => Promise<void>) => {
      const server = start({
        script: {
          onCommand: answering({
            RNTO: lostOnce(),
            DELE: afterDoing(async () => meanwhile((await server).root)),
          }),
        },
      });
      return server;
    };

    test('is not taken for one that never happened', async () => {
      const server = await late((root) => rename(join(root, '.waybill-a.bin.part'), join(root, 'a.bin')));
      const error = await assertFails(upload(server, Buffer.from('abc')), 'connection_lost');
      const sha256 = createHash('sha256').update('abc').digest('hex');
      expect(error).toMatchObject({
        step: 'rename',
        move: { temporaryLeft: true, sha256, uncertain: false },
      });
      expect(await readdir(server.root)).toEqual(['a.bin']);
    });

    test('or that somebody has taken away by then, is for the next try to compare', async () => {
      const server = await late((root) => rm(join(root, '.waybill-a.bin.part')));
      const error = await assertFails(upload(server, Buffer.from('abc')), 'connection_lost');
      expect(error.move).toMatchObject({ temporaryLeft: true, sha256: expect.any(String) });
    });
  });

  test('an answer to the rename that is neither yes nor no is cleared up by looking', async () => {
    for (const onCommand of [answering({ RNFR: '250 What?' }), answering({ RNTO: '350 What?' })]) {
      const server = await start({ script: { onCommand } });
      const error = await assertFails(upload(server, Buffer.from('abc')), 'protocol_error');
      expect(error.message).toContain('50 What?');
      expect(await readdir(server.root)).toEqual([]);
    }
  });

  test('a connection that is lost when the new name was confirmed does not undo the delivery', async () => {
    let confirmed = false;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb === 'RNTO') confirmed = true;
          else if (confirmed && verb === 'MLST') return dropInstead('rst');
          return undefined;
        },
      },
    });
    const result = await upload(server, Buffer.from('abc'));
    expect(result.timeline.at(-1)).toMatchObject({ step: 'rename', outcome: 'ok' });
    expect(result.timeline.at(-1)?.detail).toContain('could not be looked at');
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('a cancel that comes when the new name was confirmed does not undo the delivery', async () => {
    const cancel = new AbortController();
    let confirmed = false;
    const server = await start({
      script: {
        onCommand: (_session, verb) => {
          if (verb === 'RNTO') confirmed = true;
          if (!confirmed || verb !== 'MLST') return undefined;
          setTimeout(() => cancel.abort(), 50);
          return silence;
        },
      },
    });
    const result = await upload(server, Buffer.from('abc'), { signal: cancel.signal });
    expect(result.bytes).toBe(3);
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('a final name that holds something else than was confirmed is in doubt, and not for another try', async () => {
    const server = await start({
      script: {
        onReply: answering({
          'RNTO 250': afterDoing(() => writeFile(join(server.root, 'a.bin'), 'converted')),
        }),
      },
    });
    const error = await assertFails(upload(server, Buffer.from('abc')), 'size_mismatch');
    expect(error.message).toContain('it has 9 bytes instead of 3. Ask the partner before you send it again.');
    expect(error).toMatchObject({ step: 'rename', move: { uncertain: true, temporaryLeft: false } });
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('a final name that is seen to hold something else stays in doubt when no second look is possible', async () => {
    const server = await startReplacing('converted', 2);
    const error = await assertFails(upload(server, Buffer.from('abc')), 'size_mismatch');
    expect(error.move?.uncertain).toBe(true);
  });

  test('another file under the final name that only a second session sees is in doubt too', async () => {
    const server = await startReplacing('abd', 1);
    const error = await assertFails(upload(server, Buffer.from('abc')), 'hash_mismatch');
    expect(error.message).toContain(
      'another file has that name now. Ask the partner before you send it again.',
    );
    expect(error).toMatchObject({ step: 'rename', move: { uncertain: true } });
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('abd');
  });

  test('a rename that is confirmed and not done is in doubt, and the file stays where it is', async () => {
    const server = await start({ script: { onCommand: answering({ RNTO: '250 Done' }) } });
    const error = await assertFails(upload(server, Buffer.from('abc')), 'size_mismatch');
    expect(error.message).toContain('there is no such file');
    expect(error).toMatchObject({ move: { uncertain: true, temporaryLeft: true } });
    expect(await readdir(server.root)).toEqual(['.waybill-a.bin.part']);
  });

  test('a rename that is confirmed and not done over a file of the same length is not taken for done', async () => {
    const server = await start({ script: { onCommand: answering({ RNTO: '250 Done' }) } });
    await writeFile(join(server.root, 'a.bin'), 'old');
    const error = await assertFails(
      upload(server, Buffer.from('new'), { ifExists: 'replace' }),
      'hash_mismatch',
    );
    expect(error.message).toContain('.waybill-a.bin.part is still there');
    expect(error).toMatchObject({ step: 'rename', move: { uncertain: true, temporaryLeft: true } });
    expect(await readFile(join(server.root, '.waybill-a.bin.part'), 'utf8')).toBe('new');
  });

  describe('that is confirmed and not done, where the final name cannot be seen,', () => {
    const blind = () => {
      let asked = false;
      return start({
        script: {
          onCommand: (_session, verb, argument) => {
            if (verb === 'RNTO') asked = true;
            if (verb === 'RNTO') return '250 Done';
            return asked && verb === 'MLST' && argument.endsWith('a.bin')
              ? '550 Permission denied.'
              : undefined;
          },
        },
      });
    };

    test('is in doubt where nobody can look once more, and for the next try to compare', async () => {
      const server = await blind();
      const reopenTarget = () => Promise.reject(new Error('nobody answers'));
      const error = await assertFails(upload(server, Buffer.from('abc'), { reopenTarget }), 'protocol_error');
      expect(error.message).toContain('was still /.waybill-a.bin.part');
      expect(error.move).toMatchObject({ temporaryLeft: true, sha256: expect.any(String), uncertain: false });
      expect(await readdir(server.root)).toEqual(['.waybill-a.bin.part']);
    });

    test('is seen by another session where the endpoint allows one only', async () => {
      const server = await blind();
      const only = { id: 'one at a time', settings: { maxConnections: 1 } };
      const error = await assertFails(
        upload(server, Buffer.from('abc'), {
          target: await open(server, only),
          reopenTarget: async () => {
            server.turnHonest();
            return open(server, only);
          },
        }),
        'protocol_error',
      );
      expect(error.message).toContain('is still /.waybill-a.bin.part');
    }, 20_000);
  });

  test('a server that copies where it should rename has the file, and its temporary one is removed', async () => {
    const server = await start({
      script: {
        onCommand: answering({
          RNTO: async (turn) => {
            await copyFile(join(server.root, '.waybill-a.bin.part'), join(server.root, 'a.bin'));
            await turn.send('250 Done\r\n');
          },
        }),
      },
    });
    await writeFile(join(server.root, 'a.bin'), 'old');
    const result = await upload(server, Buffer.from('new'), { ifExists: 'replace' });
    expect(result.timeline.at(-1)?.detail).toContain('the temporary name was still there');
    expect(await readdir(server.root)).toEqual(['a.bin']);
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('new');
  });

  test.each(['200 ok', '226 Transfer complete', '250 ok'])(
    'a refused rename that “%s” was said before is not taken for done',
    async (stray) => {
      const server = await start({
        script: { onCommand: answering({ RNTO: [stray, '550 Not now'] }) },
      });
      const error = await assertFails(upload(server, Buffer.from('abc')), 'protocol_error');
      expect(error).toMatchObject({ step: 'rename', move: { uncertain: false } });
      expect(await readdir(server.root)).not.toContain('a.bin');
    },
  );
});
