/** One server with a fresh root and a CA, for a test file; and programs run against it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from '@waybill/testing/servers/find-tool.js';
import { makePracticePki, type PracticePki } from '../practice-pki.js';
import type { FtpsServerOptions, ServerEvent } from '../server-options.js';
import { startFtpsServer, type FtpsServer } from '../start-ftps-server.js';
import { TestClient } from './test-client.js';

export interface Ground {
  /** Scratch space outside the root. */
  folder: string;
  root: string;
  pki: PracticePki;
  caPath: string;
  events: ServerEvent[];
  start(options?: Partial<FtpsServerOptions>): Promise<FtpsServer>;
  logIn(server: FtpsServer, tls?: object): Promise<TestClient>;
  connect(server: FtpsServer, tls?: object): Promise<TestClient>;
  /** Ends servers and clients that were started since the last call. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

export async function prepareGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-ftps-'));
  const root = await mkdtemp(join(folder, 'root-'));
  const pki = await makePracticePki(join(folder, 'pki'));
  const caPath = join(folder, 'ca.pem');
  await writeFile(caPath, pki.ca.cert);
  const events: ServerEvent[] = [];
  const servers: FtpsServer[] = [];
  const clients: TestClient[] = [];
  const optionsFor = (server: FtpsServer, tls: object) => ({
    port: server.port,
    ca: pki.ca.cert,
    implicit: server.mode === 'implicit',
    tls,
  });
  const ground: Ground = {
    folder,
    root,
    pki,
    caPath,
    events,
    async start(options = {}) {
      const server = await startFtpsServer({
        mode: 'explicit',
        root,
        users: [{ name: 'u', password: 'p' }],
        tls: pki.server,
        onEvent: (event) => events.push(event),
        ...options,
        limits: { loginFailureDelayMs: 0, ...options.limits },
      });
      servers.push(server);
      return server;
    },
    async logIn(server, tls = {}) {
      const client = await TestClient.logIn(optionsFor(server, tls));
      clients.push(client);
      return client;
    },
    async connect(server, tls = {}) {
      const client = await TestClient.connect(optionsFor(server, tls));
      clients.push(client);
      return client;
    },
    async clear() {
      for (const client of clients.splice(0)) client.close();
      for (const server of servers.splice(0)) await server.close();
      events.length = 0;
    },
    async remove() {
      await ground.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return ground;
}

export interface ProgramResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a test tool to its end; a code other than 0 is a result, a program that is not there is an error. */
export function run(tool: string, args: string[], options: { cwd?: string } = {}): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    execFile(
      findTool(tool),
      args,
      // lftp shows names in the encoding of its locale.
      {
        ...options,
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
        timeout: 60_000,
        maxBuffer: 16 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error);
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      },
    );
  });
}
