import type { Socket } from 'node:net';
import {
  type Channel,
  type Link,
  listenBefore,
  type Proxy,
  pump,
  type ServerPorts,
} from './listen-before.js';

export interface Cut {
  channel: Channel;
  /** The direction whose bytes count: `download` is from the server to the client. */
  direction: 'download' | 'upload';
  /**
   * So many bytes of a connection get through, as on the wire, TLS handshake and records included. With `rst`
   * some of the last may not arrive.
   */
  afterBytes: number;
  /**
   * - `fin`: the receiver sees a clean end of TCP without TLS close_notify; what the sender still sends is
   *   swallowed, so that it believes that all went well
   * - `rst`: both sides see a reset
   * - `black-hole`: nothing passes any more, in neither direction, and nobody is told
   */
  how: 'fin' | 'rst' | 'black-hole';
  /** How many connections that get so far are cut; the later ones pass. 1 when left out. */
  times?: number;
}

export interface CuttingProxy extends Proxy {
  /** Replaces the cut for connections made from now on; undefined lets everything pass. */
  setCut(cut: Cut | undefined): void;
  /** How many connections were cut so far. */
  cuts(): number;
}

/** Starts a proxy on 127.0.0.2 before a server, which cuts connections as told. */
export async function startCuttingProxy(ports: ServerPorts, cut?: Cut): Promise<CuttingProxy> {
  let current = cut && { ...cut, left: cut.times ?? 1 };
  let cuts = 0;
  const proxy = await listenBefore(ports, ({ channel, client, server }) => {
    const chosen = current;
    if (chosen === undefined || chosen.channel !== channel) {
      pump(client, server);
      pump(server, client);
      return;
    }
    const [from, to] = chosen.direction === 'download' ? [server, client] : [client, server];
    pump(to, from);
    pumpUpTo(from, to, chosen.afterBytes, () => {
      if (chosen.left === 0) return false;
      chosen.left--;
      cuts++;
      cutLink({ channel, client, server }, to, chosen.how);
      return true;
    });
  });
  return {
    ...proxy,
    cuts: () => cuts,
    setCut: (next) => {
      current = next && { ...next, left: next.times ?? 1 };
    },
  };
}

/** Passes `limit` bytes; at the first byte beyond asks `atLimit`, and passes the rest only when that says no. */
function pumpUpTo(from: Socket, to: Socket, limit: number, atLimit: () => boolean): void {
  let passed = 0;
  let state: 'before' | 'cut' | 'let through' = 'before';
  pump(from, to, (chunk) => {
    if (state === 'cut') return true;
    if (state === 'before' && passed + chunk.length > limit) {
      to.write(chunk.subarray(0, limit - passed));
      if (atLimit()) {
        state = 'cut';
        return true;
      }
      state = 'let through';
      return to.write(chunk.subarray(limit - passed));
    }
    passed += chunk.length;
    return to.write(chunk);
  });
}

function cutLink({ client, server }: Link, receiver: Socket, how: Cut['how']): void {
  switch (how) {
    case 'fin':
      receiver.end();
      return;
    case 'rst':
      client.resetAndDestroy();
      server.resetAndDestroy();
      return;
    case 'black-hole':
      for (const socket of [client, server]) {
        // No reading, so no end is seen and passed on; the kernel takes what fits and then the sender stalls.
        socket.removeAllListeners('data');
        socket.removeAllListeners('end');
        // A client that gives up may reset its side: the server is not to hear of that either.
        socket.removeAllListeners('error');
        socket.on('error', () => socket.destroy());
        socket.pause();
      }
  }
}
