import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { features, findFile, playPart, type PlayedServer } from './played-server.js';

/** SolarWinds Serv-U. Its answer to EPSV ends with a full stop; it computes CRC32 (XCRC), of a part of a file too. */
export const servU: PlayedServer = {
  name: 'Serv-U',
  sources: [
    'CCC, CLNT, MLST, XCRC, SSCN: Serv-U help, Extensions to FTP Supported by Serv-U, http://www.serv-u.com/Help/serv_u_help/additional_ftp_commands_supported_by_serv_u.htm; FEAT is made of what is listed there (SIZE, MDTM and REST STREAM are of the same draft as MLST), with UTF8 assumed',
    'The full stop behind 229, seen in 15.1.3.3: aioftp issue 69, https://github.com/aio-libs/aioftp/issues/69',
    'Greeting as WinSCP recognises it: source/core/FtpFileSystem.cpp; 331 and 230 as in logs of 15.1',
  ],
  modes: ['explicit', 'implicit'],
  sessionReuse: 'not required',
  script: (root) =>
    playPart({
      commands: {
        CONNECT: '220 Serv-U FTP Server v15.1 ready...',
        FEAT: features(
          'Extensions supported',
          [
            'AUTH TLS',
            'SSCN',
            'PBSZ',
            'PROT',
            'CCC',
            'CLNT',
            'XCRC filename;start;end',
            'SIZE',
            'MDTM',
            'REST STREAM',
            'MLST type*;size*;modify*;',
            'UTF8',
          ],
          'End',
        ),
        async XCRC(turn) {
          const [, path = '', start = '0', end] =
            /^("[^"]*"|\S+)(?: (\d+))?(?: (\d+))?$/.exec(turn.argument) ?? [];
          const bytes = await readFile(await findFile(root, path));
          const value = crc32(bytes.subarray(Number(start), end === undefined ? undefined : Number(end)));
          await turn.send(`250 ${value.toString(16).toUpperCase()}\r\n`);
        },
      },
      replies: {
        'USER 331': '331 User name okay, need password.',
        'PASS 230': '230 User logged in, proceed.',
        'EPSV 229': async (turn) => {
          await turn.send(String(turn.reply?.bytes).replace(/\)\r\n$/, ').\r\n'));
        },
        'RETR 226': '226 Transfer complete. 70 bytes transferred. 0.07 KB/sec.',
        'STOR 226': '226 Transfer complete. 70 bytes transferred. 0.07 KB/sec.',
      },
      unknown: {
        verbs: ['HASH', 'XSHA256', 'MFMT'],
        answer: (verb) => `500 '${verb}': command not understood.`,
      },
    }),
};
