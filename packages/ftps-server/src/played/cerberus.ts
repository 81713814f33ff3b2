import { features, playPart, type PlayedServer } from './played-server.js';

/** Cerberus FTP Server with MLST switched off, which is one of its settings: nothing but LIST, SIZE and MDTM is left. */
export const cerberus: PlayedServer = {
  name: 'Cerberus',
  sources: [
    'Greeting as WinSCP recognises it: source/core/FtpFileSystem.cpp',
    'That MLST is a switch: the administrator’s guides of Cerberus FTP Server 8 to 11; no list of FEAT was found, so what is left is that of RFC 3659 without MLST',
  ],
  modes: ['explicit', 'implicit'],
  sessionReuse: 'not required',
  script: () =>
    playPart({
      commands: {
        CONNECT: ['220-Welcome to Cerberus FTP Server', '220 Created by Cerberus, LLC'],
        FEAT: features(
          'Features:',
          ['AUTH TLS', 'PBSZ', 'PROT', 'SIZE', 'MDTM', 'REST STREAM', 'UTF8'],
          'End',
        ),
      },
      unknown: {
        verbs: ['MLSD', 'MLST', 'MFMT', 'HASH', 'XSHA256'],
        answer: () => '502 Command not implemented',
      },
    }),
};
