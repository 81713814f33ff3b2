import { features, playPart, type PlayedServer } from './played-server.js';

/**
 * AWS Transfer Family. Explicit FTPS, passive mode, PROT P and binary only; of the commands that could go on in the
 * middle of a file, neither REST nor APPE is on its list. TlsSessionResumptionMode is ENFORCED unless set otherwise.
 */
export const awsTransfer: PlayedServer = {
  name: 'AWS Transfer Family',
  sources: [
    'Modes, PROT, list of commands, UTF-8 names: AWS Transfer Family user guide, Transferring files over a server endpoint using a client, https://docs.aws.amazon.com/transfer/latest/userguide/transfer-file.html; FEAT is made of what was read there, with SIZE and UTF8 assumed, and the words are ours',
    'Resumption DISABLED, ENABLED or ENFORCED: API reference, ProtocolDetails, https://docs.aws.amazon.com/transfer/latest/userguide/API_ProtocolDetails.html',
  ],
  modes: ['explicit'],
  sessionReuse: 'configurable',
  script: () =>
    playPart({
      commands: {
        FEAT: features(
          'Features:',
          [
            'AUTH TLS',
            'EPSV',
            'LANG',
            'MDTM',
            'MFMT',
            'MLST type*;size*;modify*;',
            'PBSZ',
            'PROT',
            'SIZE',
            'UTF8',
          ],
          'End',
        ),
      },
      unknown: {
        verbs: ['REST', 'APPE', 'ALLO', 'SITE', 'CLNT', 'HASH', 'XSHA256'],
        answer: () => '502 Command not implemented',
      },
    }),
};
