import { describe, expect, test } from '@jest/globals';
import { ftpCommand } from './ftp-commands.js';

const isAllowed = (text: string): boolean => ftpCommand.safeParse(text).success;

describe('commands of an endpoint', () => {
  test.each([
    'SITE RECFM=FB',
    'site recfm=fb lrecl=80 BLKSIZE=27920 PRIMARY=5 SECONDARY=5 TRACKS',
    'SITE SBDATACONN=(IBM-1047,UTF-8)',
    'SITE FILETYPE=SEQ NOTRUNCATE NORDW',
    'SITE UNIT=SYSDA VOLUME=(VOL001,VOL002) DATACLASS=DC#1',
    'SITE NAMEFMT 1',
    'SITE LISTFMT 1',
    'SITE UMASK 027',
    'SITE UMASK 0027',
    'SITE CHMOD 640 /in/report 1.csv',
    'SITE CHMOD 640 report..1.csv',
    'ALLO 1000000',
    'CLNT Waybill',
    'NOOP',
    'PWD',
    'STAT',
    'SYST',
  ])('%s may be sent', (text) => expect(isAllowed(text)).toBe(true));

  test.each([
    'SITE EXEC rm -rf /',
    'SITE CPFR /etc/passwd',
    'SITE',
    'SITE HELP',
    // Jobs and queries, also as one of several parameters.
    'SITE FILETYPE=JES',
    'SITE RECFM=FB FILETYPE=JES',
    'SITE FILETYPE=SQL',
    'SITE JESINTERFACELEVEL=2',
    'SITE TRUNCATE',
    'SITE RECFM=FB;EXEC',
    'SITE RECFM',
    'SITE LRECL=80 EXEC',
    'SITE VOLUME=(A,B',
    'SITE CHMOD 777 ../x',
    'SITE CHMOD 777 a/../../x',
    'SITE CHMOD 777 ..',
    'SITE CHMOD 777 /a\\..\\b',
    'SITE CHMOD 4755 /in/x',
    'SITE CHMOD 640',
    'SITE CHMOD 640 -R ..',
    'SITE UMASK 4022',
    'HOST other.example',
    'DELE x',
    'STOR x',
    'USER root',
    'TYPE A',
    'PORT 1,2,3,4,5,6',
    'CCC',
    'PROT C',
    'REIN',
    'QUIT',
    'STAT /etc',
    'NOOP\r\nDELE x',
    'PWD\nDELE x',
    'CLNT a\r\nDELE x',
    'SITE UMASK 022\0',
    'SITE CHMOD 640 a\rb',
    'CLNT a\u2028b',
    'CLNT a\u010ddele',
    'ＮＯＯＰ',
    'SITE\u00a0UMASK 022',
    `CLNT ${'a'.repeat(200)}`,
  ])('%j may not be sent', (text) => expect(isAllowed(text)).toBe(false));

  test('blanks round a command are no part of it', () => {
    expect(ftpCommand.parse('  NOOP \n')).toBe('NOOP');
  });

  test('a long one that is none costs no time', () => {
    const startedAt = performance.now();
    for (const text of [
      `SITE ${'RECFM=F '.repeat(24)}!`,
      `SITE CHMOD 640 ${'a/'.repeat(90)}\u00e9`,
      `SITE ${'VOLUME=(A,A) '.repeat(14)}`,
    ])
      isAllowed(text);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
