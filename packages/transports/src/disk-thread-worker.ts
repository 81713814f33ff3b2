/**
 * READ `disk-thread.ts` FIRST: the other end of it, a thread that hashes and writes what lies in the ring. It is started
 * from this file as it is, in the source too, so it imports nothing of ours, and what it needs is told.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import type { ThreadTask, ThreadWord } from './disk-thread.js';

const { control, ring, slotBytes, fd, hashNames, at } = workerData as ThreadTask;
const slots = ring.byteLength / slotBytes;
const hashes = hashNames.map((name) => {
  if (name === 'crc32') {
    let value = 0;
    return {
      update: (bytes: Uint8Array) => void (value = crc32(bytes, value)),
      digest: () => value.toString(16).padStart(8, '0'),
    };
  }
  const hash = createHash(name);
  return { update: (bytes: Uint8Array) => void hash.update(bytes), digest: () => hash.digest('hex') };
});

function say(word: ThreadWord): void {
  parentPort?.postMessage(word);
}

/** Sleeps until more slots than these are filled. @returns false where there will be no more */
function isFilledBeyond(count: number): boolean {
  for (;;) {
    const bell = Atomics.load(control, at.bell);
    // Before the slots: the last one is filled before it is said that it was the last.
    const isAll = Atomics.load(control, at.isAll) === 1;
    if (Atomics.load(control, at.filled) > count) return true;
    if (isAll) return false;
    Atomics.wait(control, at.bell, bell);
  }
}

/** One word for each wait: every word wakes the event loop. */
function tellWritten(written: number): void {
  Atomics.store(control, at.written, written);
  const awaited = Atomics.load(control, at.awaited);
  const isDue = awaited !== 0 && written >= awaited;
  if (isDue && Atomics.compareExchange(control, at.awaited, awaited, 0) === awaited) say({ kind: 'go on' });
}

try {
  let position = 0;
  for (let written = 0; isFilledBeyond(written); tellWritten(written)) {
    const slot = written % slots;
    const bytes = new Uint8Array(ring, slot * slotBytes, Atomics.load(control, at.lengths + slot));
    for (const hash of hashes) hash.update(bytes);
    for (let offset = 0; offset < bytes.length;) {
      const count = writeSync(fd, bytes, offset, bytes.length - offset, position);
      offset += count;
      position += count;
    }
    written += 1;
  }
  say({ kind: 'ended', digests: hashes.map((hash) => hash.digest()) });
} catch (error) {
  const { message, code, errno, syscall } = error as NodeJS.ErrnoException;
  say({ kind: 'failed', error: { message, code, errno, syscall } });
}
