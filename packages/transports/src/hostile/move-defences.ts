/** How files are moved. */
import { takeOut, type Defence } from './defence.js';

const MOVE = 'move-file.ts';
const NAME = 'safe-name.ts';
const RENAME = 'finish-rename.ts';
const REPLY = 'ftps/reply-to-failure.ts';
const TRANSFER = 'ftps/transfer.ts';
const TRANSFER_FAILURE = 'ftps/transfer-failure.ts';
const VERIFY = 'verify-file.ts';

export const moveDefences = {
  'final name untouched': takeOut(
    'Nothing is written under the final name.',
    'copy-bytes.ts',
    '.write(temporaryPath, chunks,',
    ".write(temporaryPath.replace(/[.]waybill-|[.]part$/g, ''), chunks,",
  ),
  'lost answer looked for': takeOut(
    'Where the answer to the rename is lost, a fresh session looks.',
    'finish-rename.ts',
    "if (found !== 'delivered') throw",
    'if (request !== null) throw',
  ),
  'lost confirmation looked for': takeOut(
    'Where the answer to a whole upload is lost, a fresh session compares.',
    'copy-file.ts',
    'if (!isUnanswered(error, request, progress)) throw error;',
    'if (error !== null) throw error;',
  ),
  'size at the target compared': takeOut(
    'The size at the target is compared before the rename.',
    VERIFY,
    'if (there?.sizeBytes !== read.bytes) {',
    'if (there === null) {',
  ),
  'hash compared': takeOut(
    'So is the hash that the server computes.',
    VERIFY,
    'if (said === own) return;',
    'return;',
  ),
  'server’s word wins': {
    says: 'What the server says wins over what the socket says.',
    edits: [
      {
        file: TRANSFER_FAILURE,
        find: 'if (said !== null && said.code >= 300 && !isOurDoing) return replyToFailure(said, what);',
        replace: '',
      },
      {
        file: TRANSFER,
        find: 'interrupt.trip(replyToFailure(final, what));',
        replace: "interrupt.trip(new Error('closed'));",
      },
    ],
  },
  'not complete before the end': takeOut(
    'A final reply before all was sent is a failure.',
    TRANSFER,
    'if (!isAllSent) interrupt.trip(early(what.step));',
    '',
  ),
  'sent on 150 only': takeOut(
    'Nothing is sent before the server agrees.',
    TRANSFER,
    'await withinTime(beginning.promise, idleTimeoutMs, interrupt);',
    '',
  ),
  'handshake waited for': takeOut(
    'A handshake is waited for before anything is sent or ended.',
    'ftps/data-connection.ts',
    'await tls.secured;',
    '',
  ),
  'looked at after the rename': takeOut(
    'It is looked whether the final name holds what was sent.',
    RENAME,
    'const seen = await lookAfterwards(request, moved, progress);',
    "const seen = 'renamed';",
  ),
  'answers to a rename counted': takeOut(
    'Where the final name cannot be seen, a command of its own shows whether the server gave one answer too many.',
    RENAME,
    'if (signal.aborted || (target.usable && left === null)) return otherwise;',
    'if (request !== null) return otherwise;',
  ),
  'older file told from ours': takeOut(
    'It is looked whether the temporary name is gone, as an older file may be just as long.',
    RENAME,
    'await refuseOlder(request, moved, progress);',
    '',
  ),
  'looked at before the rename': takeOut(
    'It is looked whether the final name is still free.',
    MOVE,
    'await refuseExisting(moving);',
    '',
  ),
  'looked at after the removal': takeOut(
    'It is looked whether a temporary file is really gone.',
    'clean-up.ts',
    "if ((await target.stat(path, 'size')) === null) return wasThere;",
    'return wasThere;',
  ),
  'makes way': takeOut(
    'An old file goes first where a server renames over none.',
    RENAME,
    "if (ifExists !== 'replace' || !inTheWay ||",
    'if (ifExists !== null || !inTheWay ||',
  ),
  'own file looked at again': takeOut(
    'A file of our own is looked at when it was read.',
    'local-bytes.ts',
    'if (after.size !== position || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {',
    'if (after.size < 0) {',
  ),
  'part measured': takeOut(
    'What is to be gone on with has to be as long as was told.',
    'ftps/write-file.ts',
    'if (entry?.sizeBytes === startAt) return;',
    'return;',
  ),
  'reset at the end': takeOut(
    'Where nothing is compared, a data connection that was reset is no complete file.',
    TRANSFER,
    'if (underway.isReset && !isCompared(session.endpoint.settings)) throw resetAtEnd();',
    '',
  ),
  'appended where nothing is hashed': takeOut(
    'Where neither a hash nor reading it back is insisted on, a file is gone on with at its end only (APPE).',
    'ftps/write-file.ts',
    ' && findsHoles(session);',
    ';',
  ),
  'busy is no wrong password': takeOut('421 is for another time.', REPLY, '    case 421:', '    case 9421:'),
  '530 read': takeOut(
    'A 530 that speaks of too many sessions is no wrong password.',
    REPLY,
    "if (code === 530 && ALL_TAKEN.test(message) && !AGAINST_US.test(message)) return 'server_busy';",
    '',
  ),
  'lock-out read': takeOut(
    'One that speaks of too many tries is.',
    REPLY,
    ' && !AGAINST_US.test(message)',
    '',
  ),
  'line ends not sent': {
    says: 'What holds a line end is no command and no path.',
    edits: [
      {
        file: 'ftps/control-channel.ts',
        find: 'if (/[\\r\\n\\0]/.test(encoded))',
        replace: 'if (encoded === undefined)',
      },
      {
        file: NAME,
        find: "return 'it contains a control or direction-changing character';",
        replace: 'void name;',
      },
    ],
  },
} satisfies Record<string, Defence>;
