/** All bytes went and the final reply was lost: what is there is compared, and nothing is sent twice. */
import { describe, expect, test } from '@jest/globals';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import { afterDoing, answering, dropInstead, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import type { Answer, Behaviour, Script, Turn } from '@waybill/ftps-server/script.js';
import { moveFile, type MoveRequest, type MoveResult } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { type HostilePartner, megabytes, open, start, upload } from './test-support/hostile-partner.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';

const PLAIN = ['211-Features:', ' UTF8', ' SIZE', ' MDTM', ' REST STREAM', '211 End'];
const stores = ({ commands }: HostilePartner) => commands.filter((line) => line.startsWith('STOR')).length;

/** A server that loses its final reply to the first upload. */
async function losing(commands: Record<string, Answer> = {}, lose: Answer = dropInstead('rst')) {
  const once = onlyFirst(1, lose);
  return start({
    script: { onCommand: answering(commands), onReply: answering({ 'STOR 226': once }) },
  });
}

async function send(
  server: HostilePartner,
  bytes: Buffer,
  settings: Partial<FtpsSettings> = {},
  changes: Partial<MoveRequest> = {},
): Promise<MoveResult> {
  const target = await open(server, { settings });
  const reopenTarget = async () => {
    // As the worker does: it may be allowed one session only.
    if (!target.usable) await target.close();
    return open(server, { settings });
  };
  return upload(server, bytes, { target, reopenTarget, ...changes });
}

describe('a final reply that is lost', () => {
  test('is made good by the hash of the server, and the file is sent once', async () => {
    for (const how of ['rst', 'fin'] as const) {
      const server = await losing({}, dropInstead(how));
      const result = await send(server, megabytes(3));
      expect(result).toMatchObject({
        confirmationLost: true,
        verification: 'server_hash',
        resumedFromBytes: null,
      });
      expect(stores(server)).toBe(1);
      expect(await readdir(server.root)).toEqual(['a.bin']);
      expect((await readFile(join(server.root, 'a.bin'))).equals(megabytes(3))).toBe(true);
      const confirm = result.timeline.find(({ step }) => step === 'confirm');
      expect(confirm?.detail).toContain(
        'the final reply was lost; all 3,145,728 bytes are there, SHA-256 confirmed',
      );
    }
  });

  test('is made good by reading back where there is no hash, and by the size where that is not allowed', async () => {
    const readable = await losing({ FEAT: PLAIN });
    expect(await send(readable, megabytes(1))).toMatchObject({
      confirmationLost: true,
      verification: 'read_back',
    });
    const blind = await losing({ FEAT: PLAIN, RETR: '550 Permission denied.' });
    expect(await send(blind, megabytes(1))).toMatchObject({ confirmationLost: true, verification: 'size' });
    expect([stores(readable), stores(blind)]).toEqual([1, 1]);
  });

  test('is found by the size where the server had not kept all of it', async () => {
    const server: HostilePartner = await losing({ FEAT: PLAIN }, async (turn) => {
      const [name = ''] = await readdir(server.root);
      await truncate(join(server.root, name), 1_000_000);
      turn.drop('rst');
    });
    await assertFails(send(server, megabytes(3)), 'connection_lost');
    expect(await readdir(server.root)).toEqual([]);
  });

  test('is found by the hash where the server had kept something else', async () => {
    const server: HostilePartner = await losing({}, async (turn) => {
      const [name = ''] = await readdir(server.root);
      await writeFile(join(server.root, name), Buffer.alloc(3 * 1024 * 1024));
      turn.drop('rst');
    });
    const error = await assertFails(
      send(server, megabytes(3), {}, { isOfUse: () => true }),
      'connection_lost',
    );
    expect(error.move?.partial).toBeNull();
    expect(await readdir(server.root)).toEqual([]);
  });

  test('is made good on a server that lets us in once at a time, also where the next answer is lost too', async () => {
    const lose = (verb: string): Answer =>
      onlyFirst(1, verb === 'RNTO' ? dropInstead('rst') : dropInstead('fin'));
    const answers = { 'STOR 226': lose('STOR'), 'RNTO 250': lose('RNTO') };
    const server = await start({ script: { onReply: answering(answers) } });
    const result = await send(server, megabytes(1), { maxConnections: 1 });
    expect(result).toMatchObject({ confirmationLost: true });
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('is not lost where the server says no', async () => {
    const server = await start({
      script: { onReply: answering({ 'STOR 226': onlyFirst(1, '426 Broken') }) },
    });
    await assertFails(send(server, megabytes(1)), 'connection_lost');
    expect(await readdir(server.root)).toEqual([]);
  });
});

describe('a file that is written under its final name', () => {
  const direct = { temporaryName: 'direct' } as const;
  const asDirect: Partial<MoveRequest> = { temporaryPath: '/a.bin', ifExists: 'replace' };

  test('gets no other, and is delivered when it was compared', async () => {
    const server = await start();
    const recorded: unknown[] = [];
    const result = await send(server, megabytes(2), direct, {
      ...asDirect,
      onPartial: async (partial) => void recorded.push([partial, await readdir(server.root)]),
    });
    expect(result.verification).toBe('server_hash');
    expect(server.commands.filter((line) => line.startsWith('RN'))).toEqual([]);
    // On record before the first byte: what is there is ours from then on.
    expect(recorded).toEqual([[expect.objectContaining({ path: '/a.bin', resumedFrom: null }), []]]);
  });

  test('is uncertain where the confirmation was lost and nothing can be compared, and is left alone', async () => {
    const server = await losing();
    const failed = send(server, megabytes(2), direct, {
      ...asDirect,
      reopenTarget: () => Promise.reject(new Error('nobody answers')),
    });
    const error = await assertFails(failed, 'connection_lost');
    expect(error.move).toMatchObject({ uncertain: true, temporaryLeft: true });
    expect(error.message).toContain('Ask the partner before you send it again');
    expect((await readFile(join(server.root, 'a.bin'))).equals(megabytes(2))).toBe(true);
  });

  describe('on a server that puts it in its place only when it is complete', () => {
    /** What was there is there still when the session is lost. */
    const keeping = async (older: Buffer, script: Script) => {
      const server = await start({ script });
      await writeFile(join(server.root, 'a.bin'), older);
      const keep: Behaviour = async (turn) => {
        await writeFile(join(server.root, 'a.bin'), older);
        turn.drop('rst');
      };
      return { server, keep, isThere: async () => older.equals(await readFile(join(server.root, 'a.bin'))) };
    };

    test('is not told from an older one of its size where nothing else can be compared', async () => {
      const onCommand = answering({ FEAT: PLAIN, RETR: '550 Permission denied.' });
      let stored = 0;
      // The first one is empty, and shows that the two folders are two.
      const onReply: Script['onReply'] = (_session, verb, { code }) =>
        verb === 'STOR' && code === 226 && ++stored === 2 ? old.keep : undefined;
      const old = await keeping(Buffer.alloc(megabytes(1).length, 'o'), { onCommand, onReply });
      const error = await assertFails(send(old.server, megabytes(1), direct, asDirect), 'connection_lost');
      expect(error.move).toMatchObject({ uncertain: true, temporaryLeft: true });
      expect(await old.isThere()).toBe(true);
    });

    test('is cut, and the older one stays', async () => {
      const cut = { afterBytes: 1_000_000, how: (turn: Turn) => old.keep(turn) };
      const old = await keeping(Buffer.from('older'), {
        onDataOpen: (_session, verb) => (verb === 'STOR' ? { discard: true, cut } : undefined),
      });
      const error = await assertFails(send(old.server, megabytes(2), direct, asDirect), 'connection_lost');
      expect(error.move).toMatchObject({ temporaryLeft: true, partial: { path: '/a.bin' } });
      expect(await old.isThere()).toBe(true);
    });
  });

  test('is compared by its size where the older one had another, and removed where only a part of it is there', async () => {
    const blind = { FEAT: PLAIN, RETR: '550 Permission denied.' };
    const whole = await losing(blind);
    await writeFile(join(whole.root, 'a.bin'), 'older');
    const sent = send(whole, megabytes(1), direct, asDirect);
    expect(await sent).toMatchObject({ confirmationLost: true, verification: 'size' });
    const cut = { cut: { afterBytes: 1_000_000, how: 'rst' as const } };
    const part = await start({
      script: { onDataOpen: (_session, verb) => (verb === 'STOR' ? cut : undefined) },
    });
    await writeFile(join(part.root, 'a.bin'), 'older');
    await assertFails(send(part, megabytes(2), direct, asDirect), 'connection_lost');
    expect(await readdir(part.root)).toEqual([]);
  });

  test('leaves the older file as it was where the server does not take ours', async () => {
    const server = await start({ script: { onCommand: answering({ STOR: '553 Not now.' }) } });
    await writeFile(join(server.root, 'a.bin'), 'older');
    await assertFails(send(server, megabytes(2), direct, asDirect), 'permission_denied');
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('older');
  });

  test('is removed where a part of it was written, and not where it is of use', async () => {
    const cut = { cut: { afterBytes: 2_000_000, how: 'rst' as const } };
    for (const isOfUse of [false, true]) {
      const server = await start({
        script: { onDataOpen: (_s, verb) => (verb === 'STOR' ? cut : undefined) },
      });
      const { memory } = memoryWith(megabytes(8));
      const failed = moveFile(
        moveRequest({
          source: memory,
          sourcePath: '/a.bin',
          target: await open(server, { settings: direct }),
          targetPath: '/a.bin',
          reopenTarget: () => open(server, { settings: direct }),
          ...asDirect,
          isOfUse: () => isOfUse,
        }),
      );
      const error = await failed.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: 'connection_lost', move: { temporaryLeft: isOfUse } });
      expect(await readdir(server.root)).toEqual(isOfUse ? ['a.bin'] : []);
    }
  });

  test('does not replace a file of somebody else where it must not', async () => {
    const server = await start();
    await writeFile(join(server.root, 'a.bin'), 'older');
    await assertFails(send(server, megabytes(2), direct, { ...asDirect, ifExists: 'fail' }), 'target_exists');
    expect(stores(server)).toBe(0);
  });

  test('leaves nothing for good of what shows that the two folders are two', async () => {
    const server = await start({
      script: { onCommand: answering({ DELE: onlyFirst(1, dropInstead('rst')) }) },
    });
    await writeFile(join(server.root, 'a.bin'), 'old');
    const again = async () =>
      upload(server, Buffer.from('new'), { ...asDirect, target: await open(server, { settings: direct }) });
    await assertFails(again(), 'connection_lost');
    expect(await readdir(server.root)).toEqual([expect.stringMatching(/^\.waybill-probe-/), 'a.bin']);
    await again();
    expect(await readdir(server.root)).toEqual(['a.bin']);
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('new');
  });

  test('is written where what shows that the two folders are two may not be removed, and that is told', async () => {
    const server = await start({ script: { onCommand: answering({ DELE: '550 Permission denied.' }) } });
    await writeFile(join(server.root, 'a.bin'), 'old');
    const settings = { ...direct, temporaryPrefix: 'tmp_', temporarySuffix: '.tmp' };
    const result = await upload(server, Buffer.from('new'), {
      ...asDirect,
      target: await open(server, { settings }),
    });
    const told = result.timeline.find(({ step }) => step === 'cleanup');
    expect(told).toMatchObject({ outcome: 'ok', detail: expect.stringContaining('stays at the target') });
    // Under any prefix it is told from the files that are to be moved.
    const ours = /^tmp_probe-waybill-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-0\.tmp$/;
    expect(await readdir(server.root)).toEqual(['a.bin', expect.stringMatching(ours)]);
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('new');
  });

  test('is not written where what shows that the two folders are two is taken away', async () => {
    const clear = afterDoing(async () => {
      for (const name of await readdir(server.root))
        if (name.startsWith('.waybill-probe-')) await rm(join(server.root, name));
    });
    const server = await start({ script: { onReply: answering({ 'STOR 226': clear }) } });
    await writeFile(join(server.root, 'a.bin'), 'old');
    const target = await open(server, { settings: direct });
    const sent = upload(server, Buffer.from('new'), { ...asDirect, target });
    await assertFails(sent, 'server_error');
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('old');
  });

  test('is not written over itself where source and target are one folder', async () => {
    for (const temporaryPath of ['/a.bin', '/tmp/.waybill-1.part']) {
      const server = await start();
      await writeFile(join(server.root, 'a.bin'), 'the only copy');
      const source = await open(server);
      const target = await open(server, { settings: direct });
      const changes = { ...asDirect, source, target, temporaryPath };
      const error = await assertFails(upload(server, Buffer.from('x'), changes), 'name_refused');
      expect(error.message).toContain('are the same folder');
      expect(await readdir(server.root)).toEqual(['a.bin']);
      expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe('the only copy');
    }
  });
});
