/** What is written under its final name may be taken as soon as all of it was sent: it is neither removed nor sent twice. */
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterDoing, answering, dropInstead, silence } from '@waybill/ftps-server/behaviours.js';
import type { Script, Turn } from '@waybill/ftps-server/script.js';
import { moveFile, type MoveRequest } from './move-file.js';
import type { TransportError } from './transport-error.js';
import type { Transport } from './transport.js';
import { assertFails } from './test-support/assert-fails.js';
import { type HostilePartner, megabytes, open, start, upload } from './test-support/hostile-partner.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';

const direct = { settings: { temporaryName: 'direct' } } as const;
const asDirect = { temporaryPath: '/a.bin', ifExists: 'replace', isOfUse: () => true } as const;

async function send(server: HostilePartner, bytes: Buffer, changes: Partial<MoveRequest> = {}) {
  const target = await open(server, direct);
  const reopenTarget = () => open(server, direct);
  return upload(server, bytes, { target, reopenTarget, ...asDirect, ...changes });
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const path = ({ root }: HostilePartner): string => join(root, 'a.bin');
const isRemoved = ({ commands }: HostilePartner): boolean => commands.includes('DELE /a.bin');

/** It waits for a person, and nothing was removed. */
function expectDoubt(server: HostilePartner, error: TransportError): void {
  expect(error.move).toMatchObject({ uncertain: true, temporaryLeft: true });
  expect(error.message).toContain('somebody may have taken the file already. Ask the partner');
  expect(isRemoved(server)).toBe(false);
}

/** The session is lost with the first command after an upload was confirmed. */
function losingTheLook(): Script {
  let isStored = false;
  return {
    onReply: (_session, verb, { code }) => {
      isStored ||= verb === 'STOR' && code === 226;
      return undefined;
    },
    onCommand: () => {
      if (!isStored) return undefined;
      isStored = false;
      return dropInstead('rst');
    },
  };
}

describe('a file that both channels have confirmed', () => {
  test('and that is gone when it is looked at is for a person, whatever its size', async () => {
    for (const bytes of [Buffer.from('abc'), megabytes(2)]) {
      const server: HostilePartner = await start({
        script: { onReply: answering({ 'STOR 226': afterDoing(() => rm(path(server))) }) },
      });
      expectDoubt(server, await assertFails(send(server, bytes), 'size_mismatch'));
    }
  });

  test('and in whose place the older one is seen is for a person, and the older one stays', async () => {
    const server: HostilePartner = await start({
      script: { onReply: answering({ 'STOR 226': afterDoing(() => writeFile(path(server), 'older')) }) },
    });
    await writeFile(path(server), 'older');
    expectDoubt(server, await assertFails(send(server, megabytes(1)), 'size_mismatch'));
    expect(await readFile(path(server), 'utf8')).toBe('older');
  });

  test('and whose look is lost is left for the next try to compare', async () => {
    for (const bytes of [Buffer.from('abc'), megabytes(2)]) {
      const server = await start({ script: losingTheLook() });
      const error = await assertFails(send(server, bytes), 'connection_lost');
      expect(error.move).toMatchObject({
        uncertain: false,
        temporaryLeft: true,
        partial: null,
        sha256: sha256(bytes),
      });
      expect(isRemoved(server)).toBe(false);
      expect(await readdir(server.root)).toEqual(['a.bin']);
    }
  });

  test('and is seen to be another, by its hash or its size, is removed', async () => {
    const hash = `213 SHA-256 0-3 ${'ab'.repeat(32)} a.bin`;
    const cut: HostilePartner = await start({
      script: { onReply: answering({ 'STOR 226': afterDoing(() => truncate(path(cut), 2)) }) },
    });
    const other = await start({ script: { onCommand: answering({ HASH: hash }) } });
    await assertFails(send(cut, Buffer.from('abc')), 'size_mismatch');
    const error = await assertFails(send(other, Buffer.from('abc')), 'hash_mismatch');
    expect(error.move).toMatchObject({ uncertain: false, temporaryLeft: false });
    expect([await readdir(cut.root), await readdir(other.root)]).toEqual([[], []]);
  });
});

test('a file over which the source gives another hash is for a person, and is not removed', async () => {
  const server = await start();
  const { memory } = memoryWith(Buffer.from('abc'));
  const source: Transport = {
    ...memory,
    hashAlgorithm: 'SHA-256',
    hashByServer: async () => 'ab'.repeat(32),
  };
  const error = await assertFails(send(server, Buffer.from('abc'), { source }), 'hash_mismatch');
  expectDoubt(server, error);
  expect(await readdir(server.root)).toEqual(['a.bin']);
});

describe('a file whose final reply is lost', () => {
  const losing = (work: (server: HostilePartner) => Promise<void>) => {
    const lose = async (turn: Turn): Promise<void> => {
      await work(await server);
      turn.drop('rst');
    };
    const server = start({ script: { onReply: answering({ 'STOR 226': lose }) } });
    return server;
  };

  test('and that is gone when it is looked at is for a person', async () => {
    const server = await losing(async (partner) => rm(path(partner)));
    expectDoubt(server, await assertFails(send(server, megabytes(2)), 'connection_lost'));
  });

  test('and in whose place the older one is seen is for a person, whether that is as long or not', async () => {
    for (const older of [Buffer.from('older'), Buffer.alloc(megabytes(2).length, 'o')]) {
      let isOurs = false;
      const keep = async (turn: Turn): Promise<void> => {
        await writeFile(path(server), older);
        turn.drop('rst');
      };
      const server = await start({
        script: {
          onCommand: (_session, verb, argument) => {
            // Where the older one is as long, an empty file goes first that shows that the two folders are two.
            if (verb === 'STOR') isOurs = argument === '/a.bin';
            return undefined;
          },
          onReply: (_session, verb, { code }) =>
            isOurs && verb === 'STOR' && code === 226 ? keep : undefined,
        },
      });
      await writeFile(path(server), older);
      expectDoubt(server, await assertFails(send(server, megabytes(2)), 'connection_lost'));
      expect((await readFile(path(server))).equals(older)).toBe(true);
    }
  });
});

describe('a file that is broken off when all of it was sent, before the final reply,', () => {
  /** The run is told to end in place of the reply, after this. */
  const ending = async (work: (server: HostilePartner) => Promise<unknown>) => {
    const end = new AbortController();
    const server: HostilePartner = await start({
      script: {
        onReply: answering({
          'STOR 226': async (turn) => {
            await work(server);
            end.abort();
            await silence(turn);
          },
        }),
      },
    });
    return { server, signal: end.signal };
  };

  test('is delivered where it is seen to be there', async () => {
    const { server, signal } = await ending(() => Promise.resolve());
    const result = await send(server, megabytes(2), { signal });
    expect(result).toMatchObject({ confirmationLost: true, verification: 'server_hash' });
    expect(isRemoved(server)).toBe(false);
  });

  test('is for a person where it is gone', async () => {
    for (const bytes of [Buffer.from('abc'), megabytes(2)]) {
      const { server, signal } = await ending((partner) => rm(path(partner)));
      expectDoubt(server, await assertFails(send(server, bytes, { signal }), 'cancelled'));
    }
  });

  test('is removed where only a part of it is there and nobody goes on with that', async () => {
    const { server, signal } = await ending((partner) => truncate(path(partner), 1));
    const error = await assertFails(send(server, Buffer.from('abc'), { signal }), 'cancelled');
    expect(error.move).toMatchObject({ uncertain: false, temporaryLeft: false, partial: null });
    expect(await readdir(server.root)).toEqual([]);
  });
});

describe('a source that is lost when it has sent all', () => {
  const collect = async (changes: Partial<MoveRequest>) => {
    const from: HostilePartner = await start({
      script: {
        onReply: answering({
          'RETR 226': async (turn) => {
            await rm(path(from));
            turn.drop('rst');
          },
        }),
      },
    });
    await writeFile(path(from), 'the only copy');
    const { memory: target, files } = memoryWith(Buffer.alloc(0));
    files.clear();
    const request = moveRequest({
      source: await open(from),
      sourcePath: '/a.bin',
      target: { ...target, isLocal: false },
      targetPath: '/a.bin',
      reopenTarget: async () => target,
      ...changes,
    });
    return { error: await assertFails(moveFile(request), 'connection_lost'), files };
  };

  test('may have given the file only once, so what has come of it stays', async () => {
    const { error, files } = await collect({});
    expect(error.move).toMatchObject({ temporaryLeft: true, sourceUnclear: true, uncertain: false });
    expect(files.get('/.waybill-a.bin.part')?.bytes.toString()).toBe('the only copy');
  });

  test('leaves a file in doubt that was written under its final name', async () => {
    const { error, files } = await collect(asDirect);
    expect(error.move).toMatchObject({ temporaryLeft: true, uncertain: true });
    expect(files.get('/a.bin')?.bytes.toString()).toBe('the only copy');
  });
});
