import type { Socket } from 'node:net';
import { listenBefore, type Proxy, type ServerPorts } from './listen-before.js';

/** So much may be on its way in one direction: enough for 1 Gbit/s at half a second. */
const mostBytesInFlight = 64 << 20;

/**
 * Starts a proxy on 127.0.0.2 before a server, which delivers every byte, and the end of a connection,
 * `delayMs` later: a round trip takes twice that. Opening a TCP connection is not delayed.
 */
export function startDelayingProxy(ports: ServerPorts, delayMs: number): Promise<Proxy> {
  return listenBefore(ports, ({ client, server }) => {
    delay(client, server, delayMs);
    delay(server, client, delayMs);
  });
}

/** Timers of one duration fire in the order of their making, so the order of the bytes stays. */
function delay(from: Socket, to: Socket, delayMs: number): void {
  let waiting = 0;
  const isFull = () => waiting + to.writableLength > mostBytesInFlight;
  const resume = () => {
    if (!isFull()) from.resume();
  };
  from.on('data', (chunk) => {
    waiting += chunk.length;
    if (isFull()) from.pause();
    setTimeout(() => {
      waiting -= chunk.length;
      if (!to.destroyed) to.write(chunk, resume);
    }, delayMs);
  });
  from.on('end', () => setTimeout(() => to.end(), delayMs));
  from.resume();
}
