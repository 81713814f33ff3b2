/** A folder on this machine as an endpoint. What is written is on the disk when it is called written. */
import { constants, lstatSync, type Stats } from 'node:fs';
import {
  link,
  lstat,
  lutimes,
  open,
  opendir,
  realpath,
  rename,
  unlink,
  type FileHandle,
} from 'node:fs/promises';
import { DEFAULT_FTPS_SETTINGS } from '@waybill/contracts/ftps-settings.js';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { countOf, formatCount } from '@waybill/contracts/count-of.js';
import { joinPath } from '@waybill/contracts/paths.js';
import type { LocalFolderEndpoint } from './endpoint.js';
import { localFailure, localSegments, openFolderBeneath, type OpenFolder } from './open-beneath.js';
import { recordWithoutNetwork } from './record-without-network.js';
import { keepFolders } from './kept-folders.js';
import { notAFile, readBytes, writeBytes } from './local-bytes.js';
import { MOST_BYTES_AT_ONCE, readHere, type ReadHandle } from './read-here.js';
import { refuseName, sayWhatWasListed } from './refuse-name.js';
import { whyLocalNameIsUnsafe } from './safe-name.js';
import { createTimeline } from './timeline.js';
import { asTransportError, CannotResumeError, TransportError } from './transport-error.js';
import type { Entry, Listing, SessionRecord, Sink, Transport } from './transport.js';
import type { OpenContext } from './ftps/ftps-session.js';

const MAX_ENTRIES = 1_000_000;
/** A FIFO or a device must not be waited for. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const GO_ON_FLAGS = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const WRITE_FLAGS = GO_ON_FLAGS | constants.O_CREAT | constants.O_TRUNC;
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** @throws TransportError with `record`, where the root or the base folder cannot be opened */
export async function openLocalFolder(
  endpoint: LocalFolderEndpoint,
  context: Pick<OpenContext, 'side' | 'onStep'>,
): Promise<Transport> {
  const timeline = createTimeline(context.side, context.onStep);
  const record = (): SessionRecord => recordWithoutNetwork(context.side, timeline);
  try {
    return await timeline.time('connect', async (note) => {
      const { rootName, basePath = '/' } = endpoint;
      note(`root ${rootName}, folder ${basePath}`);
      try {
        const root = await realpath(endpoint.root);
        const base = localSegments(basePath, 'connect');
        const folder = await openFolderBeneath(root, base);
        await folder.close();
        return createLocalTransport({ root, base, timeline, record });
      } catch (error) {
        throw localFailure(error, 'connect', `open ${basePath}`);
      }
    });
  } catch (error) {
    if (error instanceof TransportError) error.record = record();
    throw error;
  }
}

interface LocalSession {
  root: string;
  base: string[];
  timeline: ReturnType<typeof createTimeline>;
  record: () => SessionRecord;
}

function createLocalTransport({ root, base, timeline, record }: LocalSession): Transport {
  const folders = keepFolders(root);
  const openFolderOf = async (
    path: string,
    step: StepName,
  ): Promise<{ folder: OpenFolder; name: string }> => {
    const segments = localSegments(path, step);
    const name = segments.pop();
    if (name === undefined)
      throw new TransportError('name_refused', step, 'The path names a folder, not a file.');
    return { folder: await folders.open([...base, ...segments]), name };
  };

  /** Runs the work with the folder of the path open. */
  const inFolderOf = async <T>(
    path: string,
    step: StepName,
    action: string,
    work: (folder: OpenFolder, name: string) => Promise<T>,
  ): Promise<T> => {
    try {
      const { folder, name } = await openFolderOf(path, step);
      return await work(folder, name).finally(() => folder.close());
    } catch (error) {
      throw localFailure(error, step, action);
    }
  };

  return {
    usable: true,
    isLocal: true,
    hashesWhatItWrites: true,
    expiresAt: Infinity,
    policy: DEFAULT_FTPS_SETTINGS,
    hashAlgorithm: null,

    list: (path) =>
      timeline.time('list', async (note) => {
        try {
          const folder = await folders.open([...base, ...localSegments(path, 'list')]);
          const listing = await listFolder(folder, path).finally(() => folder.close());
          note(sayWhatWasListed(listing));
          return listing;
        } catch (error) {
          throw localFailure(error, 'list', `list ${path}`);
        }
      }),

    stat: (path) =>
      inFolderOf(path, 'verify', `look at ${path}`, async (folder, name) =>
        toEntry(name, path, await lookAt(folder, name)),
      ).catch((error: unknown) => {
        if (error instanceof TransportError && error.kind === 'not_found') return null;
        throw error;
      }),

    read: (path, sink, options) =>
      timeline.time('transfer', (note) =>
        inFolderOf(path, 'transfer', `read ${path}`, async (folder, name) => {
          const handle = await openToRead(folder, name);
          try {
            const startedAt = options.startAt ?? 0;
            const bytes = await readBytes(handle, path, withOwnErrors(sink), options);
            note(countOf(bytes, 'byte') + from(startedAt));
            return { bytes, startedAt, gone: false };
          } finally {
            await handle.close();
          }
        }),
      ),

    async write(path, source, options) {
      const { startAt = 0 } = options;
      // The name is of our own making, so what stands in the way is the folder.
      const action = `write into the folder ${path.slice(0, path.lastIndexOf('/')) || '/'}`;
      const handles: FileHandle[] = [];
      let release: (() => Promise<void>) | null = null;
      try {
        const bytes = await timeline.time('transfer', async (note) => {
          try {
            const { folder, name } = await openFolderOf(path, 'transfer');
            release = folder.close;
            handles.push(folder.handle);
            const flags = startAt > 0 ? GO_ON_FLAGS : WRITE_FLAGS;
            const handle = await open(folder.at(name), flags, 0o640);
            handles.push(handle);
            const there = await handle.stat();
            if (!there.isFile()) throw notAFile(path, 'transfer');
            if (startAt > 0 && there.size !== startAt) throw notResumable(path, there.size, startAt);
            const written = await writeBytes(handle, source, options);
            note(countOf(written, 'byte') + from(startAt));
            return written;
          } catch (error) {
            throw localFailure(error, 'transfer', action);
          }
        });
        await timeline.time('confirm', async (note) => {
          try {
            for (const handle of handles.toReversed()) await handle.sync();
            note('flushed to disk');
          } catch (error) {
            throw localFailure(error, 'confirm', action);
          }
        });
        return { bytes };
      } finally {
        try {
          await handles[1]?.close();
        } finally {
          await (release as (() => Promise<void>) | null)?.();
        }
      }
    },

    hashByServer: () => Promise.resolve(null),

    setModifiedAt: (path, at) =>
      inFolderOf(path, 'verify', `set the time of ${path}`, async (folder, name) => {
        await lutimes(folder.at(name), at, at);
        return true;
      }),

    rename: (from, to, ifExists) =>
      inFolderOf(from, 'rename', `rename ${from} to ${to}`, (source, sourceName) =>
        inFolderOf(to, 'rename', `rename ${from} to ${to}`, async (target, targetName) => {
          const [oldName, newName] = [source.at(sourceName), target.at(targetName)];
          await (ifExists === 'fail' ? renameToFree(oldName, newName) : rename(oldName, newName));
          // The new name is only safe from a power failure once the folder that holds it is.
          await target.handle.sync();
          if (source.handle !== target.handle) await source.handle.sync();
        }),
      ),

    remove: (path) =>
      inFolderOf(path, 'cleanup', `remove ${path}`, async (folder, name) => {
        await unlink(folder.at(name));
        return true;
      }).catch((error: unknown) => {
        if (error instanceof TransportError && error.kind === 'not_found') return false;
        throw error;
      }),

    record({ drain = false } = {}) {
      const snapshot = record();
      if (drain) timeline.clear();
      return snapshot;
    },

    close: () => folders.close(),
  };
}

