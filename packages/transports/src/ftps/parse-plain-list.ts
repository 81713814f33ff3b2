/** LIST in its Unix and DOS forms, for servers without MLSD; its times have no zone and are not believed. */
import { FileInfo, FileType, parseList } from 'basic-ftp';
import { joinPath } from '@waybill/contracts/paths.js';
import { refuseName } from '../refuse-name.js';
import { whyNameIsUnsafe } from '../safe-name.js';
import { TransportError } from '../transport-error.js';
import type { Entry, Listing } from '../transport.js';
import { MAX_ROW_LENGTH } from './parse-mlsd.js';

/** So many lines that cannot be read are no exceptions any more. */
const MAX_UNREAD = 1000;
/** To an expression each of these ends the line: it would read a part of a name, and look for it again and again. */
const OTHER_LINE_END = /[\r\u2028\u2029]/;

/**
 * Line by line: the library leaves out without a word what is in another form than the last line.
 * @throws TransportError `protocol_error` where no line, or too few of them, are in a known form
 */
export function parsePlainList(text: string, folder: string): Listing {
  const listing: Listing = { entries: [], refused: [] };
  let read = 0;
  let unread = 0;
  for (const row of text.split(/\r?\n/)) {
    const files = isOneLine(row) ? readRow(row) : null;
    if (files === null) {
      unread += 1;
      if (unread > MAX_UNREAD) break;
      refuseName(listing, row, 'the line is in no known form');
      continue;
    }
    read += files.length;
    for (const file of files) add(listing, file, folder);
  }
  if (unread > MAX_UNREAD || (unread > 0 && read === 0)) {
    const message =
      'The listing is in a form that is not known. Ask the partner to switch MLSD on, or the Unix form of LIST.';
    throw new TransportError('protocol_error', 'list', message);
  }
  return listing;
}

function isOneLine(row: string): boolean {
  return row.length <= MAX_ROW_LENGTH && !OTHER_LINE_END.test(row);
}

/** Nothing for a line that is about the folder itself; null for one that is in no known form. */
function readRow(row: string): FileInfo[] | null {
  if (/^\d\d/.test(row)) return readDosRow(row);
  try {
    const files = parseList(row);
    // What begins with a space is taken by the library for a bare name; the forms of LIST have a time.
    return files.some(({ rawModifiedAt }) => rawModifiedAt === '') ? null : files;
  } catch {
    return null;
  }
}

/**
 * Date, time, size or kind, name. IIS puts ten spaces after `<DIR>`, and what follows is the name; where a server puts
 * fewer, all of them are columns. After a size there is one.
 */
const DOS_ROW =
  /^(\d{2,4}[-/.]\d\d[-/.]\d{2,4} {1,4}\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M?)?) +(?:(\d{1,16}) |<(?:DIR|JUNCTION)>(?: {10}| +))(.+)$/i;

/**
 * By ourselves: the library takes spaces before a name for a part of the columns, and so another file, and a number
 * before a line of the Unix form for a date. Nothing for the folder itself and the one above.
 */
function readDosRow(row: string): FileInfo[] | null {
  const [, modifiedAt, size, name] = DOS_ROW.exec(row) ?? [];
  if (modifiedAt === undefined || name === undefined) return null;
  if (name === '.' || name === '..') return [];
  const file = new FileInfo(name);
  file.rawModifiedAt = modifiedAt;
  file.type = size === undefined ? FileType.Directory : FileType.File;
  if (size !== undefined) file.size = Number(size);
  return [file];
}

const KINDS: Record<FileType, Entry['kind']> = {
  [FileType.File]: 'file',
  [FileType.Directory]: 'folder',
  [FileType.SymbolicLink]: 'link',
  [FileType.Unknown]: 'other',
};

function add(listing: Listing, { name, type, size }: FileInfo, folder: string): void {
  const why = whyNameIsUnsafe(name);
  if (why !== null) return refuseName(listing, name, why);
  const kind = KINDS[type];
  listing.entries.push({
    name,
    path: joinPath(folder, name),
    kind,
    sizeBytes: kind === 'file' && Number.isSafeInteger(size) && size >= 0 ? size : null,
    modifiedAt: null,
  });
}
