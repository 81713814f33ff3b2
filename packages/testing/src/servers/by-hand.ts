import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { FtpTestServer } from './ftp-test-server.js';

type Server = Pick<FtpTestServer, 'host' | 'port' | 'user' | 'password' | 'caPem'>;

export interface HandClient {
  /** Sends a command. @returns its reply, of several lines the last one */
  ask(command: string): Promise<string>;
  /** A command with a data connection, which sends these bytes or takes what comes. @returns the last reply */
  transfer(command: string, options: { resume: boolean; bytes?: Buffer }): Promise<string>;
}

/**
 * Logs in over explicit FTPS with a client of a few lines, which shares no code with any other and can do what no
 * real client offers: open a data connection with a TLS session of its own.
 */
export async function workByHand<T>(server: Server, work: (client: HandClient) => Promise<T>): Promise<T> {
  const tcp = connectTcp({ host: server.host, port: server.port });
  const clear = readReplies(tcp);
  await clear.next();
  tcp.write('AUTH TLS\r\n');
  await clear.next();
  clear.stop();
  const control = connectTls({ socket: tcp, ca: server.caPem, host: server.host });
  let session: Buffer | undefined;
  control.on('session', (one) => (session = one));
  try {
    await once(control, 'secureConnect');
    const replies = readReplies(control);
    const ask = async (command: string) => {
      control.write(`${command}\r\n`);
      return replies.next();
    };
    for (const command of [`USER ${server.user}`, `PASS ${server.password}`, 'PBSZ 0', 'PROT P', 'TYPE I'])
      await ask(command);
    return await work({
      ask,
      async transfer(command, { resume, bytes }) {
        const port = Number(/\((.)\1\1(\d+)\1\)/.exec(await ask('EPSV'))?.[2]);
        const data = connectTcp({ host: server.host, port });
        await once(data, 'connect');
        control.write(`${command}\r\n`);
        openData(data, server, { session: resume ? (session ?? control.getSession()) : undefined, bytes });
        const reply = await replies.next();
        const last = reply.startsWith('1') ? await replies.next() : reply;
        data.destroy();
        return last;
      },
    });
  } finally {
    control.destroy();
  }
}

/** Lists the user's folder. @returns the last reply, such as `226 Transfer complete` */
export function listByHand(server: Server, { resume }: { resume: boolean }): Promise<string> {
  return workByHand(server, (client) => client.transfer('LIST', { resume }));
}

function openData(
  socket: Socket,
  { host, caPem }: Server,
  { session, bytes }: { session: Buffer | undefined; bytes: Buffer | undefined },
): void {
  const data = connectTls({ socket, ca: caPem, host, session });
  data.resume();
  // Not in the tick in which the handshake ends: a resumed stream would lose its own beginning.
  if (bytes !== undefined) data.once('secureConnect', () => setImmediate(() => data.end(bytes)));
  // A refusal ends this connection too; what it was is told on the control connection.
  data.on('error', () => data.destroy());
}

/** Whole replies, one after the other (RFC 959 section 4.2); those of several lines as their last line. */
function readReplies(socket: Socket | TLSSocket) {
  const ready: string[] = [];
  let buffer = '';
  let wake = () => {};
  const onData = (chunk: Buffer) => {
    const lines = (buffer + chunk.toString()).split('\r\n');
    buffer = lines.pop() ?? '';
    ready.push(...lines.filter((line) => /^\d{3} /.test(line)));
    wake();
  };
  socket.on('data', onData);
  socket.on('close', () => {
    ready.push('000 connection closed');
    wake();
  });
  return {
    next: async (): Promise<string> => {
      while (ready.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return ready.shift() ?? '';
    },
    stop: () => socket.off('data', onData),
  };
}
