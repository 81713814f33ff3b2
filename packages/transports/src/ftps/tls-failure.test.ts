/** What people read of a handshake that failed, where no server of the other tests brings it about. */
import { expect, test } from '@jest/globals';
import { tlsFailure } from './tls-failure.js';

const control = { step: 'tls', channel: 'control connection', identity: 'ftp.example' } as const;
const data = { step: 'transfer', channel: 'data connection', identity: 'ftp.example' } as const;

test('another certificate on the data connection is a question to the partner, and none to be imported', () => {
  const error = Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(tlsFailure(error, control).message).toMatch(/Import the partner's CA, or pin the key/);
  const { kind, message } = tlsFailure(error, data);
  expect(kind).toBe('protection_refused');
  expect(message).toMatch(/^On the data connection: .*Ask the partner why data connections show another/);
  expect(message).not.toContain('Import');
});

test('a server that refuses ALPN is told apart from one that refuses versions and ciphers', () => {
  const error = Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' });
  const { kind, message } = tlsFailure(error, control);
  expect(kind).toBe('setting_refused');
  expect(message).toMatch(/ALPN “ftp”.*not to say that FTP is meant \(ALPN\)\.$/);
});

test('of OpenSSL its reason is told, without lines of its source', () => {
  const message =
    'SSL routines:ssl3_read_bytes:tlsv1 alert insufficient security:../ssl/record.c:9:SSL alert number 71\n';
  const reason = 'tlsv1 alert insufficient security';
  const error = Object.assign(new Error(message), { code: 'ERR_SSL_X', reason });
  expect(tlsFailure(error, control).message).toMatch(
    /^The TLS handshake failed: tlsv1 alert insufficient security\. /,
  );
});
