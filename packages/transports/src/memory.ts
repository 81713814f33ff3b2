/** A transport over a map in memory: the one fake, held to the same suite as the real ones. */
import { DEFAULT_FTPS_SETTINGS } from '@waybill/contracts/ftps-settings.js';
import type { Side } from '@waybill/contracts/session-facts.js';
import { recordWithoutNetwork } from './record-without-network.js';
import { refuseChanged } from './refuse-changed.js';
import { splitPath } from './safe-name.js';
import { createTimeline } from './timeline.js';
import { CannotResumeError, cancelledAt, TransportError } from './transport-error.js';
import type { Entry, Transport } from './transport.js';

export interface MemoryFile {
  bytes: Buffer;
  modifiedAt: Date;
}

/** Files by absolute path. Folders are whatever stands before a file's name; "/" is always there. */
export type MemoryFiles = Map<string, MemoryFile>;

export function openMemory(files: MemoryFiles, side: Side): Transport {
  const timeline = createTimeline(side);
  const chunkBytes = 64 * 1024;

  const checked = (path: string): string => {
    const split = splitPath(path);
    if ('why' in split)
      throw new TransportError('name_refused', 'transfer', `The path cannot be used: ${split.why}.`);
    return `/${split.segments.join('/')}`;
  };
  const find = (path: string): MemoryFile => {
    const file = files.get(checked(path));
    if (file === undefined) throw new TransportError('not_found', 'transfer', `There is no file ${path}.`);
    return file;
  };
  const toEntry = (path: string, file: MemoryFile): Entry => ({
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    kind: 'file',
    sizeBytes: file.bytes.length,
    modifiedAt: file.modifiedAt,
  });

  return {
    usable: true,
    isLocal: true,
    expiresAt: Infinity,
    policy: DEFAULT_FTPS_SETTINGS,
    hashAlgorithm: null,

    list: (folder) =>
      timeline.time('list', async () => {
        const prefix = `${checked(folder)}/`.replace('//', '/');
        const inside = [...files].filter(([path]) => path.startsWith(prefix));
        if (inside.length === 0 && prefix !== '/')
          throw new TransportError('not_found', 'list', `There is no folder ${folder}.`);
        const entries = new Map<string, Entry>();
        for (const [path, file] of inside) {
          const [name = '', ...deeper] = path.slice(prefix.length).split('/');
          const isFolder = deeper.length > 0;
          entries.set(
            name,
            isFolder
              ? { name, path: `${prefix}${name}`, kind: 'folder', sizeBytes: null, modifiedAt: null }
              : toEntry(path, file),
          );
        }
        return { entries: [...entries.values()], refused: [] };
      }),

    stat: async (path) => {
      const file = files.get(checked(path));
      return file === undefined ? null : toEntry(path, file);
    },

    read: (path, sink, { signal, startAt = 0, expected }) =>
      timeline.time('transfer', async () => {
        const file = find(path);
        refuseChanged(path, expected, toEntry(path, file));
        for (let offset = startAt; offset < file.bytes.length; offset += chunkBytes) {
          if (signal.aborted) throw cancelledAt('transfer');
          await sink(Buffer.from(file.bytes.subarray(offset, offset + chunkBytes)), offset);
        }
        if (files.get(checked(path)) !== file) {
          throw new TransportError('source_changed', 'verify', `${path} changed while it was read.`);
        }
        return { bytes: file.bytes.length - startAt, startedAt: startAt, gone: false };
      }),

    write: (path, source, { signal, startAt = 0 }) =>
      timeline.time('transfer', async () => {
        const target = checked(path);
        const there = startAt === 0 ? Buffer.alloc(0) : (files.get(target)?.bytes ?? Buffer.alloc(0));
        if (there.length !== startAt)
          throw new CannotResumeError('size_mismatch', 'transfer', `${path} has ${there.length} bytes.`);
        const chunks: Buffer[] = [there];
        files.set(target, { bytes: there, modifiedAt: new Date() });
        for await (const chunk of source) {
          if (signal.aborted) throw cancelledAt('transfer');
          chunks.push(Buffer.from(chunk));
          files.set(target, { bytes: Buffer.concat(chunks), modifiedAt: new Date() });
        }
        if (signal.aborted) throw cancelledAt('transfer');
        return { bytes: Buffer.concat(chunks).length - startAt };
      }),

    hashByServer: () => Promise.resolve(null),

    async setModifiedAt(path, at) {
      find(path).modifiedAt = at;
      return true;
    },

    rename: async (from, to, ifExists) => {
      const target = checked(to);
      const file = find(from);
      if (ifExists === 'fail' && files.has(target))
        throw new TransportError('target_exists', 'rename', `There is a file ${to} already.`);
      files.set(target, file);
      files.delete(checked(from));
    },

    remove: async (path) => files.delete(checked(path)),

    record({ drain = false } = {}) {
      const snapshot = recordWithoutNetwork(side, timeline);
      if (drain) timeline.clear();
      return snapshot;
    },

    close: () => Promise.resolve(),
  };
}
