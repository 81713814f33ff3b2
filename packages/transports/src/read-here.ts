/**
 * A small file of a disk of this machine, read by the thread that asks: to hand each call to another thread takes
 * many times as long as the call itself. Only for what a disk answers at once.
 */
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** A larger file is read ahead instead, while what was read is sent. */
export const MOST_BYTES_AT_ONCE = 64 * 1024;

/** What is needed of a `FileHandle` to read it. */
export interface ReadHandle {
  stat(): Promise<Stats>;
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** As `open` of `node:fs/promises`. */
export function readHere(path: string, flags: number): ReadHandle {
  const fd = openSync(path, flags);
  return {
    stat: async () => fstatSync(fd),
    read: async (...where) => ({ bytesRead: readSync(fd, ...where) }),
    close: async () => closeSync(fd),
  };
}
