/** What is in a folder: LIST, NLST, MLSD over a data connection; MLST and STAT over the control connection. */
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../error-facts.js';
import { sendContent } from '../data-channel.js';
import { formatFacts, formatListLine, type ListedFile } from '../listing-format.js';
import { Refusal, reply, type Reply } from '../reply.js';
import type { Place } from '../root-folder.js';
import { runTransfer } from '../run-transfer.js';
import type { CommandGroup, Control } from './command.js';

/** Files whose facts are read at the same time. */
const BATCH = 64;

export const listingCommands: CommandGroup = {
  LIST: {
    needs: 'login',
    run: (control, argument) =>
      sendListing(control, { verb: 'LIST', path: withoutFlags(argument), format: formatNow() }),
  },
  NLST: {
    needs: 'login',
    run: (control, argument) =>
      sendListing(control, { verb: 'NLST', path: withoutFlags(argument), format: ({ name }) => name }),
  },
  MLSD: {
    needs: 'login',
    run: (control, argument) =>
      sendListing(control, { verb: 'MLSD', path: argument, format: (file) => formatFacts(file) }),
  },
  MLST: {
    needs: 'login',
    async run({ root, session }, argument) {
      const place = await root.locate(session.folder, argument || '.');
      const stats = await root.examine(place);
      return reply(250, `Listing ${place.path}`, formatFacts({ name: place.path, stats }), 'End');
    },
  },
  STAT: {
    needs: 'tls',
    async run(control, argument) {
      const { session } = control;
      if (argument === '') {
        const who = session.loggedIn ? `Logged in as ${session.userName}` : 'Not logged in';
        return reply(211, 'Waybill practice partner', who, `TLS: ${session.tlsProtocol}`, 'End');
      }
      if (!session.loggedIn) throw new Refusal(530, 'Log in first');
      const files = await listFiles(
        control,
        await control.root.locate(session.folder, withoutFlags(argument)),
      );
      return reply(213, 'Status follows:', ...files.map(formatNow()), 'End');
    },
  },
};

async function sendListing(
  control: Control,
  request: { verb: string; path: string; format: (file: ListedFile) => string },
): Promise<Reply | null> {
  const { session, root, settings } = control;
  const place = await root.locate(session.folder, request.path || '.');
  if (request.verb === 'MLSD') await root.examineFolder(place);
  const files = await listFiles(control, place);
  const lines = files.map(request.format);
  const listing = settings.script.transformListing?.(session, request.verb, lines) ?? lines;
  const content = Array.isArray(listing)
    ? chunksOfLines(listing)
    : Buffer.isBuffer(listing)
      ? [listing]
      : listing;
  return runTransfer(control, {
    verb: request.verb,
    path: place.path,
    direction: 'download',
    move: (channel, context) => sendContent(channel, toAsync(content), context),
  });
}

/** The plain files and folders in a folder by name, or the one file. Links and devices are not shown. */
async function listFiles({ root }: Control, place: Place): Promise<ListedFile[]> {
  const stats = await root.examine(place);
  if (stats.isFile()) return [{ name: basename(place.path), stats }];
  const names = (await readdir(place.diskPath)).sort();
  const files: ListedFile[] = [];
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    const looked = await Promise.all(batch.map((name) => look(place, name)));
    files.push(...looked.filter((file) => file !== null));
  }
  return files;
}

async function look(folder: Place, name: string): Promise<ListedFile | null> {
  // oxlint-disable-next-line no-control-regex -- a name with a line end would be two lines
  if (/[\u0000-\u001f\u007f]/.test(name)) return null;
  try {
    const stats = await lstat(join(folder.diskPath, name));
    return stats.isFile() || stats.isDirectory() ? { name, stats } : null;
  } catch (error) {
    // Gone since its name was read.
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function formatNow(): (file: ListedFile) => string {
  const now = new Date();
  return (file) => formatListLine(file, now);
}

/** `ls` flags, as in "LIST -la folder": they mean nothing here. */
function withoutFlags(argument: string): string {
  return argument.replace(/^(-[A-Za-z0-9]+( +|$))+/, '') || '.';
}

function* chunksOfLines(lines: string[]): Generator<Buffer> {
  for (let start = 0; start < lines.length; start += 1000) {
    yield Buffer.from(
      lines
        .slice(start, start + 1000)
        .map((line) => `${line}\r\n`)
        .join(''),
    );
  }
}

async function* toAsync(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
}
