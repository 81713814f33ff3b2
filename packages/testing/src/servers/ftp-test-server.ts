import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { type CertificateKind, getTestPki } from '../pki.js';
import { findFreePorts, type PortRange, widePassivePorts } from './find-free-ports.js';
import { makeRunFolder, makeServerFolder, writeServerFile } from './run-folder.js';
import { type RunningServer, runServer } from './run-server.js';

export type FtpServerKind = 'vsftpd' | 'proftpd' | 'pure-ftpd' | 'pyftpdlib';
/** Loopback; the good certificate is valid for both, and for `localhost`. */
export type ServerHost = '127.0.0.1' | '::1';
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

export interface FtpServerOptions {
  /** explicit (the default): AUTH TLS. implicit: TLS from the first byte. */
  mode?: 'explicit' | 'implicit';
  /** What the server shows; `good` when left out. */
  certificate?: CertificateKind;
  /** Both when left out. */
  tlsVersions?: readonly TlsVersion[];
  /** Where it listens, on loopback; the IPv4 one when left out. */
  host?: ServerHost;
  /** Refuses the handshake of a client that shows no certificate of the test authority. */
  requireClientCertificate?: boolean;
  /** Says 421 after so many seconds without a command; the server's own time, of minutes, when left out. */
  idleTimeoutSeconds?: number;
  /** Lets a client log in and move files in the clear too. Not allowed when left out. */
  allowPlain?: boolean;
  /** Ports for data connections. Give a small range (`findFreePorts`) to put a proxy before all of them. */
  passivePorts?: PortRange;
}

/** A real FTP server on loopback, with one user whose files lie in an empty folder. */
export interface FtpTestServer {
  kind: FtpServerKind;
  host: ServerHost;
  port: number;
  mode: 'explicit' | 'implicit';
  user: string;
  password: string;
  /**
   * The absolute folder on disk where the user's files are. It belongs to the server's user; as root, a file that
   * the test puts there belongs to root, so the server can read, rename and delete it, but not write into it.
   */
  root: string;
  /** The same folder as the server names it: absolute, without a slash at the end, and empty when it is the top. */
  homePath: string;
  /** The authority to trust, in PEM: the same for every kind of certificate. */
  caPem: string;
  passivePorts: PortRange;
  /** The process id of the server, to look at it or to hurt it. */
  pid: number;
  /** What the server has logged and printed, until `stop`. */
  readLog(): Promise<string>;
  /** Ends the server with everything that it started and removes its files. May be called twice. */
  stop(): Promise<void>;
}

/** What a server's own file needs to write its configuration. */
export interface FtpServerSetting {
  folder: string;
  root: string;
  host: ServerHost;
  port: number;
  mode: 'explicit' | 'implicit';
  user: string;
  password: string;
  passivePorts: PortRange;
  tlsVersions: readonly TlsVersion[];
  requireClientCertificate: boolean;
  idleTimeoutSeconds: number | null;
  allowPlain: boolean;
  keyFile: string;
  certificateFile: string;
  /** Key and certificate in one file. */
  bothFile: string;
  caFile: string;
  logFile: string;
}

export interface FtpServerRecipe {
  kind: FtpServerKind;
  /** The name of the one user, where the server does not leave it to us. */
  user?: string;
  homePath?: (setting: FtpServerSetting) => string;
  /** Writes the configuration into the folder and returns what to start. */
  prepare(setting: FtpServerSetting): Promise<{ command: string; args: string[] }>;
}

const startTimeoutMs = 15_000;

/**
 * Starts a server by its recipe and waits until it answers.
 * @throws Error with the server's log, when it ends or does not answer within 15 seconds
 */
export async function startFtpServer(
  recipe: FtpServerRecipe,
  options: FtpServerOptions,
): Promise<FtpTestServer> {
  for (let tries = 1; ; tries++) {
    const setting = await makeSetting(recipe, options);
    const { command, args } = await recipe.prepare(setting);
    const server = runServer(command, args, {
      folder: setting.folder,
      env: { OPENSSL_CONF: join(setting.folder, 'openssl.cnf') },
    });
    const stop = async () => {
      await server.stop();
      await rm(setting.folder, { recursive: true, force: true });
    };
    const readLog = async () => server.output() + (await readFile(setting.logFile, 'utf8').catch(() => ''));
    try {
      await waitForAnswer(server, setting);
    } catch (error) {
      await server.stop();
      const log = await readLog();
      await stop();
      // Between our finding the port and the server's taking it, another test may have been faster.
      if (tries < 3 && /in use/i.test(log)) continue;
      throw new Error(`${recipe.kind} did not start: ${(error as Error).message}\n${log}`, { cause: error });
    }
    const { caPem } = await getTestPki();
    const { host, port, mode, user, password, root, passivePorts } = setting;
    const homePath = recipe.homePath?.(setting) ?? root;
    const { pid } = server;
    const { kind } = recipe;
    return {
      kind,
      host,
      port,
      mode,
      user,
      password,
      root,
      homePath,
      caPem,
      passivePorts,
      pid,
      readLog,
      stop,
    };
  }
}

