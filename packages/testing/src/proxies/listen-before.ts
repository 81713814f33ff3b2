import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { PortRange } from '../servers/find-free-ports.js';

/**
 * A proxy takes an address of its own and the same ports as the server: the port that the server names in its 229
 * reply, which TLS hides from us, is then right for the proxy too. It rewrites nothing.
 */
export const proxyHost = '127.0.0.2';
const serverHost = '127.0.0.1';

/** The part of a test server that a proxy needs. Give the server a small range: the proxy listens on all of it. */
export interface ServerPorts {
  port: number;
  passivePorts: PortRange;
}

export type Channel = 'control' | 'data';

export interface Proxy {
  host: typeof proxyHost;
  /** The control port: the same as the server's. */
  port: number;
  /** How many connections of a kind have come so far. */
  connections(channel: Channel): number;
  /** Ends it and all its connections. May be called twice. */
  stop(): Promise<void>;
}

/** Both sockets of one connection; each stays writable when its other end has closed. */
export interface Link {
  channel: Channel;
  client: Socket;
  server: Socket;
}

const mostPorts = 500;

/**
 * Listens on the control port and on every passive port, and hands each connection, with one to the server, to
 * `join`, which passes the bytes on. A connection that the server refuses is reset.
 */
export async function listenBefore(ports: ServerPorts, join: (link: Link) => void): Promise<Proxy> {
  const { first, last } = ports.passivePorts;
  if (last - first >= mostPorts) {
    throw new Error(
      `give the server at most ${mostPorts} passive ports, so that a proxy can listen on all of them`,
    );
  }
  const counts = { control: 0, data: 0 };
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
  };
  const open = (channel: Channel, port: number) =>
    createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
      counts[channel]++;
      const server = connect({ host: serverHost, port, allowHalfOpen: true });
      keep(client);
      keep(server);
      passFaults(client, server);
      passFaults(server, client);
      server.once('connect', () => join({ channel, client, server }));
    });
  const servers: Server[] = [];
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.splice(0).map((one) => new Promise((resolve) => one.close(resolve))));
  };
  try {
    for (let port = first; port <= last; port++) await listen(open('data', port), port, servers);
    await listen(open('control', ports.port), ports.port, servers);
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: proxyHost, port: ports.port, connections: (channel) => counts[channel], stop };
}

async function listen(server: Server, port: number, servers: Server[]): Promise<void> {
  server.listen(port, proxyHost);
  await once(server, 'listening');
  servers.push(server);
}

/** A reset on one side becomes a reset on the other. */
function passFaults(from: Socket, to: Socket): void {
  from.on('error', () => to.resetAndDestroy());
}

/**
 * Passes bytes and the end from one socket to the other, no faster than the other takes them.
 * @param pass what to do with each piece; writes it to `to` when left out
 */
export function pump(from: Socket, to: Socket, pass = (chunk: Buffer): boolean => to.write(chunk)): void {
  from.on('data', (chunk) => {
    if (pass(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.on('end', () => to.end());
  from.resume();
}
