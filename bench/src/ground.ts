/** Where a measurement takes place: a folder with room, a real FTPS server, the product and its peers. */
import { execFile } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { chmod, chown, link, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { findFreePorts } from '@waybill/testing/servers/find-free-ports.js';
import { makeRunFolder, serverGid, serverUid } from '@waybill/testing/servers/run-folder.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { type Peers, preparePeers } from './peers.js';
import { type Product, startProduct } from './product.js';
import { startProxyProcess } from './start-proxy-process.js';

const execute = promisify(execFile);
const MIB = 1024 * 1024;
/** For the database, its log of changes and what else a machine writes meanwhile. */
const SPARE_BYTES = 1024 * MIB;
/** For as many data connections as small files need in the minute for which the system keeps a port after its use. */
const PROXIED_PORTS = 400;

export type ServerName = 'vsftpd' | 'proftpd';

export interface GroundOptions {
  server: ServerName;
  /** How long a round trip takes, for every client alike; 0 without a proxy. */
  rttMs: number;
  /** The most that lies there at one time. */
  bytesNeeded: number;
  /** After which one run of one client has failed. */
  timeoutMs: number;
  signal: AbortSignal;
  profileFolder: string | null;
}

export interface Ground {
  server: ServerName;
  product: Product;
  peers: Peers;
  /** The folder on disk of a name below our root, made when it is not there. */
  ourFolder(name: string): Promise<string>;
  /** The same at the server, which may write into it. */
  theirFolder(name: string): Promise<string>;
  /** Empties folders and has everything written that waits for the disk, so that no run pays for another one. */
  settle(...folders: string[]): Promise<void>;
  close(): Promise<void>;
}

export async function openGround(options: GroundOptions): Promise<Ground> {
  const { rttMs, timeoutMs, signal, profileFolder } = options;
  const folder = await makeRunFolder('bench');
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (let last = closing.pop(); last !== undefined; last = closing.pop()) await last();
  };
  try {
    await requireSpace(folder, options.bytesNeeded);
    // The database and the worker are other users than the FTPS server, to whom the folder was given.
    await chmod(folder, 0o755);
    const filesFolder = join(folder, 'files');
    await mkdir(filesFolder);
    // A proxy has to listen on all of them.
    const ports = rttMs === 0 ? {} : { passivePorts: await findFreePorts(PROXIED_PORTS) };
    const server = await (options.server === 'vsftpd'
      ? // Its log of every command, for tests, would slow down every client.
        startVsftpd({ ...ports, extraConfig: ['log_ftp_protocol=NO'] })
      : startProftpd(ports));
    closing.push(() => server.stop());
    const proxy = rttMs === 0 ? null : await startProxyProcess(server, rttMs);
    if (proxy !== null) closing.push(() => proxy.stop());
    const host = proxy?.host ?? server.host;
    const peers = await preparePeers({ ...server, host }, join(folder, 'home'), { timeoutMs, signal });
    const product = await startProduct({
      folder,
      filesFolder,
      server,
      host,
      timeoutMs,
      signal,
      profileFolder,
    });
    closing.push(() => product.stop());
    await product.startWorker();
    return {
      server: options.server,
      product,
      peers,
      async ourFolder(name) {
        await mkdir(join(filesFolder, name), { recursive: true });
        return join(filesFolder, name);
      },
      theirFolder: (name) => makeTheirFolder(server, name),
      async settle(...folders) {
        for (const one of folders)
          for (const name of await readdir(one)) await rm(join(one, name), { recursive: true });
        await execute('sync', ['--file-system', folder]);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function requireSpace(folder: string, bytesNeeded: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = bytesNeeded + SPARE_BYTES;
  if (bavail * bsize >= needed) return;
  const mib = (bytes: number): string => `${Math.ceil(bytes / MIB)} MiB`;
  throw new Error(
    `${folder} has ${mib(bavail * bsize)} left and ${mib(needed)} are needed. Make room, or measure with less (--mib).`,
  );
}

async function makeTheirFolder(server: FtpTestServer, name: string): Promise<string> {
  const path = join(server.root, name);
  await mkdir(path, { recursive: true });
  await chown(path, serverUid, serverGid);
  return path;
}

/** A file of random bytes that everybody may read. */
export async function makeFile(path: string, sizeBytes: number): Promise<void> {
  const chunk = Buffer.alloc(Math.min(sizeBytes, MIB));
  const file = await open(path, 'w', 0o644);
  try {
    for (let at = 0; at < sizeBytes; at += chunk.length) {
      randomFillSync(chunk);
      await file.write(chunk, 0, Math.min(chunk.length, sizeBytes - at));
    }
  } finally {
    await file.close();
  }
}

/**
 * Fills so much memory with what a file holds, and frees it. A virtual machine may have to get memory from its host
 * before it can fill it, which takes several times as long as filling it: whoever ran first would pay for all.
 */
export async function warmMemory(folder: string, sizeBytes: number): Promise<void> {
  const path = join(folder, 'warm-memory');
  const chunk = Buffer.alloc(MIB);
  const file = await open(path, 'w', 0o600);
  try {
    for (let at = 0; at < sizeBytes; at += chunk.length) await file.write(chunk);
  } finally {
    await file.close();
    await rm(path);
  }
}

/** The same files at the server: links to the same bytes, so that all of it is as warm in memory on either side. */
export async function offerFiles(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await link(join(from, name), join(to, name));
}

/** @throws Error where the folder does not hold exactly so many files with so many bytes */
export async function requireFiles(
  client: string,
  folder: string,
  expected: { count: number; bytes: number },
): Promise<void> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length === expected.count && bytes === expected.bytes) return;
  throw new Error(
    `${client} left ${sizes.length} files with ${bytes} bytes instead of ${expected.count} with ${expected.bytes}.`,
  );
}
