/** A log on disk that is cut into files of a bounded size: api.log, api.1.log (older), api.2.log … */
import { closeSync, fstatSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

const MAX_SIZE_BYTES = 10 * 1024 * 1024;
const KEPT_FILES = 5;

export interface LogFile {
  write(chunk: Buffer): void;
  close(): void;
}

export interface LogFileOptions {
  maxSizeBytes?: number;
  /** Told when writing begins to fail (a full disk), and not again until it has worked. */
  onFault?: (error: Error) => void;
}

/** Gives api.log the name api.1.log, and the older ones the next number each. */
function rotateLogFiles(path: string): void {
  const older = (age: number): string => (age === 0 ? path : path.replace(/\.log$/, `.${age}.log`));
  rmSync(older(KEPT_FILES), { force: true });
  for (let age = KEPT_FILES - 1; age >= 0; age--) {
    try {
      renameSync(older(age), older(age + 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** For a log that somebody else writes, and only between two of his runs. */
export function cutLogFile(path: string, maxSizeBytes = MAX_SIZE_BYTES): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && found.size > maxSizeBytes) rotateLogFiles(path);
}

/**
 * What cannot be written is lost, so that a full disk does not end the one who writes.
 * @param path ends in ".log"
 */
export function openLogFile(path: string, options: LogFileOptions = {}): LogFile {
  const { maxSizeBytes = MAX_SIZE_BYTES, onFault } = options;
  let file = openSync(path, 'a', 0o600);
  let sizeBytes = fstatSync(file).size;
  let isFailing = false;
  const rotate = (): void => {
    rotateLogFiles(path);
    const next = openSync(path, 'a', 0o600);
    closeSync(file);
    file = next;
    sizeBytes = 0;
  };
  return {
    write(chunk) {
      try {
        if (sizeBytes > 0 && sizeBytes + chunk.length > maxSizeBytes) rotate();
        writeSync(file, chunk);
        sizeBytes += chunk.length;
        isFailing = false;
      } catch (error) {
        if (!isFailing) onFault?.(error as Error);
        isFailing = true;
      }
    },
    close: () => closeSync(file),
  };
}
