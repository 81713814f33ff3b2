import { once } from 'node:events';
import { createServer, isIP, type AddressInfo, type Socket } from 'node:net';
import { pump } from './listen-before.js';

export interface ForwardProxyOptions {
  /** Asked for where given. */
  login?: { username: string; password: string };
  /** Which targets are let through; all where not given. */
  admits?: (host: string, port: number) => boolean;
  /** The names that the proxy can look up, with their addresses. */
  names?: Record<string, string>;
}

/** A proxy that a client asks for a connection, as the firewalls of large companies have them. */
export interface ForwardProxy {
  host: '127.0.0.1';
  port: number;
  /** What it was asked for and has opened, in order; names as they were given. */
  opened: { host: string; port: number }[];
  /** Ends it and all its connections. May be called twice. */
  stop(): Promise<void>;
}

/** What the protocol of a proxy needs of it. */
export interface ForwardDuties {
  admit(host: string, port: number): boolean;
  lookUp(host: string): string;
  note(target: { host: string; port: number }): void;
}

/** Listens on loopback and hands each client to `serve`; a client that it throws for is dropped. */
export async function listenForward(
  options: ForwardProxyOptions,
  serve: (client: Socket, duties: ForwardDuties) => Promise<void>,
): Promise<ForwardProxy> {
  const opened: ForwardProxy['opened'] = [];
  const clients = new Set<Socket>();
  const duties: ForwardDuties = {
    admit: (host, port) => options.admits?.(host, port) ?? true,
    // A name that it does not know becomes one that nobody knows.
    lookUp: (host) => (isIP(host) === 0 ? (options.names?.[host] ?? 'unknown.invalid') : host),
    note: (target) => void opened.push(target),
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    client.on('error', () => client.destroy());
    serve(client, duties).catch(() => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    opened,
    async stop() {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** From here on they are one connection. */
export function joinSockets(client: Socket, server: Socket): void {
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.once('close', () => other.destroySoon());
    pump(one, other);
  }
}
