import { access } from 'node:fs/promises';
import { features, findFile, playPart, type PlayedServer } from './played-server.js';
import { relist, twoDigits } from './relisted-line.js';

/**
 * Microsoft IIS, FTP 7.5 to 10. No MLSD, the DOS form of LIST; AUTH SSL means AUTH TLS; a name that is taken is not
 * given to another file; after an upload it waits for the client to close and sends no close_notify.
 */
export const iis: PlayedServer = {
  name: 'IIS',
  sources: [
    'Greeting, 230, 331, FEAT, OPTS, 215: logs in FluentFTP issues 179 and 1541, https://github.com/robinrodricks/FluentFTP/issues/179',
    'AUTH SSL is taken for AUTH TLS: [MS-FTPS] 3.1.5, AUTH SSL Message Handling, https://docs.microsoft.com/openspecs/windows_protocols/ms-ftps/bfcce201-a280-418d-88fc-db167a174c7c',
    '550 for a rename onto a name that exists: jsftp issue 290, https://github.com/sergi/jsftp/issues/290',
    '125, 226, the DOS form of LIST: sessions with Microsoft FTP Service',
    'No MLSD: CoreFTP issue 2, https://github.com/sparkeh9/CoreFTP/issues/2',
    'No close_notify after an upload: curl issues 17130, 14843 and 15300',
  ],
  modes: ['explicit', 'implicit'],
  sessionReuse: 'not required',
  script: (root) => ({
    ...playPart({
      commands: {
        CONNECT: '220 Microsoft FTP Service',
        FEAT: features(
          'Extended features supported:',
          [
            'LANG EN*',
            'UTF8',
            'AUTH TLS;TLS-C;SSL;TLS-P;',
            'PBSZ',
            'PROT C;P;',
            'CCC',
            'HOST',
            'SIZE',
            'MDTM',
            'REST STREAM',
          ],
          'END',
        ),
        SYST: '215 Windows_NT',
        async RNTO(turn) {
          const isTaken = await findFile(root, turn.argument)
            .then(access)
            .then(
              () => true,
              () => false,
            );
          if (isTaken) await turn.send('550 Cannot create a file when that file already exists. \r\n');
          else await turn.runDefault();
        },
      },
      replies: {
        'USER 331': '331 Password required',
        'PASS 230': '230 User logged in.',
        'OPTS 200': '200 OPTS UTF8 command successful - UTF8 encoding now ON.',
        ...Object.fromEntries(
          ['LIST', 'RETR', 'STOR', 'APPE'].flatMap((verb) => [
            [`${verb} 150`, '125 Data connection already open; Transfer starting.'],
            [`${verb} 226`, '226 Transfer complete.'],
          ]),
        ),
      },
      unknown: {
        verbs: ['MLSD', 'MLST', 'MFMT', 'HASH', 'XSHA256', 'CLNT'],
        answer: () => '500 Command not understood.',
      },
      list: relist(({ isFolder, sizeBytes, month, day, timeOrYear, name }) => {
        const [hour = 0, minute = 0] = timeOrYear.includes(':') ? timeOrYear.split(':').map(Number) : [];
        const year = timeOrYear.includes(':') ? new Date().getUTCFullYear() : Number(timeOrYear);
        const time = `${twoDigits(hour % 12 || 12)}:${twoDigits(minute)}${hour < 12 ? 'AM' : 'PM'}`;
        const size = isFolder ? '<DIR>         ' : String(sizeBytes).padStart(20);
        return `${twoDigits(month)}-${twoDigits(day)}-${twoDigits(year % 100)}  ${time} ${isFolder ? '      ' : ''}${size} ${name}`;
      }),
    }),
    onDataOpen: (_session, verb) => (verb === 'STOR' || verb === 'APPE' ? { answersEnd: false } : undefined),
  }),
};
