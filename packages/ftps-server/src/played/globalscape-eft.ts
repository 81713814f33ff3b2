import { features, playPart, type PlayedServer } from './played-server.js';

/** Globalscape EFT. What it recognises without doing it is answered with 202, which is no yes. */
export const globalscapeEft: PlayedServer = {
  name: 'Globalscape EFT',
  sources: [
    'Commands, and 202 for those that are only recognised: Globalscape knowledge base 10382, Which FTP Commands are Supported by EFT Server?, https://kb.globalscape.com/Knowledgebase/10382/Which-FTP-Commands-are-Supported-by-EFT-Server; FEAT is made of what was read there, with SIZE, REST STREAM and UTF8 assumed',
    'MLSD, MLST: EFT 6.3 help, FTP Commands Supported by EFT Server, https://hstechdocs.helpsystems.com/manuals/globalscape/archive/eft6-3/mergedprojects/eft/ftpcommandssupportedbyserver.htm',
    'Greeting: FluentFTP, GlobalScapeEFT handler',
  ],
  modes: ['explicit', 'implicit'],
  sessionReuse: 'not required',
  script: () =>
    playPart({
      commands: {
        CONNECT: '220 EFT Server Enterprise 7.4.5.6',
        FEAT: features(
          'Extensions supported:',
          [
            'AUTH TLS',
            'PBSZ',
            'PROT',
            'CCC',
            'CLNT',
            'COMB target;source_list',
            'EPRT',
            'EPSV',
            'MDTM',
            'SIZE',
            'REST STREAM',
            'MLST type*;size*;modify*;',
            'UTF8',
          ],
          'END',
        ),
      },
      unknown: {
        verbs: ['ACCT', 'SMNT', 'MFMT', 'HASH', 'XSHA256'],
        answer: () => '202 Command not implemented, superfluous at this site.',
      },
    }),
};
