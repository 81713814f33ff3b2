import { describe, expect, test } from '@jest/globals';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { TransportError } from '../transport-error.js';
import type { RefusedCommand } from './reply-to-failure.js';
import { brokenOff } from './transfer-failure.js';

const what: RefusedCommand = { step: 'transfer', action: 'write /a', bare550: 'permission_denied' };
const { signal } = new AbortController();

/** What is told where the socket failed with this, and the server says that a moment later. */
async function told(kind: FailureKind, message: string): Promise<TransportError> {
  const said = new Promise<{ code: number; message: string }>((resolve) => {
    setTimeout(() => resolve({ code: Number(message.slice(0, 3)), message }), 50);
  });
  return brokenOff({ what, signal, reply: said }, new TransportError(kind, 'transfer', 'The socket.'));
}

describe('where the server has its own words for a handshake that failed', () => {
  test.each<[FailureKind, string, FailureKind]>([
    ['tls_failed', '522 SSL connection failed; session reuse required', 'protection_refused'],
    ['tls_failed', '425 Unable to build data connection: Operation not permitted', 'connection_lost'],
    ['client_certificate_refused', '534 Your certificate has expired', 'protection_refused'],
    ['stalled', '552 Quota exceeded', 'target_full'],
  ])('%s is told as “%s”', async (kind, words, as) => {
    const failure = await told(kind, words);
    expect(failure).toMatchObject({ kind: as, message: expect.stringContaining(words) });
  });

  test.each<[FailureKind, string]>([
    ['certificate_untrusted', '522 TLS handshake failed'],
    ['certificate_expired', '425 TLS handshake failed'],
    ['certificate_wrong_host', '426 TLS handshake failed'],
    ['protection_refused', '426 TLS handshake failed'],
    ['stalled', '426 Connection closed'],
    ['tls_failed', '226 Done'],
  ])('%s stays where it says “%s”', async (kind, words) => {
    expect(await told(kind, words)).toMatchObject({ kind, message: 'The socket.' });
  });
});
