/** What an earlier try has left is not believed: each doubt, against a server that plays it. */
import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCount } from '@waybill/contracts/count-of.js';
import { answering } from '@waybill/ftps-server/behaviours.js';
import type { Answer, Script } from '@waybill/ftps-server/script.js';
import { moveFile } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { AT, BYTES, NO_HASH, OLD, toldBy } from './test-support/earlier-try.js';
import { type Left, goOn } from './test-support/go-on.js';
import { type HostilePartner, open, start, toEnd } from './test-support/hostile-partner.js';
import { memoryWith } from './test-support/memory-with.js';
import { moveRequest } from './test-support/move-request.js';
import { openForTest } from './test-support/open-for-test.js';
import type { Transport } from './transport.js';

const stored = ({ commands }: HostilePartner): string[] =>
  commands.filter((line) => /^(STOR|APPE|REST)/.test(line));

async function isWhole(server: HostilePartner): Promise<void> {
  expect(await readdir(server.root)).toEqual(['a.bin']);
  expect((await readFile(join(server.root, 'a.bin'))).equals(BYTES)).toBe(true);
}

describe('sending goes on', () => {
  test('with REST and STOR where a hash is insisted on, after the hash of the server', async () => {
    const server = await start();
    const result = await goOn(server, { settings: { verification: 'server_hash' } });
    expect(result.resumedFromBytes).toBe(AT);
    expect(result.timeline[0]).toMatchObject({
      step: 'verify',
      detail: `${formatCount(AT)} bytes of an earlier try are there`,
    });
    expect(toldBy(result)).toContain(
      `goes on at byte ${formatCount(AT)} of ${formatCount(BYTES.length)} bytes; what was there is confirmed by the SHA-256 of the target`,
    );
    expect(stored(server)).toEqual([`REST ${AT}`, `STOR ${OLD}`]);
    await isWhole(server);
  });

  test('with REST and STOR too where the file is read back at the end', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: NO_HASH }) } });
    const result = await goOn(server, { settings: { verification: 'read_back' } });
    expect(result).toMatchObject({ resumedFromBytes: AT, verification: 'read_back' });
    expect(stored(server).slice(-2)).toEqual([`REST ${AT}`, `STOR ${OLD}`]);
    await isWhole(server);
  });

  test('with APPE, where REST is not offered or refused', async () => {
    const features = NO_HASH.filter((line) => !line.includes('REST'));
    const without = await start({ script: { onCommand: answering({ FEAT: features }) } });
    const settings = { verification: 'size' } as const;
    expect((await goOn(without, { settings })).resumedFromBytes).toBe(AT);
    expect(stored(without).at(-1)).toBe(`APPE ${OLD}`);
    await isWhole(without);
    const refusing = await start({ script: { onCommand: answering({ REST: '502 No' }) } });
    const insisting = { verification: 'server_hash' } as const;
    expect((await goOn(refusing, { settings: insisting })).resumedFromBytes).toBe(AT);
    expect(stored(refusing)).toEqual([`REST ${AT}`, `APPE ${OLD}`]);
    await isWhole(refusing);
  });

  test('with APPE where a hash may not be given or not be asked for, as STOR may empty the file', async () => {
    for (const verification of ['best', 'size'] as const) {
      let hashes = 0;
      const HASH: Answer = (turn) => ((hashes += 1) === 1 ? turn.runDefault() : turn.send('504 Not now\r\n'));
      const server: HostilePartner = await start({
        script: {
          onCommand: answering({ HASH, XSHA256: '502 No' }),
          onDataOpen: async (_session, verb) => {
            if (verb !== 'STOR') return undefined;
            await truncate(join(server.root, OLD), 0);
            await truncate(join(server.root, OLD), AT);
            return undefined;
          },
        },
      });
      const result = await goOn(server, { settings: { verification } });
      expect(result).toMatchObject({ resumedFromBytes: AT });
      expect(stored(server)).toEqual([`APPE ${OLD}`]);
      await isWhole(server);
    }
  });

  test('where all of it was there already, and then nothing is sent', async () => {
    const server = await start();
    expect((await goOn(server, { bytes: BYTES })).resumedFromBytes).toBe(BYTES.length);
    expect(stored(server)).toEqual([]);
    await isWhole(server);
  });

  test('after the end was read back, where there is no hash', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: NO_HASH }) } });
    expect(toldBy(await goOn(server))).toContain('confirmed by the end of it, read back');
    await isWhole(server);
  });

  test('after all of it was read back, where the source tells no time', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: NO_HASH }) } });
    const changes = { source: withoutTimes(memoryWith(BYTES).memory) };
    const result = await goOn(server, { partial: { sourceModifiedAt: null }, changes });
    expect(result.resumedFromBytes).toBe(AT);
    expect(toldBy(result)).toContain('confirmed by reading it');
    await isWhole(server);
  });

  test('after the end was read back, by a server too that begins at the beginning only', async () => {
    const features = NO_HASH.filter((line) => !line.includes('REST'));
    const server = await start({ script: { onCommand: answering({ FEAT: features, REST: '502 No' }) } });
    const result = await goOn(server);
    expect(toldBy(result)).toContain('confirmed by the end of it, read back');
    expect(stored(server).at(-1)).toBe(`APPE ${OLD}`);
    await isWhole(server);
  });

  test('by the size alone once, and not for what was gone on with before', async () => {
    const blind: Script = { onCommand: answering({ FEAT: NO_HASH, RETR: '550 Permission denied.' }) };
    const first = await start({ script: blind });
    expect(toldBy(await goOn(first))).toContain('by its size alone');
    await isWhole(first);
    const second = await start({ script: blind });
    const result = await goOn(second, { partial: { resumedFrom: 1024 * 1024 } });
    expect(result.resumedFromBytes).toBeNull();
    await isWhole(second);
  });
});

