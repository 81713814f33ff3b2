/** Our own certificate for mutual TLS, checked before it is shown to anybody. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { FtpsEndpoint } from '../endpoint.js';
import { TransportError } from '../transport-error.js';

/**
 * @returns SHA-256 of the certificate in lower-case hex; null where the endpoint has none
 * @throws TransportError `secret_unavailable` where certificate and key cannot be read or do not belong together
 */
export function checkClientCertificate({ clientCertificate: ours }: FtpsEndpoint): string | null {
  if (!ours) return null;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(ours.certificatePem);
    if (!certificate.checkPrivateKey(createPrivateKey(ours.keyPem.reveal())))
      throw new Error('the key is not that of the certificate');
  } catch (error) {
    // What OpenSSL says of a key it could not read holds nothing of the key, but is no help to anybody either.
    const message =
      'The client certificate of the endpoint and its key cannot be read or do not belong together. Import them again.';
    throw new TransportError('secret_unavailable', 'tls', message, { cause: error });
  }
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}