async function makeSetting(recipe: FtpServerRecipe, options: FtpServerOptions): Promise<FtpServerSetting> {
  const folder = await makeRunFolder(recipe.kind);
  const setting: FtpServerSetting = {
    folder,
    root: join(folder, 'files'),
    host: options.host ?? '127.0.0.1',
    port: (await findFreePorts(1, options.passivePorts)).first,
    mode: options.mode ?? 'explicit',
    user: recipe.user ?? 'partner',
    password: randomBytes(12).toString('hex'),
    passivePorts: options.passivePorts ?? widePassivePorts,
    tlsVersions: options.tlsVersions ?? ['TLSv1.2', 'TLSv1.3'],
    requireClientCertificate: options.requireClientCertificate ?? false,
    idleTimeoutSeconds: options.idleTimeoutSeconds ?? null,
    allowPlain: options.allowPlain ?? false,
    keyFile: join(folder, 'server.key'),
    certificateFile: join(folder, 'server.pem'),
    bothFile: join(folder, 'both.pem'),
    caFile: join(folder, 'ca.pem'),
    logFile: join(folder, 'server.log'),
  };
  const pki = await getTestPki();
  const { keyPem, certificatePem } = await pki.server(options.certificate ?? 'good');
  await makeServerFolder(setting.root);
  await writeServerFile(setting.keyFile, keyPem);
  await writeServerFile(setting.certificateFile, certificatePem);
  await writeServerFile(setting.bothFile, keyPem + certificatePem);
  await writeServerFile(setting.caFile, pki.caPem);
  await writeServerFile(setting.logFile, '');
  await writeServerFile(join(folder, 'openssl.cnf'), opensslConfig(setting.tlsVersions));
  return setting;
}

/** All four use OpenSSL, which reads this; vsftpd 3.0.3 and Pure-FTPd have no setting of their own for it. */
function opensslConfig(versions: readonly TlsVersion[]): string {
  const lowest = versions.includes('TLSv1.2') ? 'TLSv1.2' : 'TLSv1.3';
  const highest = versions.includes('TLSv1.3') ? 'TLSv1.3' : 'TLSv1.2';
  return `openssl_conf = start
[start]
ssl_conf = ssl
[ssl]
system_default = versions
[versions]
MinProtocol = ${lowest}
MaxProtocol = ${highest}
`;
}

async function waitForAnswer(server: RunningServer, setting: FtpServerSetting): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  let reason = 'no try yet';
  while (Date.now() < deadline) {
    if (!server.isRunning()) throw new Error('it ended at once');
    if (!server.isListeningOn(setting.port)) {
      reason = `it does not listen on port ${setting.port} yet`;
      await sleep(20);
      continue;
    }
    try {
      if (setting.mode === 'explicit') await readGreeting(setting);
      else await shakeHands(setting);
      return;
    } catch (error) {
      reason = (error as Error).message;
      await sleep(20);
    }
  }
  throw new Error(`no answer within ${startTimeoutMs} ms (last: ${reason})`);
}

function readGreeting({ host, port }: FtpServerSetting): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, timeout: 5000 });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (!/^220 [^\n]*\n/m.test(text)) return;
      socket.end('QUIT\r\n');
      resolve();
    });
    socket.on('error', reject);
    socket.on('timeout', () => socket.destroy(new Error('connected, but no greeting')));
    socket.on('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
  });
}

/** A refused certificate, theirs or ours, is an answer too: it is what some tests ask for. */
function shakeHands({ host, port }: FtpServerSetting): Promise<void> {
  const refusals = /^(CERT_|ERR_TLS_CERT_|ERR_SSL_\w*ALERT|DEPTH_ZERO_|UNABLE_TO_)/;
  return new Promise((resolve, reject) => {
    void getTestPki().then(({ caPem }) => {
      const socket = connectTls({ host, port, ca: caPem, timeout: 5000 });
      socket.on('secureConnect', () => {
        socket.end();
        resolve();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (refusals.test(error.code ?? '')) resolve();
        else reject(error);
      });
      socket.on('timeout', () => socket.destroy(new Error('connected, but no TLS')));
      socket.on('close', () => reject(new Error('closed during the handshake')));
    });
  });
}
