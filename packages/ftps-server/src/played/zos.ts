import { features, playPart, type PlayedServer } from './played-server.js';

/**
 * z/OS Communications Server with a working directory of z/OS UNIX, and with EXTENSIONS SIZE, MDTM, REST_STREAM and
 * UTF8 in FTP.DATA: without them there is no SIZE, and MVS data sets never have one. The implicit port greets in the
 * clear and then starts TLS (SECUREIMPLICITZOS TRUE, the default). Transfers begin with 125 and end with 250. Names
 * are 7-bit ASCII until LANG asks for UTF-8; the refusal of others is ours, as no document says what happens.
 */
export const zos: PlayedServer = {
  name: 'z/OS',
  sources: [
    'Greeting, 331, 230, FEAT: log of IBM FTP CS V2R3 in FluentFTP issue 677, https://github.com/robinrodricks/FluentFTP/issues/677',
    'EXTENSIONS SIZE, MDTM, UTF8, REST_STREAM; ASCII until LANG: z/OS V2R1 Communications Server, EXTENSIONS statement, https://www.ibm.com/support/knowledgecenter/en/SSLTBW_2.1.0/com.ibm.zos.v2r1.halz001/ftpcasextensions.htm',
    'Order of FEAT and LANG: IP User’s Guide and Commands, UTF-8 enabled control connection, https://www.ibm.com/support/knowledgecenter/en/SSLTBW_2.1.0/com.ibm.zos.v2r1.halu001/utf8div.htm',
    '125 Sending data set, 350: IP and SNA Codes, FTPD reply codes, http://www-01.ibm.com/support/knowledgecenter/SSLTBW_2.1.0/com.ibm.zos.v2r1.cs3cod0/ftpcod.htm',
    '125 Storing data set, 250 Transfer completed: session with IBM FTP CS V1R4; the words of LIST and APPE, and of what is not known, are ours',
    '501 for OPTS: zowe-install-packaging issue 1254, https://github.com/zowe/zowe-install-packaging/issues/1254',
    '215 with STARTDIRECTORY HFS: FluentFTP pull request 810; LIST as in Unix there: pull request 778',
  ],
  modes: ['explicit', 'implicit_zos'],
  sessionReuse: 'not required',
  script: () => {
    const base = playPart({
      commands: {
        CONNECT: [
          '220-FTPD1 IBM FTP CS V2R3 at MVS.EXAMPLE, 17:41:19 on 2021-02-11.',
          '220 Connection will close if idle for more than 5 minutes.',
        ],
        FEAT: features(
          ' Extensions supported',
          ['SIZE', 'MDTM', 'REST STREAM', 'UTF8', 'LANG en*', 'AUTH TLS', 'PBSZ', 'PROT'],
          'End',
        ),
        OPTS: '501 command OPTS aborted -- no options supported for UTF8',
        SYST: '215 UNIX is the operating system of this server. FTP Server is running on z/OS.',
      },
      replies: {
        'USER 331': '331 Send password please.',
        'PASS 230': '230 WAYBILL is logged on.  Working directory is "/u/waybill".',
        'RNFR 350': '350 RNFR accepted. Please supply new name for RNTO.',
        'RETR 150': '125 Sending data set',
        'STOR 150': '125 Storing data set',
        'APPE 150': '125 Appending to data set',
        'LIST 150': '125 List started OK',
        'LIST 226': '250 List completed successfully.',
        ...Object.fromEntries(
          ['RETR', 'STOR', 'APPE'].map((verb) => [`${verb} 226`, '250 Transfer completed successfully.']),
        ),
      },
      unknown: {
        verbs: ['MLSD', 'MLST', 'MFMT', 'HASH', 'XSHA256', 'CLNT'],
        answer: (verb) => `500 unknown command ${verb}`,
      },
    });
    return {
      ...base,
      onCommand(session, verb, argument) {
        if (verb === 'LANG') return '200 - Language is en-US (United States English)';
        const isAscii = /^[ -~]*$/.test(argument) || session.received.some((line) => /^LANG\b/i.test(line));
        return isAscii ? base.onCommand?.(session, verb, argument) : '501 Names are in 7-bit ASCII';
      },
    };
  },
};
