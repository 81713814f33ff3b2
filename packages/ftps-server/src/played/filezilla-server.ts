import { features, playPart, type PlayedServer } from './played-server.js';

/**
 * FileZilla Server 1.x. A data connection that does not resume the TLS session is refused after 150, with 425, and no
 * setting changes that; an upload without close_notify is refused (as the practice partner does it).
 */
export const fileZillaServer: PlayedServer = {
  name: 'FileZilla Server 1.x',
  sources: [
    'Greeting, 234: log of FileZilla Server 1.9.4 in FluentFTP issue 1711, https://github.com/robinrodricks/FluentFTP/issues/1711',
    '331, FEAT: log in FluentFTP issue 1270, https://github.com/robinrodricks/FluentFTP/issues/1270',
    '230, 150, 226: sessions with 1.10.3 and 1.10.4',
    'TLS session of data connection not resumed: vscode-sftp issue 506, https://github.com/Natizyskunk/vscode-sftp/issues/506, and FluentFTP issue 948',
    'close_notify in both directions: FileZilla wiki, TLS specifications, https://wiki.filezilla-project.org/TLS_specifications',
  ],
  modes: ['explicit', 'implicit'],
  sessionReuse: 'required',
  script: () => {
    const transfers = ['LIST', 'MLSD', 'RETR', 'STOR', 'APPE'].flatMap((verb) => [
      [`${verb} 150`, '150 About to start data transfer.'],
      [`${verb} 226`, '226 Operation successful'],
      [`${verb} 522`, '425 Unable to build data connection: TLS session of data connection not resumed.'],
    ]);
    return playPart({
      commands: {
        CONNECT: ['220-FileZilla Server 1.9.4', '220 Please visit https://filezilla-project.org/'],
        FEAT: features(
          'Features:',
          [
            'MDTM',
            'REST STREAM',
            'SIZE',
            'MLST type*;size*;modify*;perm*;',
            'MLSD',
            'AUTH SSL',
            'AUTH TLS',
            'PROT',
            'PBSZ',
            'UTF8',
            'TVFS',
            'EPSV',
            'EPRT',
            'MFMT',
          ],
          'End',
        ),
      },
      replies: {
        ...Object.fromEntries(transfers),
        'AUTH 234': '234 Using authentication type TLS.',
        'USER 331': '331 Please, specify the password.',
        'PASS 230': '230 Login successful.',
      },
    });
  },
};
