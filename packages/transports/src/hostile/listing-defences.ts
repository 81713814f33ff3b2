/** How names and listings are read. */
import { takeOut, type Defence } from './defence.js';

const LIST = 'ftps/list-folder.ts';
const MLSD = 'ftps/parse-mlsd.ts';
const NAME = 'safe-name.ts';
const PLAIN = 'ftps/parse-plain-list.ts';

export const listingDefences = {
  'path separators refused': takeOut(
    'A name holds no separator of paths.',
    NAME,
    "return 'it contains a path separator';",
    'void name;',
  ),
  'unprintable names refused': takeOut(
    'A name can be printed.',
    NAME,
    "return 'it contains a control or direction-changing character';",
    'void name;',
  ),
  'long names refused': takeOut(
    'A name has at most 255 bytes.',
    NAME,
    'if (Buffer.byteLength(name) > MAX_NAME_BYTES)',
    "if (name === '')",
  ),
  'unreadable names refused': takeOut(
    'A name is in the character set of the endpoint.',
    NAME,
    "return 'it is not valid UTF-8';",
    'void name;',
  ),
  'empty names refused': takeOut('A name is not empty.', NAME, "return 'it is empty';", 'void name;'),
  'dots passed over': takeOut(
    'The folder itself is no entry of it.',
    MLSD,
    "|| name === '.' || name === '..') continue;",
    ') continue;',
  ),
  'devices refused': takeOut(
    'No device of Windows is written to.',
    NAME,
    'return WINDOWS_DEVICE.test(name) ?',
    "return name === '' ?",
  ),
  'dates that exist': takeOut(
    'A date exists.',
    MLSD,
    'return Number.isNaN(instant.getTime()) || instant.toISOString() !== iso ? null : instant;',
    'return instant;',
  ),
  'types in a map': takeOut(
    'What a type means is looked up in a map, where nothing is by itself.',
    MLSD,
    'KINDS.get(type)',
    "(Object.fromEntries(KINDS) as Record<string, Entry['kind']>)[type]",
  ),
  'facts in any case': takeOut(
    'Names of facts are taken in any case.',
    MLSD,
    'fact.slice(0, equals).toLowerCase()',
    'fact.slice(0, equals)',
  ),
  'sizes of facts are digits': takeOut(
    'A size is digits.',
    MLSD,
    'if (!/^\\d{1,16}$/.test(text)) return null;',
    '',
  ),
  'links known': takeOut(
    'A link is told from a file.',
    MLSD,
    "(LINK.test(type) ? 'link' : 'other')",
    "'file'",
  ),
  'listing capped': takeOut('A listing has at most 40 MiB.', LIST, 'bytes > MAX_LISTING_BYTES ||', ''),
  'lines capped': takeOut('A listing has at most 500,000 lines.', LIST, '|| lines > MAX_LISTING_LINES', ''),
  'listing whole': takeOut(
    'A listing ends with the end of a line.',
    LIST,
    'if (bytes > 0 && chunks.at(-1)?.at(-1) !== LINE_END) throw listingCut(folder);',
    '',
  ),
  'listing in time': takeOut(
    'A listing is whole within thirty idle times.',
    LIST,
    'if (performance.now() - startedAt > timeMs) throw listingTooSlow(folder, timeMs);',
    '',
  ),
  'empty is empty': takeOut(
    'A folder that is said to be empty is.',
    LIST,
    'if (bytes === 0 && EMPTY_FOLDER.test(words) && session.channel.usable) {',
    'if (bytes < 0) {',
  ),
  'empty looked into': takeOut(
    'A folder that is listed with nothing is entered.',
    LIST,
    'if (bytes === 0 && !machineReadable) await enterFolder(session, folder, remote);',
    '',
  ),
  'entering is a yes': takeOut(
    'A folder was entered when the server says 250, or 200.',
    LIST,
    'if (reply.code === 250 || reply.code === 200) return;',
    'if (reply.code < 300) return;',
  ),
  'absence seen twice': takeOut(
    'Where only a listing says that a file is not there, two of them have to.',
    'ftps/file-commands.ts',
    'times < 2;',
    'times < 1;',
  ),
  'lines of facts capped': takeOut(
    'A line of a listing has at most 16,384 characters.',
    MLSD,
    'if (row.length > MAX_ROW_LENGTH) {',
    'if (row.length < 0) {',
  ),
  'lines judged first': takeOut(
    'A line of LIST is short, and one line to every expression that reads it.',
    PLAIN,
    'isOneLine(row) ? readRow(row) : null',
    'readRow(row)',
  ),
  'unknown forms told': takeOut(
    'A listing in no known form is an error.',
    PLAIN,
    'if (unread > MAX_UNREAD || (unread > 0 && read === 0)) {',
    'if (unread < 0) {',
  ),
  'unread lines told': takeOut(
    'A line in no known form is told.',
    PLAIN,
    "refuseName(listing, row, 'the line is in no known form');",
    '',
  ),
} satisfies Record<string, Defence>;
