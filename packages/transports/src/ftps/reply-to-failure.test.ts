import { describe, expect, test } from '@jest/globals';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { type RefusedCommand, type Reply, kindOfReply, replyToFailure } from './reply-to-failure.js';

const LISTING: RefusedCommand = { step: 'list', action: 'list /', bare550: 'not_found' };
const WRITING: RefusedCommand = { step: 'transfer', action: 'write a', bare550: 'permission_denied' };

const replyOf = (message: string): Reply => ({ code: Number(message.slice(0, 3)), message });

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
    expect(kindOfReply(replyOf(message), { step, bare550 })).toBe(kind);
  });

  test('is told in clean words with what to do', () => {
    const reply = replyOf(`550-Go\u001b[2Jaway\n550 ${'x'.repeat(5000)}`);
    const error = replyToFailure(reply, { step: 'transfer', action: 'read /a', bare550: 'not_found' });
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
    const reply = replyOf(message);
    const error = replyToFailure(reply, { ...WRITING, resumptionOff: true });
    expect(error.kind).toBe('setting_refused');
    expect(error.message).toMatch(/TLS session resumption set to off: set it to preferred\.$/);
    expect(replyToFailure(reply, WRITING).message).not.toContain('set to off');
  });

  test.each(['522 Data connections must be encrypted.', '521 PROT P required', '534 Policy requires SSL'])(
    'an endpoint with files in the clear is told of that setting: %s',
    (message) => {
      const reply = replyOf(message);
      const error = replyToFailure(reply, { ...LISTING, inClear: true });
      expect(error.kind).toBe('setting_refused');
      expect(error.message).toMatch(/set its protection of files to encrypted \(PROT P\)\.$/);
      expect(replyToFailure(reply, LISTING).message).not.toContain('in the clear');
    },
  );

  test.each([
    ['425 Cannot open data connection', 'connection_lost'],
    ['450 Cannot resume the file: it is busy', 'server_busy'],
    ['450 Another session has the file', 'server_busy'],
  ])('what has nothing to do with resumption of TLS is not put down to it: %s', (message, kind) => {
    expect(replyToFailure(replyOf(message), { ...LISTING, resumptionOff: true }).kind).toBe(kind);
  });

  test('a connection that broke off is not called a refusal', () => {
    const error = replyToFailure(replyOf('426 Failure reading network stream.'), WRITING);
    expect(error.message).toMatch(
      /^The server could not write a: “426 Failure reading network stream\.” If it/,
    );
  });
});
