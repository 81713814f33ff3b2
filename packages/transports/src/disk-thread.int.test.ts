import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DiskThread, RING_BYTES, startDiskThread } from './disk-thread.js';
import { writeBytes } from './local-bytes.js';
import { quiet } from './test-support/open-for-test.js';
import type { HashesAlong } from './transport.js';

const ALGORITHMS = ['SHA-256', 'SHA-512', 'SHA-1', 'MD5', 'CRC32'] as const;
const content = randomBytes(3 * RING_BYTES + 12_345);
const sha256 = createHash('sha256').update(content).digest('hex');
let folder: string;
const toEnd: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-thread-'));
});
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function opened(path: string): Promise<FileHandle> {
  const handle = await open(path, 'w');
  toEnd.push(() => handle.close());
  return handle;
}

/** A thread that ends with the test, also where there is one processor only. */
async function threadFor(path: string): Promise<DiskThread> {
  const handle = await opened(path);
  const thread = new DiskThread(handle.fd, ALGORITHMS);
  toEnd.push(() => thread.close());
  return thread;
}

/** The content in pieces of so many bytes. */
async function* inPieces(bytes: number, of = content): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < of.length; offset += bytes) yield of.subarray(offset, offset + bytes);
}

function along(sizeBytes = content.length): HashesAlong {
  return { algorithms: ALGORITHMS, sizeBytes, digests: null };
}

describe('a thread that writes', () => {
  test.each([1_000_003, 256 * 1024, 70_001])(
    'gets every byte in pieces of %d, and hashes them',
    async (piece) => {
      const path = join(folder, `pieces-${piece}`);
      const thread = await threadFor(path);
      for await (const chunk of inPieces(piece)) {
        const own = Buffer.from(chunk);
        await thread.write(own);
        // Whoever gave it may use it for something else then.
        own.fill(0);
      }
      const digests = await thread.end();
      expect((await readFile(path)).equals(content)).toBe(true);
      expect([...digests]).toEqual([
        ...['sha256', 'sha512', 'sha1', 'md5'].map((name, index) => [
          ALGORITHMS[index],
          createHash(name).update(content).digest('hex'),
        ]),
        ['CRC32', crc32(content).toString(16).padStart(8, '0')],
      ]);
    },
  );

  test('of nothing leaves an empty file and the hash of nothing', async () => {
    const path = join(folder, 'empty');
    const digests = await (await threadFor(path)).end();
    expect(digests.get('SHA-256')).toBe(createHash('sha256').digest('hex'));
    expect((await stat(path)).size).toBe(0);
  });

  test('has written what it was given when it is asked to', async () => {
    const path = join(folder, 'so far');
    const thread = await threadFor(path);
    await thread.write(content.subarray(0, 1_000_001));
    await thread.untilWritten();
    expect((await stat(path)).size).toBe(1_000_001);
  });

  test('tells a full disk with its code, at once and ever after', async () => {
    const thread = await threadFor('/dev/full');
    const whole = (async () => {
      for await (const chunk of inPieces(256 * 1024)) await thread.write(chunk);
    })();
    await expect(whole).rejects.toMatchObject({ code: 'ENOSPC', syscall: 'write' });
    await expect(thread.end()).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  test('that is gone is no wait without an end', async () => {
    const thread = new DiskThread((await opened(join(folder, 'gone'))).fd, ALGORITHMS);
    await thread.close();
    await expect(thread.end()).rejects.toThrow('The thread that writes the file has ended.');
  });

  test('is had as long as a processor is left, and again when one has ended', async () => {
    const { fd } = await opened(join(folder, 'many'));
    const rounds: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      const threads: DiskThread[] = [];
      for (let thread; (thread = startDiskThread(fd, ['SHA-256'])) !== null;) threads.push(thread);
      rounds.push(threads.length);
      for (const thread of threads) await thread.close();
    }
    expect(rounds[1]).toBe(rounds[0]);
  });
});

describe('a file that is hashed while it is written', () => {
  test('has the same hash and content, whether a thread is left for it or not', async () => {
    const names = ['first', 'second', 'third'];
    const digests = await Promise.all(
      names.map(async (name) => {
        const hashesAlong = along();
        const handle = await opened(join(folder, name));
        const bytes = await writeBytes(handle, inPieces(300_000), { signal: quiet, hashesAlong });
        expect(bytes).toBe(content.length);
        return hashesAlong.digests?.get('SHA-256');
      }),
    );
    expect(digests).toEqual(names.map(() => sha256));
    for (const name of names) expect((await readFile(join(folder, name))).equals(content)).toBe(true);
  });

  test('has all that came on the disk where the source breaks off, and no hash', async () => {
    const hashesAlong = along();
    const path = join(folder, 'broken off');
    async function* breakingOff(): AsyncGenerator<Uint8Array> {
      yield* inPieces(100_000, content.subarray(0, 5_000_000));
      throw new Error('It broke off.');
    }
    const writing = writeBytes(await opened(path), breakingOff(), { signal: quiet, hashesAlong });
    await expect(writing).rejects.toThrow('It broke off.');
    expect((await readFile(path)).equals(content.subarray(0, 5_000_000))).toBe(true);
    expect(hashesAlong.digests).toBeNull();
  });

  test('is written when its last chunk is called done, so that a source which gives it once has not yet', async () => {
    const path = join(folder, 'last chunk');
    let sizeThen = 0;
    async function* watching(): AsyncGenerator<Uint8Array> {
      yield* inPieces(100_000);
      sizeThen = (await stat(path)).size;
    }
    await writeBytes(await opened(path), watching(), { signal: quiet, hashesAlong: along() });
    expect(sizeThen).toBe(content.length);
  });
});
