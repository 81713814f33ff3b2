import { playPart, type PlayedServer } from './played-server.js';
import { relist, type RelistedLine, twoDigits } from './relisted-line.js';

const NOT_RECOGNIZED = 'unsuccessful; specified subcommand not recognized.';

/**
 * IBM i (OS/400). It knows neither FEAT nor OPTS, MDTM nor REST; EPSV answers with "!" as the delimiter; the first
 * absolute path changes NAMEFMT, which makes a reply longer; LIST is in a form of its own until SITE LISTFMT 1.
 */
export const ibmI: PlayedServer = {
  name: 'IBM i',
  sources: [
    'Commands (no FEAT, MDTM, REST; SIZE is assumed): IBM i 7.2, FTP server subcommands, https://www.ibm.com/docs/en/i/7.2?topic=information-ftp-server-subcommands-i5os',
    'EPSV with "!": FluentFTP issue 1108, https://github.com/robinrodricks/FluentFTP/issues/1108, and basic-ftp pull request 87',
    '250-NAMEFMT set to 1: i5/OS V5R4, FTP server naming conventions (rzaiqftpconvn); SITE LISTFMT and NAMEFMT: rzaiqsitet',
    'Greeting, 331, 230, 501, 150, 226: sessions with servers of V5R2 and later; greeting also in IBM support document N1016550',
    'The form of LISTFMT 0: the comment on OS/400 listings in the FTP libraries of EnterpriseDT',
  ],
  modes: ['explicit', 'implicit'],
  sessionReuse: 'not required',
  script: () => {
    const asUnix = new WeakSet<object>();
    const relisted = relist(formatLine);
    return playPart({
      commands: {
        CONNECT: ['220-QTCP at as400.example.', '220 Connection will close if idle more than 5 minutes.'],
        SYST: '215  OS/400 is the remote operating system. The TCP/IP version is "V7R4M0".',
        async SITE(turn) {
          if (/^LISTFMT 1$/i.test(turn.argument)) asUnix.add(turn.session);
          await turn.send(
            `250  Now using ${/^NAMEFMT/i.test(turn.argument) ? 'naming' : 'list'} format "1".\r\n`,
          );
        },
      },
      replies: {
        'USER 331': '331 Enter password.',
        'PASS 230': '230 WAYBILL logged on.',
        'TYPE 200': '200 Representation type is binary IMAGE.',
        'STOR 150': '150 Sending file',
        'STOR 226': '226 File transfer completed successfully.',
        'RETR 150': '150 Retrieving file',
        'RETR 226': '250 File transfer completed successfully.',
        'CWD 250': ['250-NAMEFMT set to 1.', '250 Current directory changed.'],
        'EPSV 229': async (turn) => {
          await turn.send(String(turn.reply?.bytes).replaceAll('|', '!'));
        },
      },
      unknown: {
        verbs: ['FEAT', 'OPTS', 'MDTM', 'REST', 'MLSD', 'MLST', 'MFMT', 'HASH', 'XSHA256', 'CLNT'],
        answer: (verb) => `501 ${verb} ${NOT_RECOGNIZED}`,
      },
      list: (session, verb, lines) => (asUnix.has(session) ? lines : relisted(session, verb, lines)),
    });
  },
};

function formatLine({ isFolder, sizeBytes, month, day, timeOrYear, name }: RelistedLine): string {
  const time = timeOrYear.includes(':') ? `${timeOrYear}:00` : '00:00:00';
  const year = timeOrYear.includes(':') ? new Date().getUTCFullYear() : Number(timeOrYear);
  const date = `${twoDigits(day)}/${twoDigits(month)}/${twoDigits(year % 100)}`;
  return `WAYBILL ${String(sizeBytes).padStart(13)} ${date} ${time} ${isFolder ? '*DIR' : '*STMF'} ${name}${isFolder ? '/' : ''}`;
}
