/**
 * The practice partner as a server that does whatever a test tells it to, and files that are sent to it and
 * collected from it. Importing this gives the test file a folder and an authority, and ends after each test what
 * it has started.
 */
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_FTPS_SETTINGS } from '@waybill/contracts/ftps-settings.js';
import { makePracticePki, type PracticePki } from '@waybill/ftps-server/practice-pki.js';
import type { FtpsServerOptions } from '@waybill/ftps-server/server-options.js';
import { startFtpsServer, type FtpsServer } from '@waybill/ftps-server/start-ftps-server.js';
import { Secret } from '@waybill/vault/secret.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { openMemory, type MemoryFiles } from '../memory.js';
import { moveFile, type MoveRequest, type MoveResult } from '../move-file.js';
import { moveRequest } from './transport-suite.js';
import type { Transport } from '../transport.js';
import { type EndpointChanges, openForTest } from './open-for-test.js';

let folder: string;
let pki: PracticePki;
/** What a test has to end, besides the servers and sessions that are started here. */
export const toEnd: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-hostile-'));
  pki = await makePracticePki(join(folder, 'pki'));
});
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `root` is the folder that its files are in. */
export type HostilePartner = FtpsServer & { root: string };

export async function start(options: Partial<FtpsServerOptions> = {}): Promise<HostilePartner> {
  const root = await mkdtemp(join(folder, 'root-'));
  const server = await startFtpsServer({
    mode: 'explicit',
    root,
    users: [{ name: 'partner', password: 'correct horse' }],
    tls: pki.server,
    ...options,
    limits: { loginFailureDelayMs: 0, ...options.limits },
  });
  toEnd.push(() => server.close());
  return { ...server, root };
}

/** The key and certificate that it has where a test gives it no other. */
export const ownTls = (): PracticePki['server'] => pki.server;

export function endpoint(
  server: { port: number; protocol?: FtpsEndpoint['protocol'] },
  changes: EndpointChanges = {},
): FtpsEndpoint {
  return {
    protocol: server.protocol ?? 'ftps_explicit',
    host: '127.0.0.1',
    port: server.port,
    username: 'partner',
    password: new Secret('correct horse'),
    trust: { mode: 'chosen_cas', caPems: [pki.ca.cert] },
    serverName: null,
    tlsMinVersion: 'TLSv1.2',
    connectTimeoutMs: 1500,
    idleTimeoutMs: 1500,
    ...changes,
    settings: { ...DEFAULT_FTPS_SETTINGS, dataTimeoutMs: 1500, stallTimeoutMs: 1500, ...changes.settings },
  };
}

export async function open(
  server: { port: number },
  changes: EndpointChanges = {},
  signal?: AbortSignal,
): Promise<Transport> {
  const transport = await openForTest(endpoint(server, changes), signal && { signal });
  toEnd.push(() => transport.close());
  return transport;
}

/** Files in memory, of which `/a.bin` has these bytes. */
export function memoryWith(bytes: Buffer): { memory: Transport; files: MemoryFiles } {
  const files: MemoryFiles = new Map([['/a.bin', { bytes, modifiedAt: new Date() }]]);
  return { memory: openMemory(files, 'source'), files };
}

/** Sends `/a.bin` from memory. */
export async function upload(
  server: { port: number },
  bytes: Buffer,
  changes: Partial<MoveRequest> = {},
): Promise<MoveResult> {
  const target = await open(server, {}, changes.signal);
  const { memory } = memoryWith(bytes);
  return await moveFile(
    moveRequest({
      source: memory,
      sourcePath: '/a.bin',
      target,
      targetPath: '/a.bin',
      reopenTarget: () => open(server),
      ...changes,
    }),
  );
}

/** Collects `/a.bin` into memory, as `/got.bin`; where that fails, nothing may be left there. */
export async function download(server: { port: number }): Promise<MemoryFiles> {
  const source = await open(server);
  const { memory, files } = memoryWith(Buffer.alloc(0));
  files.clear();
  await moveFile(
    moveRequest({
      source,
      sourcePath: '/a.bin',
      target: memory,
      targetPath: '/got.bin',
      reopenTarget: async () => memory,
    }),
  ).catch((error: unknown) => {
    expect([...files.keys()]).toEqual([]);
    throw error;
  });
  return files;
}

export const megabytes = (count: number): Buffer => Buffer.alloc(count * 1024 * 1024, 'm');
