/** The listening socket behind one EPSV or PASV: takes one connection, from the client's own address only. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { errorCode } from './error-facts.js';
import { Refusal } from './reply.js';

export interface PassiveOptions {
  host: string;
  /** The address of the control connection: no other may take the port. */
  remoteAddress: string;
  ports: { from: number; to: number } | null;
}

/** How many ports of the range are tried before the client hears 425. */
const MAX_TRIES = 20;

export class PassiveListener {
  readonly port: number;
  readonly #server: Server;
  readonly #arrival = Promise.withResolvers<Socket>();
  #socket: Socket | null = null;
  #taken = false;

  /** @throws Refusal 425 when no port is free */
  static async open(options: PassiveOptions): Promise<PassiveListener> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
      server.listen({
        host: options.host,
        port: options.ports ? randomInt(options.ports.from, options.ports.to + 1) : 0,
        backlog: 1,
      });
      try {
        await once(server, 'listening');
        return new PassiveListener(server, options.remoteAddress);
      } catch (error) {
        if (errorCode(error) !== 'EADDRINUSE') throw error;
      }
    }
    throw new Refusal(425, 'No free port for a data connection, try again');
  }

  private constructor(server: Server, remoteAddress: string) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    // Nobody may be waiting when it fails.
    this.#arrival.promise.catch(() => {});
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      if (this.#socket || socket.remoteAddress !== remoteAddress) {
        socket.destroy();
        return;
      }
      this.#socket = socket;
      this.#server.close();
      this.#arrival.resolve(socket);
    });
  }

  /** The client's connection, paused. @throws Refusal 425 when none comes in time or the signal fires */
  async accept(timeoutMs: number, signal: AbortSignal): Promise<Socket> {
    const giveUp = () => this.#arrival.reject(new Refusal(425, 'No data connection was opened'));
    const timer = setTimeout(giveUp, timeoutMs);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      const socket = await this.#arrival.promise;
      this.#taken = true;
      return socket;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Stops listening and drops a connection that nobody took. Safe to call twice. */
  close(): void {
    if (this.#server.listening) this.#server.close();
    if (!this.#taken) this.#socket?.destroy();
    this.#arrival.reject(new Refusal(425, 'No data connection was opened'));
  }
}