describe('sending begins anew, and what was left is removed', () => {
  const anew = async (server: HostilePartner, left: Left, why: RegExp): Promise<void> => {
    const result = await goOn(server, left);
    expect(result.resumedFromBytes).toBeNull();
    expect(toldBy(result)).toMatch(why);
    expect(stored(server).at(-1)).toBe('STOR /.waybill-2.part');
    await isWhole(server);
  };

  test('where it is not the beginning of the file, by the hash or by its end', async () => {
    const other = Buffer.from(BYTES.subarray(0, AT));
    other[AT - 1]! ^= 1;
    await anew(await start(), { bytes: other }, /is not the beginning of the file/);
    const plain = await start({ script: { onCommand: answering({ FEAT: NO_HASH }) } });
    await anew(plain, { bytes: other }, /is not the beginning of the file/);
  });

  test('where the source has changed since', async () => {
    await anew(await start(), { partial: { sourceSizeBytes: 7 } }, /the source has changed/);
    await anew(await start(), { partial: { sourceModifiedAt: new Date(0) } }, /the source has changed/);
    await anew(await start(), { partial: { sourceModifiedAt: null } }, /the source has changed/);
  });

  test('by the next try, where the source is replaced after it was looked at', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-replaced-'));
    toEnd.push(() => rm(folder, { recursive: true }));
    const path = join(folder, 'a.bin');
    await writeFile(path, BYTES);
    const source = await openForTest({ protocol: 'local_folder', root: folder, rootName: 'files' });
    const { modifiedAt } = (await source.stat('/a.bin'))!;
    const other = Buffer.from(BYTES);
    other[BYTES.length - 1]! ^= 1;
    const server = await start();
    const target = await open(server);
    const replaced: Transport = {
      ...target,
      usable: true,
      stat: async (...given) => {
        if (given[0] === OLD) await writeFile(path, other);
        return target.stat(...given);
      },
    };
    const partial = { sourceModifiedAt: modifiedAt };
    const error = await assertFails(
      goOn(server, { partial, changes: { source, target: replaced } }),
      'source_changed',
    );
    expect(error.message).toContain('has changed since it was looked at');
    expect(stored(server)).toEqual([]);
    expect(await readdir(server.root)).toEqual([]);
  });

  test('where little is there, or more than the source has', async () => {
    await anew(await start(), { bytes: BYTES.subarray(0, 1000) }, /1,000 bytes of an earlier try/);
    await anew(await start(), { bytes: Buffer.concat([BYTES, BYTES]) }, /longer than the source/);
  });

  test('where it may be an older file under the final name, unless all of it is compared', async () => {
    const older = Buffer.from(BYTES);
    older[0]! ^= 1;
    const left = { bytes: older, partial: { path: '/a.bin' } };
    const changes = { temporaryPath: '/a.bin', ifExists: 'replace' } as const;
    for (const RETR of [undefined, '550 Permission denied.']) {
      const server = await start({ script: { onCommand: answering({ FEAT: NO_HASH, RETR }) } });
      expect((await goOn(server, { ...left, changes })).resumedFromBytes).toBeNull();
      expect(stored(server).at(-1)).toBe('STOR /a.bin');
      await isWhole(server);
    }
  });

  test('where the source tells no time, unless all of it is compared', async () => {
    const other = Buffer.from(BYTES.subarray(0, AT));
    other[0]! ^= 1;
    const left = () => ({
      bytes: other,
      partial: { sourceModifiedAt: null },
      changes: { source: withoutTimes(memoryWith(BYTES).memory) },
    });
    const readable = await start({ script: { onCommand: answering({ FEAT: NO_HASH }) } });
    await anew(readable, left(), /is not the beginning of the file/);
    const blind: Script = { onCommand: answering({ FEAT: NO_HASH, RETR: '550 Permission denied.' }) };
    await anew(await start({ script: blind }), left(), /cannot be compared with the source/);
  });

  test('where the endpoint does not want it', async () => {
    await anew(await start(), { settings: { resume: false } }, /removed what an earlier try had left/);
  });

  test('where the server takes neither REST nor APPE', async () => {
    const server = await start({
      script: { onCommand: answering({ REST: '502 No', APPE: '550 No appending' }) },
    });
    await anew(server, {}, /removed what an earlier try had left/);
  });
});