function lookAt(folder: OpenFolder, name: string): Promise<Stats> | Stats {
  return folder.isOnOwnDisk ? lstatSync(folder.at(name)) : lstat(folder.at(name));
}

/** A small file is read by calls that do not leave this thread, where they do not wait for anything. */
async function openToRead(folder: OpenFolder, name: string): Promise<ReadHandle> {
  const path = folder.at(name);
  const isSmall = folder.isOnOwnDisk && lstatSync(path).size <= MOST_BYTES_AT_ONCE;
  return isSmall ? readHere(path, READ_FLAGS) : open(path, READ_FLAGS);
}

/** What the sink fails with is no fault of this disk. */
function withOwnErrors(sink: Sink): Sink {
  return async (chunk, position) => {
    try {
      await sink(chunk, position);
    } catch (error) {
      throw asTransportError(error, 'transfer');
    }
  };
}

/**
 * Renames to a name that is free: link(2) finds that out and takes the name in one step, where rename(2) would
 * replace a file that has appeared since somebody looked. Where there are no hard links (FAT and some network
 * shares; folders, and under `fs.protected_hardlinks` files of others) looking first is the best that can be done.
 */
async function renameToFree(oldName: string, newName: string): Promise<void> {
  try {
    await link(oldName, newName);
  } catch (error) {
    if (!NO_HARD_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    if ((await lstat(newName).catch(nullIfAbsent)) !== null)
      throw Object.assign(new Error('the name is taken'), { code: 'EEXIST' });
    return rename(oldName, newName);
  }
  await unlink(oldName);
}

async function listFolder(folder: OpenFolder, path: string): Promise<Listing> {
  const listing: Listing = { entries: [], refused: [] };
  for await (const { name } of await opendir(folder.at('.'))) {
    const why = whyLocalNameIsUnsafe(name);
    if (why !== null) {
      refuseName(listing, name, why);
      continue;
    }
    if (listing.entries.length >= MAX_ENTRIES) {
      throw new TransportError(
        'listing_too_large',
        'list',
        `${path} has more than ${MAX_ENTRIES} entries. Use a subfolder.`,
      );
    }
    const stats = await lookIfThere(folder, name);
    if (stats !== null) listing.entries.push(toEntry(name, joinPath(path, name), stats));
  }
  return listing;
}

async function lookIfThere(folder: OpenFolder, name: string): Promise<Stats | null> {
  try {
    return await lookAt(folder, name);
  } catch (error) {
    return nullIfAbsent(error as NodeJS.ErrnoException);
  }
}

function nullIfAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function toEntry(name: string, path: string, stats: Stats): Entry {
  const kind = kindOf(stats);
  const year = stats.mtime.getUTCFullYear();
  // Some file systems keep others, which Postgres does not take.
  const modifiedAt = year >= 1 && year <= 9999 ? stats.mtime : null;
  return { name, path, kind, sizeBytes: kind === 'file' ? stats.size : null, modifiedAt };
}

function kindOf(stats: Stats): Entry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

function notResumable(path: string, sizeBytes: number, startAt: number): CannotResumeError {
  const message = `${path} has ${countOf(sizeBytes, 'byte')} and not the ${formatCount(startAt)} after which it should go on.`;
  return new CannotResumeError('size_mismatch', 'transfer', message);
}

function from(startAt: number): string {
  return startAt === 0 ? '' : ` from byte ${formatCount(startAt)} on`;
}
