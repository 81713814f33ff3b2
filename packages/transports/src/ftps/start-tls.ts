/** One TLS handshake over an open socket: verified, within a time, with the facts of what came out of it. */
import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { StepName, TlsFacts } from '@waybill/contracts/session-facts.js';
import { cleanText } from '../clean-text.js';
import { cancelledAt, TransportError } from '../transport-error.js';
import { tlsFailure } from './tls-failure.js';

export interface HandshakeLimits {
  timeoutMs: number;
  signal: AbortSignal;
  step: StepName;
  channel: 'control connection' | 'data connection';
  /** The name the certificate is checked against, for the message. */
  identity: string;
  /** Gets every TLS session that the server hands out (TLS 1.3 does so after the handshake). */
  onSession: (session: Buffer) => void;
  /** Gets the server's certificate before it is judged. */
  onCertificate?: (certificate: X509Certificate) => void;
}

export interface StartedTls {
  socket: TLSSocket;
  /** Settles when the handshake is over. Its rejection is a `TransportError`, the socket is destroyed then. */
  secured: Promise<void>;
}

/** Begins a handshake; `socket` is there at once so that it can be destroyed, `secured` says how it went. */
export function startTls(raw: Socket, options: ConnectionOptions, limits: HandshakeLimits): StartedTls {
  const started = watchTls(connect({ ...options, socket: raw }), limits);
  started.secured.catch(() => raw.destroy());
  return started;
}

/** The same for a handshake that the socket began by itself when it was connected, in this turn of the event loop. */
export function watchTls(socket: TLSSocket, limits: HandshakeLimits): StartedTls {
  socket.on('session', limits.onSession);
  // An error between two uses of the socket must not become an uncaught one; the next use will meet it.
  socket.on('error', () => undefined);
  const { onCertificate } = limits;
  if (onCertificate !== undefined) {
    // Ahead of Node's own listener, which judges the certificate and destroys the socket if it is not trusted.
    socket.prependOnceListener('secure', () => {
      // Not getPeerX509Certificate: after it, Node 24 has no certificate left for its own check of the name.
      const { raw: der } = socket.getPeerCertificate();
      if (der !== undefined) onCertificate(new X509Certificate(der));
    });
  }
  const secured = new Promise<void>((resolve, reject) => {
    const settle = (error: TransportError | null): void => {
      clearTimeout(timer);
      limits.signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      socket.off('close', onClose);
      if (error === null) return resolve();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => settle(cancelledAt(limits.step));
    const onError = (error: NodeJS.ErrnoException): void => settle(tlsFailure(error, limits));
    const onClose = (): void =>
      settle(tlsFailure(Object.assign(new Error('closed'), { code: 'ECONNRESET' }), limits));
    const timer = setTimeout(() => {
      const seconds = Math.round(limits.timeoutMs / 1000);
      const message =
        `The server did not finish the TLS handshake of the ${limits.channel} within ${seconds} s. ` +
        (limits.channel === 'control connection'
          ? 'Check whether the port speaks this kind of TLS: explicit is usually 21, implicit 990.'
          : 'If it repeats, ask the partner what the log of the server says.');
      const kind = limits.channel === 'control connection' ? 'tls_failed' : 'stalled';
      settle(new TransportError(kind, limits.step, message));
    }, limits.timeoutMs);
    if (limits.signal.aborted) return onAbort();
    limits.signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.once('secureConnect', () => settle(whyWrongAlpn(socket, limits)));
  });
  secured.catch(() => undefined);
  return { socket, secured };
}

function whyWrongAlpn(socket: TLSSocket, limits: HandshakeLimits): TransportError | null {
  const answer = socket.alpnProtocol;
  if (typeof answer !== 'string' || answer === 'ftp') return null;
  return new TransportError(
    'tls_failed',
    limits.step,
    `The server says that it speaks “${cleanText(answer, 50)}”, not FTP. Check host and port.`,
  );
}

/** What was negotiated. `control` fills in what a resumed session does not show again. */
export function readTlsFacts(socket: TLSSocket, control: TlsFacts | null): TlsFacts {
  // A resumed session is one of the control connection's, and has its certificate: reading it again costs more than it tells.
  const isResumed = socket.isSessionReused();
  const { raw } = isResumed && control !== null ? {} : socket.getPeerCertificate();
  const certificate = raw === undefined ? undefined : new X509Certificate(raw);
  const subject = certificate?.subject?.replaceAll('\n', ', ');
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    peerFingerprintSha256:
      certificate?.fingerprint256.replaceAll(':', '').toLowerCase() ?? control?.peerFingerprintSha256 ?? null,
    peerSubject: subject === undefined ? (control?.peerSubject ?? null) : cleanText(subject, 300),
    resumed: isResumed,
  };
}
