import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { FtpTestServer } from './ftp-test-server.js';

/**
 * Lists the user's folder over explicit FTPS with a client of a few lines, which can do what no real client
 * offers: open the data connection with a TLS session of its own.
 * @returns the last reply, such as `226 Transfer complete`
 */
export async function listByHand(server: FtpTestServer, { resume }: { resume: boolean }): Promise<string> {
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
    await ask(`USER ${server.user}`);
    await ask(`PASS ${server.password}`);
    await ask('PBSZ 0');
    await ask('PROT P');
    const port = Number(/\(\|\|\|(\d+)\|\)/.exec(await ask('EPSV'))?.[1]);
    const data = connectTcp({ host: server.host, port });
    await once(data, 'connect');
    control.write('LIST\r\n');
    openData(data, server.caPem, resume ? (session ?? control.getSession()) : undefined);
    const reply = await replies.next();
    const last = reply.startsWith('150') ? await replies.next() : reply;
    data.destroy();
    return last;
  } finally {
    control.destroy();
  }
}

function openData(socket: Socket, ca: string, session: Buffer | undefined): void {
  const data = connectTls({ socket, ca, host: '127.0.0.1', session });
  data.resume();
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
