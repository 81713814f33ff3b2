/** The operations of an open FTPS session, each from the file beside that is named after it. */
import { sayWhatWasListed } from '../refuse-name.js';
import type { Transport } from '../transport.js';
import { askForPortAhead } from './agree-on-data-port.js';
import { removeFile, renameFile, statFile, statSize } from './file-commands.js';
import { serverPath } from './server-path.js';
import { recordOf, type FtpsSession } from './ftps-session.js';
import { listFolder } from './list-folder.js';
import { readFile } from './read-file.js';
import { sayLastCommands } from './say-last-commands.js';
import { hashByServer, offeredAlgorithm } from './server-hash.js';
import { setModifiedTime } from './set-modified-time.js';
import { writeFile } from './write-file.js';

export function createFtpsTransport(session: FtpsSession): Transport {
  const { channel, timeline } = session;
  return {
    isLocal: false,
    policy: session.endpoint.settings,
    expiresAt: session.expiresAt,
    get usable() {
      return channel.usable;
    },
    list: (folder) =>
      timeline.time('list', async (note) => {
        const listing = await listFolder(session, folder);
        note(sayWhatWasListed(listing));
        return listing;
      }),
    stat: (path, needed) => {
      const entry = (needed === undefined ? statFile : statSize)(session, path, 'verify');
      if (needed === 'size_before_next') askForPortAhead(session);
      return entry;
    },
    read: (path, sink, options) => readFile(session, path, sink, options),
    write: (path, source, options) => writeFile(session, path, source, options),
    hashAlgorithm: offeredAlgorithm(session.features),
    hashByServer: async (path, request) =>
      await hashByServer(session, serverPath(session, path, 'verify'), request),
    setModifiedAt: (path, at) => setModifiedTime(session, path, at),
    rename: (from, to, ifExists) => renameFile(session, { from, to, ifExists }),
    remove: (path) => removeFile(session, path),
    record({ drain = false } = {}) {
      const record = recordOf(session);
      if (drain) {
        timeline.clear();
        session.dialogue.clear();
      }
      return record;
    },
    async close() {
      await sayLastCommands(session);
      await channel.close();
    },
  };
}
