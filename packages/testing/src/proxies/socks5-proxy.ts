import { connect, type Socket } from 'node:net';
import { type ForwardProxy, type ForwardProxyOptions, joinSockets, listenForward } from './forward-proxy.js';

const GRANTED = 0;
const NOT_ALLOWED = 2;
const HOST_UNREACHABLE = 4;
const REFUSED = 5;

/** Starts a SOCKS5 proxy on loopback (RFC 1928), with user name and password where a login is given (RFC 1929). */
export function startSocks5Proxy(options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  return listenForward(options, async (client, proxy) => {
    const read = reader(client);
    const [, methodCount = 0] = await read(2);
    const methods = await read(methodCount);
    const method = options.login === undefined ? 0 : 2;
    if (!methods.includes(method)) return void client.end(Buffer.from([5, 0xff]));
    client.write(Buffer.from([5, method]));
    if (options.login !== undefined) {
      const isRight = await readLogin(read, options.login);
      client.write(Buffer.from([1, isRight ? 0 : 1]));
      if (!isRight) return void client.end();
    }
    const [, command, , kind] = await read(4);
    const host = await readHost(read, kind ?? 0);
    const port = (await read(2)).readUInt16BE();
    // The address in the answer is that of a name, which clients seldom meet and must skip all the same.
    const answer = (code: number): Buffer =>
      Buffer.concat([Buffer.from([5, code, 0, 3, 5]), Buffer.from('proxy'), Buffer.from([0, 80])]);
    if (command !== 1) return void client.end(answer(7));
    if (!proxy.admit(host, port)) return void client.end(answer(NOT_ALLOWED));
    const server = connect({ host: proxy.lookUp(host), port, allowHalfOpen: true });
    server.once('error', (error: NodeJS.ErrnoException) =>
      client.end(answer(error.code === 'ECONNREFUSED' ? REFUSED : HOST_UNREACHABLE)),
    );
    server.once('connect', () => {
      proxy.note({ host, port });
      client.write(answer(GRANTED));
      joinSockets(client, server);
    });
  });
}

type Read = (count: number) => Promise<Buffer>;

/** Exactly so many bytes; those behind them stay in the socket. */
function reader(client: Socket): Read {
  return async (count) => {
    if (count === 0) return Buffer.alloc(0);
    for (;;) {
      const bytes = client.read(count) as Buffer | null;
      if (bytes?.length === count) return bytes;
      if (bytes !== null || client.destroyed || client.readableEnded) throw new Error('closed');
      await new Promise<void>((resolve) => {
        const before = client.readableLength;
        // Who begins to listen is told at once of what is there already, and would be asked again for ever.
        let isStale = before > 0;
        const go = (): void => {
          if (isStale && client.readableLength === before && !client.destroyed) {
            isStale = false;
            return;
          }
          client.off('readable', go).off('close', go);
          resolve();
        };
        client.on('readable', go).on('close', go);
      });
    }
  };
}

async function readLogin(read: Read, login: NonNullable<ForwardProxyOptions['login']>): Promise<boolean> {
  await read(1);
  const username = (await read((await read(1)).readUInt8())).toString();
  const password = (await read((await read(1)).readUInt8())).toString();
  return username === login.username && password === login.password;
}

async function readHost(read: Read, kind: number): Promise<string> {
  if (kind === 1) return [...(await read(4))].join('.');
  if (kind === 3) return (await read((await read(1)).readUInt8())).toString();
  const groups = await read(16);
  return Array.from({ length: 8 }, (_, index) => groups.readUInt16BE(index * 2).toString(16)).join(':');
}
