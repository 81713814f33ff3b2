/** The programs that Waybill is measured against, on the same server and the same files: curl and lftp. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findTool } from '@waybill/testing/servers/find-tool.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { readEndedChildrenCpuSeconds, readPeakMemoryMb } from './process-usage.js';
import type { Direction, Run } from './run.js';

const SAMPLE_MS = 50;

/**
 * Whether they speak TLS 1.2 where Waybill speaks 1.3. With TLS 1.3 both end an upload without reading the server's
 * session tickets; the reset that follows makes vsftpd lose the end of the file (426; curl issue 6149).
 */
export function needTls12(server: FtpTestServer['kind'], direction: Direction): boolean {
  return server === 'vsftpd' && direction === 'upload';
}

export interface Peers {
  /** One file by curl. `remote` is relative to the folder in which a login starts. */
  curl(direction: Direction, paths: { local: string; remote: string }): Promise<Run>;
  /** One file by lftp. */
  lftp(direction: Direction, paths: { local: string; remote: string }): Promise<Run>;
  /** All files of a folder by lftp, so many at a time. */
  lftpMirror(
    direction: Direction,
    paths: { local: string; remote: string; connections: number },
  ): Promise<Run>;
}

/**
 * @param home an empty folder, so that nobody's own settings count
 * @param limits.timeoutMs after which a run is ended as failed; `signal` ends it at once
 */
export async function preparePeers(
  server: Omit<FtpTestServer, 'host'> & { host: string },
  home: string,
  limits: { timeoutMs: number; signal: AbortSignal },
): Promise<Peers> {
  await mkdir(home, { recursive: true });
  const caFile = join(home, 'ca.pem');
  await writeFile(caFile, server.caPem);
  const login = `${server.user}:${server.password}`;
  const run = (tool: string, args: string[]) => runProgram(tool, args, { home, ...limits });

  const lftp = (direction: Direction, command: string, connections = 1): Promise<Run> => {
    const settings = [
      `set net:connection-limit ${connections}`,
      // The answer to PASV names the server itself, and leads past a proxy.
      'set ftp:prefer-epsv true',
      `set ssl:ca-file "${caFile}"`,
      'set ftp:ssl-force true',
      'set ftp:ssl-protect-data true',
      'set net:max-retries 1',
      'set cmd:fail-exit true',
      ...(needTls12(server.kind, direction) ? ['set ssl:priority NORMAL:-VERS-TLS1.3'] : []),
      `open -u ${server.user},${server.password} ftp://${server.host}:${server.port}`,
    ];
    return run('lftp', ['--norc', '-c', [...settings, command].join('; ')]);
  };

  return {
    curl(direction, { local, remote }) {
      const args = ['-q', '-sS', '--ssl-reqd', '--cacert', caFile, '-u', login];
      const tls = needTls12(server.kind, direction) ? ['--tls-max', '1.2'] : [];
      const way = direction === 'upload' ? ['-T', local] : ['-o', local];
      return run('curl', [...args, ...tls, ...way, `ftp://${server.host}:${server.port}/${remote}`]);
    },
    lftp: (direction, { local, remote }) =>
      lftp(
        direction,
        direction === 'upload' ? `put "${local}" -o "${remote}"` : `get "${remote}" -o "${local}"`,
      ),
    lftpMirror: (direction, { local, remote, connections }) =>
      lftp(
        direction,
        direction === 'upload'
          ? `mirror -R -P${connections} "${local}" "${remote}"`
          : `mirror -P${connections} "${remote}" "${local}"`,
        connections,
      ),
  };
}

interface ProgramLimits {
  home: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** @throws Error with what the program said when it does not end with 0, or not in time */
async function runProgram(tool: string, args: string[], limits: ProgramLimits): Promise<Run> {
  const cpuBefore = readEndedChildrenCpuSeconds();
  const startedAt = performance.now();
  const child = spawn(findTool(tool), args, {
    cwd: limits.home,
    env: { PATH: process.env.PATH, HOME: limits.home, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]),
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  let peakMemoryMb: number | null = null;
  const sampler = setInterval(() => {
    peakMemoryMb = readPeakMemoryMb(child.pid ?? 0) ?? peakMemoryMb;
  }, SAMPLE_MS);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    const durationMs = performance.now() - startedAt;
    if (code !== 0) throw new Error(`${tool} ended with ${code}: ${said.trim()}`);
    return { durationMs, cpuSeconds: readEndedChildrenCpuSeconds() - cpuBefore, peakMemoryMb };
  } catch (error) {
    limits.signal.throwIfAborted();
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    throw new Error(`${tool} did not end within ${limits.timeoutMs / 1000} s. ${said.trim()}`, {
      cause: error,
    });
  } finally {
    clearInterval(sampler);
  }
}
