import { describe, expect, test } from '@jest/globals';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { FTPContext } from 'basic-ftp';
import { createDialogue } from './dialogue.js';
import { parseFtpInstant, parseMlsd, parseMlst, parseSize } from './parse-mlsd.js';
import { parsePlainList } from './parse-plain-list.js';
import { parseEpsvPort, parsePasvTarget } from './passive.js';
import { kindOfReply, replyToFailure } from './reply-to-failure.js';
import { guardReplies } from './split-reply-guard.js';

describe('passive replies', () => {
  test.each([
    ['229 Entering Extended Passive Mode (|||6446|)', 6446],
    ['229 ok (!!!1!)', 1],
    ['229 ok (|||65535|)', 65_535],
    ['229 ok (|||0|)', null],
    ['229 ok (|||65536|)', null],
    ['229 ok (|||-21|)', null],
    ['229 ok (|||12x|)', null],
    ['229 ok (||!6446|)', null],
    ['229 ok |||6446|', null],
    ['229', null],
  ])('EPSV %j gives %j', (reply, port) => expect(parseEpsvPort(reply)).toBe(port));

  test.each([
    ['227 Entering Passive Mode (192,168,1,2,10,229)', 2789],
    ['227 Entering Passive Mode 192,168,1,2,10,229', 2789],
    ['227 ok (1,2,3,4,0,0)', null],
    ['227 ok (1,2,3,4,256,1)', null],
    ['227 ok (1,2,3,4,5)', null],
    ['227 ok (1,2,3,4,1,2', 258],
    ['227', null],
  ])('PASV %j gives %j', (reply, port) => expect(parsePasvTarget(reply)?.port ?? null).toBe(port));

  test('a long answer costs no time', () => {
    const started = performance.now();
    parsePasvTarget(`227 ${'1,'.repeat(30_000)}`);
    parseEpsvPort(`229 ${'('.repeat(60_000)}`);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('facts', () => {
  test.each([
    ['20260228123456', '2026-02-28T12:34:56.000Z'],
    ['20260228123456.789', '2026-02-28T12:34:56.789Z'],
    ['20260228123456.7', '2026-02-28T12:34:56.700Z'],
    ['20261231235960', '2026-12-31T23:59:59.000Z'],
    ['20260230123456', null],
    ['20261301000000', null],
    ['99999999999999', null],
    ['00000101000000', null],
    ['00010101000000', '0001-01-01T00:00:00.000Z'],
    ['2026-02-28', null],
    ['', null],
  ])('the instant %j is %j', (text, iso) => expect(parseFtpInstant(text)?.toISOString() ?? null).toBe(iso));

  test.each([
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740993', null],
    ['-1', null],
    ['1e3', null],
    ['0x10', null],
    ['', null],
  ])('the size %j is %j', (text, size) => expect(parseSize(text)).toBe(size));

  test('of a name with spaces and semicolons are split from it at the first space', () => {
    const { entries } = parseMlsd('type=file;size=1; a; b=c d \r\n', '/in');
    expect(entries).toMatchObject([{ name: 'a; b=c d ', path: '/in/a; b=c d ', sizeBytes: 1 }]);
  });

  test('of one file come from the indented line of MLST', () => {
    const reply = '250-Listing /in/a\n Type=file;Size=3;Modify=20260101000000; /in/a\n250 End';
    expect(parseMlst(reply, '/in/a')).toMatchObject({ name: 'a', kind: 'file', sizeBytes: 3 });
    expect(parseMlst('250 nothing', '/in/a')).toBeNull();
  });

  test('of ten thousand bad names are counted, not piled up', () => {
    const listing = parseMlsd('type=file; a/b\n'.repeat(10_000), '/');
    expect(listing.refused).toHaveLength(100);
  });
});

describe('plain listings', () => {
  test('in Unix and DOS form give names and sizes, and no times', () => {
    const unix = '-rw-r--r--   1 u g   1234 Jan  1 12:00 a file.txt\ndrwxr-xr-x 2 u g 4096 Jan 1 2025 in\n';
    expect(parsePlainList(unix, '/').entries).toMatchObject([
      { name: 'a file.txt', kind: 'file', sizeBytes: 1234, modifiedAt: null },
      { name: 'in', kind: 'folder' },
    ]);
    const dos = '01-01-26  12:00PM               1234 a.txt\r\n01-01-26  12:00PM       <DIR>          in\r\n';
    expect(parsePlainList(dos, '/').entries).toMatchObject([
      { name: 'a.txt', kind: 'file', sizeBytes: 1234 },
      { name: 'in', kind: 'folder' },
    ]);
    expect(parsePlainList('', '/').entries).toEqual([]);
  });

  test('in DOS form keep spaces before and after a name, with years of two and four digits and both clocks', () => {
    const rows = [
      '11-20-26  05:03PM                    3  spaced.csv ',
      '11-20-2026  17:03       <DIR>           spaced folder',
      '11-20-26  05:03PM       <JUNCTION>     linked',
      '11-20-26  05:03PM                    3 <DIR>',
    ];
    expect(parsePlainList(rows.join('\r\n'), '/').entries).toMatchObject([
      { name: ' spaced.csv ', kind: 'file', sizeBytes: 3 },
      { name: ' spaced folder', kind: 'folder' },
      { name: 'linked', kind: 'folder' },
      { name: '<DIR>', kind: 'file', sizeBytes: 3 },
    ]);
  });

  test('name the lines that cannot be read, wherever they stand', () => {
    const lines = [
      'total 24',
      'drwxr-xr-x 2 u g 4096 Jan 1 2025 .',
      'drwxr-xr-x 2 u g 4096 Jan 1 2025 ..',
      '-rw-r--r--   1 u g        5 Nov 20 10:00:00 2026 lost.csv',
      '-rw-r--r--   1 u g        5 Nov 20 10:00 good.csv',
      'lrwxrwxrwx   1 u g        5 Nov 20 10:00 link -> good.csv',
      ' what.csv',
      '-rw-r--r--   1 u g        5 Nov 20 10:00 good too.csv',
      '-rw-r--r--   1 u g     five Nov 20 10:00 last.csv',
    ];
    const listing = parsePlainList(lines.join('\r\n'), '/');
    expect(listing.entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['good.csv', 'file'],
      ['link', 'link'],
      ['good too.csv', 'file'],
    ]);
    expect(listing.refused.map(({ shownAs }) => shownAs)).toEqual([lines[3], lines[6], lines[8]]);
    expect(listing.refused[0]?.why).toBe('the line is in no known form');
  });

  test('of very many lines that cannot be read cost little time', () => {
    const text = '-rw-r--r--   1 u g        5 Nov 20 10:00 good.csv\n' + 'what is this\n'.repeat(499_999);
    const started = performance.now();
    expect(() => parsePlainList(text, '/')).toThrow(/MLSD/);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('in an unknown form are an error with advice', () => {
    expect(() => parsePlainList('what is this\nand this\n', '/')).toThrow(/MLSD/);
  });
});

describe('a refusal', () => {
  const cases: [string, 'transfer' | 'login', 'not_found' | 'permission_denied', FailureKind][] = [
    ['530 Login incorrect.', 'login', 'permission_denied', 'login_refused'],
    ['430 Invalid username or password', 'login', 'permission_denied', 'login_refused'],
    ['421 Too many connections', 'login', 'permission_denied', 'server_busy'],
    // ProFTPD, MaxClientsPerUser
    [
      '530 Sorry, the maximum number of clients (2) for this user already connected.',
      'login',
      'permission_denied',
      'server_busy',
    ],
    [
      '530 Sorry, the maximum number of connections (4) for your host are already connected.',
      'login',
      'permission_denied',
      'server_busy',
    ],
    // Pure-FTPd
    [
      "530 I can't accept more than 5 connections as the same user",
      'login',
      'permission_denied',
      'server_busy',
    ],
    // Gene6, WU-FTPD, Serv-U, Titan
    ['530 Too many users logged in with this account', 'login', 'permission_denied', 'server_busy'],
    ['530 User x access denied: too many users in your class', 'login', 'permission_denied', 'server_busy'],
    ['530 Not logged in, user has exceeded concurrent sessions', 'login', 'permission_denied', 'server_busy'],
    ['530 Maximum login limit has been reached.', 'login', 'permission_denied', 'server_busy'],
    ['530 You are already logged in', 'login', 'permission_denied', 'server_busy'],
    ['530 Too many connections', 'transfer', 'permission_denied', 'server_busy'],
    ['530 Please login with USER and PASS.', 'transfer', 'permission_denied', 'connection_lost'],
    ['532 Need account for storing files', 'transfer', 'permission_denied', 'permission_denied'],
    // These count against the account: to try again makes them worse.
    ['530 Too many failed logins', 'login', 'permission_denied', 'login_refused'],
    ['530 Too many login attempts from this client', 'login', 'permission_denied', 'login_refused'],
    [
      '530 Maximum number of authentication failures of user reached',
      'login',
      'permission_denied',
      'login_refused',
    ],
    ['530 Account locked: more than 3 bad logins', 'login', 'permission_denied', 'login_refused'],
    ['530 Maximum password age of this user exceeded', 'login', 'permission_denied', 'login_refused'],
    ['451 Local error', 'login', 'permission_denied', 'server_error'],
    ['550 No such file or directory', 'transfer', 'permission_denied', 'not_found'],
    ['550 Failed to open file.', 'transfer', 'permission_denied', 'permission_denied'],
    ['550 Failed to open file.', 'transfer', 'not_found', 'not_found'],
    ['550 Permission denied.', 'transfer', 'not_found', 'permission_denied'],
    ['553 Could not create file.', 'transfer', 'permission_denied', 'permission_denied'],
    ['553 Illegal file name', 'transfer', 'permission_denied', 'name_refused'],
    ['550 File already exists', 'transfer', 'permission_denied', 'target_exists'],
    ['552 Quota exceeded', 'transfer', 'permission_denied', 'target_full'],
    ['452 No space left on device', 'transfer', 'permission_denied', 'target_full'],
    ['451 Disk full', 'transfer', 'permission_denied', 'target_full'],
    ['451 Read error', 'transfer', 'permission_denied', 'server_error'],
    ['425 Cannot open data connection', 'transfer', 'permission_denied', 'connection_lost'],
    ['426 Aborted', 'transfer', 'permission_denied', 'connection_lost'],
    ['421 Timeout', 'transfer', 'permission_denied', 'server_busy'],
    ['450 File busy', 'transfer', 'permission_denied', 'server_busy'],
    [
      '522 SSL connection failed; session reuse required',
      'transfer',
      'permission_denied',
      'protection_refused',
    ],
    ['500 Unknown command', 'transfer', 'permission_denied', 'protocol_error'],
    ['501 No such directory.', 'transfer', 'permission_denied', 'not_found'],
    ['599 Whatever', 'transfer', 'permission_denied', 'server_error'],
  ];
  test.each(cases)('%j at %s, bare %s, is %s', (message, step, bare550, kind) => {
    expect(kindOfReply({ code: Number(message.slice(0, 3)), message }, { step, bare550 })).toBe(kind);
  });

  test('is told in clean words with what to do', () => {
    const message = `550-Go\u001b[2Jaway\n550 ${'x'.repeat(5000)}`;
    const error = replyToFailure(
      { code: 550, message },
      { step: 'transfer', action: 'read /a', bare550: 'not_found' },
    );
    expect(error.message).toMatch(
      /^The server refused to read \/a: “550-Go\\u\{1b\}\[2Jaway 550 x+…”\. Check the path/,
    );
    expect(error.message.length).toBeLessThan(450);
  });

  test.each([
    [
      '522 SSL connection failed; session reuse required: see require_ssl_reuse option in vsftpd.conf man page',
    ],
    ['425 Unable to build data connection: TLS session of data connection not resumed.'],
    ['425 Unable to build data connection: Operation not permitted'],
    [
      '450 TLS session of data connection has not resumed or the session does not match the control connection',
    ],
  ])('an endpoint that resumes no TLS session is told of that setting: %s', (message) => {
    const reply = { code: Number(message.slice(0, 3)), message };
    const command = { step: 'transfer', action: 'write a', bare550: 'permission_denied' } as const;
    const error = replyToFailure(reply, { ...command, resumptionOff: true });
    expect(error.kind).toBe('setting_refused');
    expect(error.message).toMatch(/TLS session resumption set to off: set it to preferred\.$/);
    expect(replyToFailure(reply, command).message).not.toContain('set to off');
  });

  test.each(['522 Data connections must be encrypted.', '521 PROT P required', '534 Policy requires SSL'])(
    'an endpoint with files in the clear is told of that setting: %s',
    (message) => {
      const reply = { code: Number(message.slice(0, 3)), message };
      const command = { step: 'list', action: 'list /', bare550: 'not_found' } as const;
      const error = replyToFailure(reply, { ...command, inClear: true });
      expect(error.kind).toBe('setting_refused');
      expect(error.message).toMatch(/set its protection of files to encrypted \(PROT P\)\.$/);
      expect(replyToFailure(reply, command).message).not.toContain('in the clear');
    },
  );

  test.each([
    ['425 Cannot open data connection', 'connection_lost'],
    ['450 Cannot resume the file: it is busy', 'server_busy'],
    ['450 Another session has the file', 'server_busy'],
  ])('what has nothing to do with resumption of TLS is not put down to it: %s', (message, kind) => {
    const reply = { code: Number(message.slice(0, 3)), message };
    const command = { step: 'list', action: 'list /', bare550: 'not_found', resumptionOff: true } as const;
    expect(replyToFailure(reply, command).kind).toBe(kind);
  });

  test('a connection that broke off is not called a refusal', () => {
    const reply = { code: 426, message: '426 Failure reading network stream.' };
    const error = replyToFailure(reply, {
      step: 'transfer',
      action: 'write a',
      bare550: 'permission_denied',
    });
    expect(error.message).toMatch(
      /^The server could not write a: “426 Failure reading network stream\.” If it/,
    );
  });
});

describe('the reply guard', () => {
  /** What is told when these chunks arrive one by one. */
  function repliesFor(chunks: string[]): string[] {
    const ftp = new FTPContext();
    const got: string[] = [];
    guardReplies(ftp, { onReply: ({ message }) => got.push(message), onFault: () => got.push('fault') });
    const internals = ftp as unknown as { _onControlSocketData(chunk: string): void };
    for (const chunk of chunks) internals._onControlSocketData(chunk);
    return got;
  }

  const whole = '211-Features:\r\n SIZE\r\n MDTM\r\n211 End\r\n';
  test('gives the same reply wherever it is split', () => {
    for (let at = 1; at < whole.length; at += 1) {
      expect(repliesFor([whole.slice(0, at), whole.slice(at)])).toEqual([
        '211-Features:\n SIZE\n MDTM\n211 End',
      ]);
    }
    expect(repliesFor([...'213 1000000\r\n'])).toEqual(['213 1000000']);
  });

  test('gives every reply of a read by itself, also those that nobody waits for', () => {
    const replies = '213 5\r\n250-Listing\r\n213 not an end\r\n250 End\r\n226\r\n550-No\r\n550 Never\r\n';
    const got = ['213 5', '250-Listing\n213 not an end\n250 End', '226', '550-No\n550 Never'];
    expect(repliesFor([replies])).toEqual(got);
    expect(repliesFor([...replies])).toEqual(got);
    const many = Array.from({ length: 1000 }, (_, index) => `200 ${index}`);
    expect(repliesFor([`${many.join('\r\n')}\r\n`])).toEqual(many);
  });

  test('gives nothing more once the connection was given up', () => {
    const ftp = new FTPContext();
    const got: string[] = [];
    guardReplies(ftp, {
      onReply: ({ message }) => {
        got.push(message);
        ftp.closeWithError(new Error('enough'));
      },
      onFault: (fault) => got.push((fault as Error).message),
    });
    const internals = ftp as unknown as { _onControlSocketData(chunk: string): void };
    internals._onControlSocketData('200 a\r\n200 b\r\n');
    expect(got).toEqual(['200 a', 'enough']);
  });
});

describe('the dialogue', () => {
  test('holds no password, whoever says it', () => {
    const dialogue = createDialogue(['hunter2']);
    dialogue.add('us', 'PASS hunter2');
    dialogue.add('us', 'ACCT 4711');
    dialogue.add('server', '530 The password hunter2 is wrong\r\n');
    expect(dialogue.lines().map(({ text }) => text)).toEqual([
      'PASS ****',
      'ACCT ****',
      '530 The password **** is wrong',
    ]);
  });

  test('is clean, and keeps its first and its last lines where there are many', () => {
    const dialogue = createDialogue([]);
    for (let index = 0; index < 5000; index += 1) dialogue.add('server', `200 ${index}\u001b`);
    const lines = dialogue.lines();
    expect(lines[0]?.text).toBe('200 0\\u{1b}');
    expect(lines.at(-1)?.text).toBe('200 4999\\u{1b}');
    const [gap = -1, ...others] = lines.flatMap(({ text }, index) => (text.startsWith('(') ? [index] : []));
    expect(others).toEqual([]);
    const leftOut = 5000 - (lines.length - 1);
    expect(lines[gap]?.text).toMatch(new RegExp(`^\\(${leftOut} lines with \\d+ bytes left out\\)$`));
    expect(lines[gap - 1]?.text).toBe(`200 ${gap - 1}\\u{1b}`);
    expect(lines[gap + 1]?.text).toBe(`200 ${gap + leftOut}\\u{1b}`);
    dialogue.add('server', 'x'.repeat(5000));
    expect(dialogue.lines().at(-1)?.text).toHaveLength(1000);
  });

  test.each(['x', '\u20ac', '\u0000'])('of long lines of %j is kept within 32 KiB', (character) => {
    const dialogue = createDialogue([]);
    for (let index = 0; index < 1000; index += 1) dialogue.add('server', `200 ${character.repeat(1000)}`);
    const bytes = Buffer.byteLength(JSON.stringify(dialogue.lines()));
    expect(bytes).toBeGreaterThan(24 * 1024);
    expect(bytes).toBeLessThan(32 * 1024);
  });
});
