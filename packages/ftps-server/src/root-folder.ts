/**
 * The only way from a path that a client names to a file. `..` ends at the root as in a chroot, links are never
 * followed, and only plain files and folders exist.
 */
import { constants, type Stats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { errorCode } from './error-facts.js';
import { Refusal } from './reply.js';

/** Bytes of a path as a client may name it. */
const MAX_PATH_BYTES = 2048;

export interface Place {
  /** As the client sees it: absolute, normalised, `/` as separator. */
  path: string;
  /** As the system sees it. */
  diskPath: string;
}

export class RootFolder {
  constructor(readonly diskPath: string) {}

  /**
   * The place that a path names, seen from the folder in which the client is. It need not exist.
   * @throws Refusal 501 or 553 for a path that cannot be, 550 where it leads through a link
   */
  async locate(folder: string, path: string): Promise<Place> {
    if (path === '') throw new Refusal(501, 'A path is needed');
    // oxlint-disable-next-line no-control-regex -- these are what is refused
    if (/[\u0000-\u001f\u007f]/.test(path))
      throw new Refusal(553, 'Control characters are not allowed in a path');
    if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw new Refusal(553, 'Path too long');
    const absolute = posix.resolve('/', folder, path);
    const segments = absolute.split('/').filter((segment) => segment !== '');
    let diskPath = this.diskPath;
    for (const segment of segments) {
      diskPath = join(diskPath, segment);
      const found = await lstatIfThere(diskPath);
      if (found?.isSymbolicLink()) throw new Refusal(550, 'Links are not followed');
    }
    return { path: absolute, diskPath };
  }

  /** Facts about a file or folder that must be there. @throws Refusal 550 */
  async examine(place: Place): Promise<Stats> {
    const found = await lstatIfThere(place.diskPath);
    if (!found || !(found.isFile() || found.isDirectory())) throw new Refusal(550, 'No such file or folder');
    return found;
  }

  /** Facts about a plain file that must be there. @throws Refusal 550 */
  async examineFile(place: Place): Promise<Stats> {
    const found = await this.examine(place);
    if (!found.isFile()) throw new Refusal(550, 'Not a plain file');
    return found;
  }

  /** Facts about a folder that must be there. @throws Refusal 550 */
  async examineFolder(place: Place): Promise<Stats> {
    const found = await this.examine(place);
    if (!found.isDirectory()) throw new Refusal(550, 'Not a folder');
    return found;
  }

  /** Opens a plain file that is there. @throws Refusal 550 */
  async openForReading(place: Place): Promise<FileHandle> {
    await this.examineFile(place);
    return open(place.diskPath, constants.O_RDONLY | constants.O_NOFOLLOW);
  }

  /** Opens a plain file for writing, created where it is not there; keeps what it holds. @throws Refusal */
  async openForWriting(place: Place): Promise<FileHandle> {
    const found = await lstatIfThere(place.diskPath);
    if (found && !found.isFile()) throw new Refusal(553, 'Not a plain file');
    return open(place.diskPath, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o640);
  }
}

async function lstatIfThere(diskPath: string): Promise<Stats | null> {
  try {
    return await lstat(diskPath);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
    throw error;
  }
}
