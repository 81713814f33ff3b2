import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { MOST_UNFLUSHED_BYTES, readBytes, writeBytes } from './local-bytes.js';
import { quiet } from './test-support/open-for-test.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-bytes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The same file, of which no read gives more than so many bytes, as a network share may do. */
const inPieces = (handle: FileHandle, most: number): Pick<FileHandle, 'stat' | 'read'> =>
  ({
    stat: () => handle.stat(),
    read: (buffer: Buffer, offset: number, length: number, position: number) =>
      handle.read(buffer, offset, Math.min(most, length), position),
  }) as Pick<FileHandle, 'stat' | 'read'>;

test.each([
  [10_000, 3000],
  [10_000, 10_000],
  [3 * 1024 * 1024 + 5, 700_000],
  [0, 1],
])(
  'a file of %d bytes that comes in pieces of %d stays what it is while the sink takes its time',
  async (size, most) => {
    const content = randomBytes(size);
    const path = join(folder, `${size}-${most}`);
    await writeFile(path, content);
    const handle = await open(path);
    try {
      const got: Buffer[] = [];
      const sink = async (chunk: Buffer): Promise<void> => {
        for (let waited = 0; waited < 20; waited += 1) await turn();
        got.push(Buffer.from(chunk));
      };
      expect(await readBytes(inPieces(handle, most), path, sink, { signal: quiet })).toBe(size);
      expect(Buffer.concat(got).equals(content)).toBe(true);
    } finally {
      await handle.close();
    }
  },
);

describe('a large file that is written', () => {
  const MIB = 1024 * 1024;
  async function* chunks(count: number): AsyncGenerator<Uint8Array> {
    for (let number = 0; number < count; number += 1) yield Buffer.alloc(MIB, number);
  }

  /** Writes so many MiB; each flush does what it is told. */
  const write = async (mib: number, flush: () => Promise<void>): Promise<{ bytes: number; path: string }> => {
    const path = join(folder, `written-${mib}`);
    const handle = await open(path, 'w');
    const flushing = { write: handle.write.bind(handle), datasync: flush } as Parameters<
      typeof writeBytes
    >[0];
    try {
      return { bytes: await writeBytes(flushing, chunks(mib), { signal: quiet }), path };
    } finally {
      await handle.close();
    }
  };

  test('is brought to the disk in the meantime, and waits for that at its end', async () => {
    let [begun, ended] = [0, 0];
    const { bytes } = await write(64, async () => {
      begun += 1;
      for (let waited = 0; waited < 200; waited += 1) await turn();
      ended += 1;
    });
    expect(bytes).toBe(64 * MIB);
    expect(begun).toBeGreaterThan(0);
    expect(ended).toBe(begun);
  });

  test('is told to have failed by what failed first, and not by a flush that failed after it', async () => {
    const full = Object.assign(new Error('no room'), { code: 'ENOSPC' });
    const flushed = Promise.withResolvers<void>();
    let written = 0;
    const write = async (_chunk: Buffer, _offset: number, bytesWritten: number) => {
      written += bytesWritten;
      if (written <= 40 * MIB) return { bytesWritten };
      flushed.reject(new Error('lost'));
      throw full;
    };
    const handle = { fd: -1, write, datasync: () => flushed.promise };
    const writing = writeBytes(handle as never, chunks(64), { signal: quiet });
    await expect(writing).rejects.toBe(full);
  });

  test('never has more than so much that is not on the disk', async () => {
    const sizes: number[] = [];
    const path = join(folder, 'written-200');
    await write(200, async () => {
      // Until nothing more is written.
      let [size, since] = [-1, performance.now()];
      while (performance.now() - since < 30) {
        const now = (await stat(path)).size;
        if (now !== size) [size, since] = [now, performance.now()];
      }
      sizes.push(size);
    });
    // While some is brought to the disk, as much again is written, and no more.
    const half = MOST_UNFLUSHED_BYTES / 2;
    expect(sizes.map((size, index) => size <= index * half + MOST_UNFLUSHED_BYTES)).not.toContain(false);
    expect(sizes.length).toBeGreaterThan(3);
  });

  test.each([33, 200])(
    'is not written where the disk says once that it lost something, at %d MiB',
    async (mib) => {
      let flushes = 0;
      const lost = Object.assign(new Error('EIO'), { code: 'EIO' });
      const written = write(mib, async () => {
        flushes += 1;
        if (flushes === 1) throw lost;
      });
      await expect(written).rejects.toBe(lost);
    },
  );
});
