/**
 * Active mode: the server connects to us (RFC 959 section 3.3, RFC 2428 section 2). We listen where the control
 * connection ends on our side, for one connection, and take it from the server's own address only.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { plainAddress } from '../network-guard.js';
import { cancelledAt, TransportError } from '../transport-error.js';

export interface ActiveOptions {
  /** Where to listen: our end of the control connection. */
  localAddress: string;
  /** The only one that may connect. */
  serverAddress: string;
  /** Both ends belong to it; null for any free port. */
  ports: { from: number; to: number } | null;
  /** TCP shows that the connection lives after so many idle seconds; 0 never. */
  keepAliveSeconds: number;
  step: StepName;
}

export interface ActiveListener {
  port: number;
  /** The server's connection. @throws TransportError `connect_timeout`, `cancelled` */
  accept(timeoutMs: number, signal: AbortSignal): Promise<Socket>;
  /** Stops listening. Safe to call twice. */
  close(): void;
}

/** @throws TransportError `local_io` where no port can be had */
export async function listenActively(options: ActiveOptions): Promise<ActiveListener> {
  const server = await listenOnFreePort(options);
  const arrival = Promise.withResolvers<Socket>();
  arrival.promise.catch(() => undefined);
  server.on('error', (error) => arrival.reject(notTaken(options, error)));
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    if (!server.listening || plainAddress(socket.remoteAddress ?? '') !== options.serverAddress)
      return void socket.destroy();
    server.close();
    arrival.resolve(socket);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async accept(timeoutMs, signal) {
      const giveUp = (error: TransportError) => (): void => arrival.reject(error);
      const onAbort = giveUp(cancelledAt(options.step));
      const timer = setTimeout(giveUp(notConnected(options, port, timeoutMs)), timeoutMs);
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        return await arrival.promise;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      }
    },
    close() {
      if (server.listening) server.close();
      arrival.promise.then(
        (socket) => socket.destroy(),
        () => undefined,
      );
      arrival.reject(cancelledAt(options.step));
    },
  };
}

/** At a random place of the range first, so that two processes with one range seldom meet. */
async function listenOnFreePort({
  localAddress,
  ports,
  keepAliveSeconds,
  step,
}: ActiveOptions): Promise<Server> {
  const count = ports === null ? 1 : ports.to - ports.from + 1;
  const first = count > 1 ? randomInt(count) : 0;
  let failure: NodeJS.ErrnoException | undefined;
  for (let tried = 0; tried < count; tried += 1) {
    const port = ports === null ? 0 : ports.from + ((first + tried) % count);
    const server = createServer({
      noDelay: true,
      keepAlive: keepAliveSeconds > 0,
      keepAliveInitialDelay: keepAliveSeconds * 1000,
    });
    try {
      server.listen({ host: localAddress, port, backlog: 1, exclusive: true });
      await once(server, 'listening');
      return server;
    } catch (error) {
      failure = error as NodeJS.ErrnoException;
      if (failure.code !== 'EADDRINUSE') break;
    }
  }
  const what = ports === null ? 'no port' : `none of the ports ${ports.from} to ${ports.to}`;
  const message =
    `For active mode ${what} of ${localAddress} could be opened (${failure?.code ?? 'no reason given'}). ` +
    'Widen the range at the endpoint, or ask the administrator of this machine.';
  throw new TransportError('local_io', step, message, { cause: failure });
}

function notTaken({ step }: ActiveOptions, error: NodeJS.ErrnoException): TransportError {
  const message =
    `The connection of the server could not be taken (${error.code ?? 'no reason given'}). ` +
    'If it repeats, ask the administrator of this machine.';
  return new TransportError('local_io', step, message, { cause: error });
}

function notConnected({ step }: ActiveOptions, port: number, timeoutMs: number): TransportError {
  const seconds = Math.round(timeoutMs / 1000);
  const message =
    `The server did not connect to our port ${port} within ${seconds} s. In active mode our own firewall has to let ` +
    'the server in; check the address and ports that the endpoint announces, or use passive mode.';
  return new TransportError('connect_timeout', step, message);
}
