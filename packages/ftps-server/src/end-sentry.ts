/**
 * Tells an upload that ended from one that was cut off. TLS ends with a close_notify alert (RFC 8446 section
 * 6.1), a cut connection with a bare FIN; Node reports both as 'end'. Here the TLS layer reads through this
 * stream, which keeps the FIN to itself: when the TLS layer has worked off every byte and still has not ended,
 * no close_notify was among them.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

export class TruncatedUpload extends Error {
  override readonly name = 'TruncatedUpload';

  constructor() {
    super('The data connection ended without TLS close_notify: the file may be incomplete');
  }
}

/** How often it is looked whether the reader has caught up, while it is busy. */
const CATCH_UP_MS = 5;

export class EndSentry extends Duplex {
  readonly #raw: Socket;
  #rawEnded = false;
  #tls: TLSSocket | null = null;
  #tlsEnded = false;

  /** @param answersEnd when false, nothing that the TLS layer says after the end goes out: no close_notify of ours */
  constructor(
    raw: Socket,
    readonly answersEnd = true,
  ) {
    super({ allowHalfOpen: true, highWaterMark: 256 * 1024 });
    this.#raw = raw;
    raw.on('data', (chunk) => {
      if (!this.push(chunk)) raw.pause();
    });
    raw.on('end', () => {
      this.#rawEnded = true;
      this.#lookForEnd(0);
    });
    raw.on('error', (error) => this.destroy(error));
    raw.on('close', () => {
      if (!this.#rawEnded) this.destroy();
    });
  }

  /** Names the TLS socket that reads through this stream, as soon as its handshake is done. */
  guard(tls: TLSSocket): void {
    this.#tls = tls;
    // Ahead of Node's own listener, which ends our side at once.
    tls.prependOnceListener('end', () => {
      this.#tlsEnded = true;
    });
  }

  #lookForEnd(idleLooks: number): void {
    if (this.#tlsEnded || this.destroyed || this.#tls?.destroyed) return;
    const behind = this.readableLength > 0 || (this.#tls?.readableLength ?? 0) > 0;
    if (behind) {
      setTimeout(() => this.#lookForEnd(0), CATCH_UP_MS);
    } else if (idleLooks < 3) {
      // 'end' comes a tick after the last byte was read.
      setImmediate(() => this.#lookForEnd(idleLooks + 1));
    } else if (this.#tls) {
      this.#tls.destroy(new TruncatedUpload());
    } else {
      // Gone before the handshake was done: there is nobody to tell but the handshake.
      this.destroy();
    }
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#tlsEnded && !this.answersEnd) done();
    else this.#raw.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#tlsEnded && !this.answersEnd) done();
    else this.#raw.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }
}