/** The same files, of which nothing tells when they were written. */
const withoutTimes = (memory: Transport): Transport => ({
  ...memory,
  stat: async (path) => {
    const entry = await memory.stat(path);
    return entry && { ...entry, modifiedAt: null };
  },
});

describe('a server that does not begin where it says', () => {
  test('is found when it stores, and nothing of it is kept', async () => {
    const server = await start({ script: { onCommand: answering({ REST: '350 Gladly' }) } });
    const settings = { verification: 'server_hash' } as const;
    const error = await assertFails(goOn(server, { settings }), 'size_mismatch');
    expect(error.message).toContain(`has ${formatCount(BYTES.length - AT)} bytes`);
    expect(error.move).toMatchObject({ partial: null, temporaryLeft: false });
    expect(await readdir(server.root)).toEqual([]);
  });
});

describe('from one server to another', () => {
  const pass = async (server: HostilePartner, bytes: Buffer) => {
    const from = await start();
    await writeFile(join(from.root, 'a.bin'), BYTES);
    await writeFile(join(server.root, OLD), bytes);
    const source = await open(from);
    const { modifiedAt } = (await source.stat('/a.bin'))!;
    const changes = {
      source,
      partial: { path: OLD, sourceSizeBytes: BYTES.length, sourceModifiedAt: modifiedAt, resumedFrom: null },
      isOfUse: () => true,
    };
    return moveFile(
      moveRequest({
        sourcePath: '/a.bin',
        target: await open(server),
        targetPath: '/a.bin',
        temporaryPath: '/.waybill-2.part',
        reopenTarget: () => open(server),
        ...changes,
      }),
    );
  };

  test('the source is read from its beginning, and only the rest is sent', async () => {
    const server = await start();
    const result = await pass(server, BYTES.subarray(0, AT));
    expect(result).toMatchObject({ resumedFromBytes: AT, verification: 'server_hash' });
    expect(stored(server)).toEqual([`APPE ${OLD}`]);
    await isWhole(server);
  });

  test('what is not its beginning is removed, and the next try begins anew', async () => {
    const server = await start();
    const error = await assertFails(pass(server, randomBytes(AT)), 'connection_lost');
    expect(error.message).toContain('The next try begins at its beginning');
    expect(error.move).toMatchObject({ partial: null, temporaryLeft: false });
    expect(stored(server)).toEqual([]);
    expect(await readdir(server.root)).toEqual([]);
  });
});
