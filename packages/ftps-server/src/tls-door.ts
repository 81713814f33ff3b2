/**
 * The TLS side of one control connection and of its data connections. Every control connection has a door of
 * its own, and with it ticket keys of its own: a session can be resumed only by a data connection of the same
 * control connection, which is what "the same identity on both" (RFC 4217 section 7) comes down to.
 */
import { constants, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { createServer, type SecureVersion, type Server, type TLSSocket } from 'node:tls';

export interface TlsSettings {
  /** PEM. */
  key: string;
  /** PEM, leaf first. */
  cert: string;
  /** PEM: who may have issued client certificates. */
  ca?: string;
  /** Default TLSv1.2. */
  minVersion?: SecureVersion;
  /** Default TLSv1.3. */
  maxVersion?: SecureVersion;
  /** Refuse the handshake of a client without a certificate from `ca`. */
  requireClientCertificate?: boolean;
  /** What is answered to a client that offers ALPN; default `ftp`. A client without ALPN is welcome. */
  alpnProtocols?: string[];
  /** How long a TLS session can be resumed. Default 24 hours. */
  sessionLifetimeS?: number;
  /** False: hand out no session that could be resumed. Default true. */
  offerResumption?: boolean;
}

/** Sessions kept for resumption by id; the first is that of the control connection. */
const MAX_KEPT_SESSIONS = 16;
const DEFAULT_SESSION_LIFETIME_S = 24 * 60 * 60;

export class TlsDoor {
  readonly #server: Server;
  #busy = false;

  constructor(settings: TlsSettings, handshakeTimeoutMs: number) {
    const clientCertificate = settings.requireClientCertificate === true;
    this.#server = createServer({
      key: settings.key,
      cert: settings.cert,
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
      minVersion: settings.minVersion ?? 'TLSv1.2',
      maxVersion: settings.maxVersion ?? 'TLSv1.3',
      requestCert: clientCertificate,
      rejectUnauthorized: clientCertificate,
      ALPNProtocols: settings.alpnProtocols ?? ['ftp', 'ftp-data'],
      sessionIdContext: randomBytes(16).toString('hex'),
      sessionTimeout: settings.sessionLifetimeS ?? DEFAULT_SESSION_LIFETIME_S,
      secureOptions: settings.offerResumption === false ? constants.SSL_OP_NO_TICKET : 0,
      handshakeTimeout: handshakeTimeoutMs,
    });
    if (settings.offerResumption !== false) keepSessions(this.#server);
  }

  /**
   * The server's side of a handshake over `carrier`; one at a time. `onSecure` is called in the very moment in
   * which it is done, before any byte that came with it is looked at.
   * @throws the TLS error, also when the carrier closes or the handshake takes too long
   */
  async accept(carrier: Duplex, onSecure?: (socket: TLSSocket) => void): Promise<TLSSocket> {
    if (this.#busy) throw new Error('A handshake is still running on this connection');
    this.#busy = true;
    const server = this.#server;
    try {
      return await new Promise<TLSSocket>((resolve, reject) => {
        server.once('secureConnection', (socket) => {
          // Those who read and write learn of errors from their own calls; this one keeps them from being fatal.
          socket.on('error', () => {});
          onSecure?.(socket);
          resolve(socket);
        });
        server.once('tlsClientError', (error, socket) => {
          socket.destroy();
          reject(error);
        });
        server.emit('connection', carrier);
      });
    } finally {
      this.#busy = false;
      server.removeAllListeners('secureConnection').removeAllListeners('tlsClientError');
      // A second error of a socket that has already failed must not be left without a listener.
      server.on('tlsClientError', () => {});
    }
  }
}

/** TLS 1.2 clients without tickets, curl among them, resume by session id: somebody has to keep the session. */
function keepSessions(server: Server): void {
  const kept = new Map<string, Buffer>();
  server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
    if (kept.size < MAX_KEPT_SESSIONS) kept.set(id.toString('hex'), data);
    done();
  });
  server.on('resumeSession', (id: Buffer, done: (error: Error | null, data: Buffer | null) => void) => {
    done(null, kept.get(id.toString('hex')) ?? null);
  });
}
