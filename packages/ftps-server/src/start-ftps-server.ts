/** Starts the practice server: an FTPS server over one folder, honest unless it is given a script. */
import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { errorCode } from './error-facts.js';
import { ControlConnection } from './control-connection.js';
import { RootFolder } from './root-folder.js';
import { completeOptions, type FtpsServerOptions, type ServerSettings } from './server-options.js';
import { Session, type SessionView } from './session.js';

export interface FtpsServer {
  host: string;
  port: number;
  mode: ServerSettings['mode'];
  /** As the product names it. */
  protocol: `ftps_${ServerSettings['mode']}`;
  /** The sessions that are open now. */
  sessions(): SessionView[];
  /** Ends every session and stops listening. Safe to call twice. */
  close(): Promise<void>;
}

/** @throws Error that says what to change: a taken port, a root that is not there, an unsafe address */
export async function startFtpsServer(options: FtpsServerOptions): Promise<FtpsServer> {
  const settings = completeOptions(options);
  const root = new RootFolder(await realpath(settings.root));
  const open = new Set<ControlConnection>();
  let lastId = 0;
  const server = createServer((raw) => {
    if (isOverCap(settings, open, raw)) return refuse(settings, raw);
    lastId += 1;
    const session = new Session(lastId, raw.localAddress ?? settings.host, raw.remoteAddress ?? 'unknown');
    const control = new ControlConnection(raw, session, root, settings);
    open.add(control);
    control.report('connected', session.remoteAddress);
    raw.once('close', () => {
      open.delete(control);
      control.report('closed', session.remoteAddress);
    });
    void control.start();
  });
  await listen(server, settings);
  return {
    host: settings.host,
    port: (server.address() as AddressInfo).port,
    mode: settings.mode,
    protocol: `ftps_${settings.mode}`,
    sessions: () => [...open].map((control) => control.session),
    close: async () => {
      const closed = server.listening ? once(server, 'close') : Promise.resolve();
      server.close();
      for (const control of open) control.close();
      await closed;
    },
  };
}

async function listen(server: Server, { host, port }: ServerSettings): Promise<void> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} on ${host} is taken: stop what uses it or choose another`, {
      cause: error,
    });
  }
}

function isOverCap({ limits }: ServerSettings, open: Set<ControlConnection>, raw: Socket): boolean {
  const sameAddress = [...open].filter(({ session }) => session.remoteAddress === raw.remoteAddress);
  return open.size >= limits.maxConnections || sameAddress.length >= limits.maxConnectionsPerAddress;
}

function refuse(settings: ServerSettings, raw: Socket): void {
  raw.on('error', () => {});
  settings.onEvent({ sessionId: 0, kind: 'refused', detail: 'Too many connections' });
  // A reply in the clear would only confuse a client that expects TLS.
  if (settings.mode !== 'explicit') return void raw.destroy();
  raw.end('421 Too many connections, try again later\r\n');
  // Unread, the client's own end would never be seen, and the connection would stay half open.
  raw.resume();
}
