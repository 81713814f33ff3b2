/** What an earlier try has collected is not believed: each doubt, against a server that plays it. */
import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answering, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import { openMemory } from './memory.js';
import { moveFile, type MoveRequest, type MoveResult } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { AT, BYTES, NO_HASH, OLD, toldBy } from './test-support/earlier-try.js';
import { type HostilePartner, open, start } from './test-support/hostile-partner.js';
import { moveRequest } from './test-support/move-request.js';
import type { Transport } from './transport.js';

describe('a server that does not begin where it says', () => {
  test('is found when it sends, and nothing of it is kept', async () => {
    const server = await start({ script: { onCommand: answering({ REST: '350 Gladly' }) } });
    await writeFile(join(server.root, 'a.bin'), BYTES);
    const files = new Map([[OLD, { bytes: Buffer.from(BYTES.subarray(0, AT)), modifiedAt: new Date() }]]);
    const error = await assertFails(collect(server, files, { isOfUse: () => true }), 'connection_lost');
    expect(error.message).toContain('is not the beginning of the file');
    expect(error.move?.partial).toBeNull();
    expect([...files.keys()]).toEqual([]);
    // The next one begins at the beginning.
    await collect(server, files, { partial: null });
    expect(files.get('/got.bin')?.bytes.equals(BYTES)).toBe(true);
  });
});

describe('collecting goes on', () => {
  const left = () => new Map([[OLD, { bytes: Buffer.from(BYTES.subarray(0, AT)), modifiedAt: new Date() }]]);

  test('after the hash of the source, and from the beginning where the server does not know REST', async () => {
    for (const REST of [undefined, onlyFirst(9, '502 No')]) {
      const server = await start({ script: { onCommand: answering({ REST }) } });
      await writeFile(join(server.root, 'a.bin'), BYTES);
      const files = left();
      const result = await collect(server, files);
      expect(result.resumedFromBytes).toBe(AT);
      expect(toldBy(result)).toContain('confirmed by the SHA-256 of the source');
      expect(files.get('/got.bin')?.bytes.equals(BYTES)).toBe(true);
      expect([...files.keys()]).toEqual(['/got.bin']);
    }
  });

  test('not where the source is another one of the same size', async () => {
    for (const FEAT of [undefined, NO_HASH]) {
      const server = await start({ script: { onCommand: answering({ FEAT }) } });
      await writeFile(join(server.root, 'a.bin'), BYTES);
      const files = left();
      files.get(OLD)!.bytes[AT - 1]! ^= 1;
      const collected = await collect(server, files, { isOfUse: () => true }).catch(
        (error: unknown) => error,
      );
      // By the hash it is known before anything was asked for; by the bytes only when they come.
      if (FEAT === undefined) expect(files.get('/got.bin')?.bytes.equals(BYTES)).toBe(true);
      else expect(collected).toMatchObject({ kind: 'connection_lost', move: { partial: null } });
      expect([...files.keys()]).toEqual(FEAT === undefined ? ['/got.bin'] : []);
    }
  });

  test('not where the source is replaced while what is here is compared with it', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: NO_HASH }) } });
    await writeFile(join(server.root, 'a.bin'), BYTES);
    const files = left();
    const memory = openMemory(files, 'target');
    const target: Transport = {
      ...memory,
      usable: true,
      read: async (...given) => {
        const read = await memory.read(...given);
        // The same where it is gone on with, and another one before.
        const other = Buffer.from(BYTES);
        other[0]! ^= 1;
        await writeFile(join(server.root, 'a.bin'), Buffer.concat([other, Buffer.from('more')]));
        // For so long a look is as good as new.
        await sleep(1100);
        return read;
      },
    };
    const error = await assertFails(collect(server, files, { target }), 'source_changed');
    expect(error.message).toContain(`${BYTES.length.toLocaleString('en')} bytes then`);
    expect([...files.keys()]).toEqual([]);
  });

  test('after more was compared where the machine was started anew since, and its disk may have lost something', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: NO_HASH }) } });
    await writeFile(join(server.root, 'a.bin'), BYTES);
    const before = new Date(Date.now() - uptime() * 1000 - 60_000);
    const old = () => new Map([[OLD, { bytes: left().get(OLD)!.bytes, modifiedAt: before }]]);
    const whole = old();
    expect((await collect(server, whole)).resumedFromBytes).toBe(AT);
    expect(whole.get('/got.bin')?.bytes.equals(BYTES)).toBe(true);
    const withHole = old();
    withHole.get(OLD)!.bytes.fill(0, 4096, 8192);
    const error = await assertFails(collect(server, withHole, { isOfUse: () => true }), 'connection_lost');
    expect(error.move?.partial).toBeNull();
    expect([...withHole.keys()]).toEqual([]);
  });
});

async function collect(
  server: HostilePartner,
  files: Parameters<typeof openMemory>[0],
  changes: Partial<MoveRequest> = {},
): Promise<MoveResult> {
  const source = await open(server);
  const there = await source.stat('/a.bin');
  const memory = openMemory(files, 'target');
  return moveFile(
    moveRequest({
      source,
      sourcePath: '/a.bin',
      target: memory,
      targetPath: '/got.bin',
      temporaryPath: '/.waybill-2.part',
      reopenTarget: async () => memory,
      partial: {
        path: OLD,
        sourceSizeBytes: BYTES.length,
        sourceModifiedAt: there?.modifiedAt ?? null,
        resumedFrom: null,
      },
      ...changes,
    }),
  );
}
