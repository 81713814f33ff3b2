/**
 * Files beneath a root, reached one segment at a time without following any link. On Linux each step starts
 * from the folder that is already open (through /proc/self/fd, which is openat(2) by another name), so that
 * swapping a folder for a link in between gains nothing; elsewhere each folder on the way is checked first.
 */
import { constants } from 'node:fs';
import { lstat, open, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailureKind, StepName } from '@waybill/contracts/session-facts.js';
import { splitPath, whyLocalNameIsUnsafe } from './safe-name.js';
import { TransportError } from './transport-error.js';

const HAS_PROC = process.platform === 'linux';

/** What a call to these waits for is a disk of this machine: ext, XFS, Btrfs, F2FS, ZFS, tmpfs, overlay (statfs(2)). */
const OWN_DISKS = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0x01021994, 0x794c7630]);

export interface OpenFolder {
  handle: FileHandle;
  /** Whether it is on a disk of this machine, and no share that may not answer. Where that cannot be told, it is not. */
  isOnOwnDisk: boolean;
  close(): Promise<void>;
  /** The path of an entry in it, only good while the folder is open. */
  at(name: string): string;
}

/** The segments of a path within a local folder. @throws TransportError `name_refused` */
export function localSegments(path: string, step: StepName): string[] {
  const split = splitPath(path, whyLocalNameIsUnsafe);
  if ('segments' in split) return split.segments;
  throw new TransportError('name_refused', step, `The path cannot be used: ${split.why}.`);
}

/** Opens the folder that these segments lead to from the root (an absolute path without links in it). */
export async function openFolderBeneath(root: string, segments: string[]): Promise<OpenFolder> {
  let folder = await openFolder(root);
  for (const segment of segments) {
    const next = await openFolder(folder.at(segment)).finally(() => folder.close());
    folder = next;
  }
  const { type } = (HAS_PROC && (await statfs(folder.at('.')).catch(() => null))) || { type: 0 };
  return { ...folder, isOnOwnDisk: OWN_DISKS.has(type) };
}

async function openFolder(path: string): Promise<Omit<OpenFolder, 'isOnOwnDisk'>> {
  if (!HAS_PROC && (await lstat(path)).isSymbolicLink()) {
    throw Object.assign(new Error('a link'), { code: 'ELOOP' });
  }
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const parent = HAS_PROC ? `/proc/self/fd/${handle.fd}` : path;
  return { handle, close: () => handle.close(), at: (name) => join(parent, name) };
}

const TOO_MANY_FILES =
  'too many files are open. Raise the limit of open files of the service (LimitNOFILE), or let fewer transfers run at once.';

const KINDS = new Map<string, [FailureKind, string]>([
  ['ENOENT', ['not_found', 'it does not exist. Check the path.']],
  [
    'EACCES',
    ['permission_denied', 'the account that Waybill runs as may not. Change the rights of the folder.'],
  ],
  [
    'EPERM',
    ['permission_denied', 'the account that Waybill runs as may not. Change the rights of the folder.'],
  ],
  ['EROFS', ['permission_denied', 'the file system is read-only.']],
  ['ENOSPC', ['target_full', 'the disk is full. Make room.']],
  ['EDQUOT', ['target_full', 'the quota is used up. Raise it or make room.']],
  ['EFBIG', ['target_full', 'the file system cannot hold a file of that size.']],
  ['EEXIST', ['target_exists', 'a file of that name exists. Remove or rename it.']],
  ['EISDIR', ['target_exists', 'a folder of that name exists.']],
  ['ELOOP', ['name_refused', 'it is a link, and links are not followed. Use the real path.']],
  ['ENOTDIR', ['name_refused', 'a part of the path is a link or a file, not a folder. Use the real path.']],
  ['EMFILE', ['local_io', TOO_MANY_FILES]],
  ['ENFILE', ['local_io', TOO_MANY_FILES]],
  ['ENAMETOOLONG', ['name_refused', 'the name is too long.']],
]);

/** The error for a failed call to the file system; `action` as in `read /in/a.csv`. */
export function localFailure(error: unknown, step: StepName, action: string): TransportError {
  if (error instanceof TransportError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const [kind, why] = KINDS.get(code) ?? ['local_io', `${code || 'an unexpected fault'}. Check the disk.`];
  return new TransportError(kind, step, `Could not ${action} in the local folder: ${why}`, { cause: error });
}
