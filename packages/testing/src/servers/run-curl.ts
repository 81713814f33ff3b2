import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from './find-tool.js';
import type { FtpTestServer } from './ftp-test-server.js';

export interface CurlResult {
  /** curl's exit code: 0 is success, 60 a refused certificate, 67 a refused login, 18 a partial file. */
  code: number;
  stdout: Buffer;
  stderr: string;
}

export interface CurlRequest {
  /** Relative to the user's folder; a slash at the end lists it. */
  path: string;
  /** More arguments, such as `-T`, `file`. */
  args?: readonly string[];
  /** Another host, such as that of a proxy; the server's when left out. */
  host?: string;
  password?: string;
}

/**
 * Runs curl against a test server with TLS required on both channels, trusting only the test authority.
 * Resolves whatever the outcome. Uploads with TLS 1.2: curl 7.88 ends an upload in TLS 1.3 without reading the
 * session tickets, and the reset that follows makes the server lose the end of the file (curl issue 6149).
 */
export async function runCurl(server: FtpTestServer, request: CurlRequest): Promise<CurlResult> {
  const { path, args = [], host = server.host, password = server.password } = request;
  const folder = await mkdtemp(join(tmpdir(), 'waybill-curl-'));
  try {
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, server.caPem);
    const scheme = server.mode === 'implicit' ? 'ftps' : 'ftp';
    const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${server.port}/${encodeURI(path)}`;
    const upload = args.includes('-T') ? ['--tls-max', '1.2'] : [];
    const user = `${server.user}:${password}`;
    return await run([
      '-q',
      '-sS',
      '--ssl-reqd',
      '--cacert',
      ca,
      '-u',
      user,
      '-m',
      '60',
      ...upload,
      ...args,
      url,
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(args: string[]): Promise<CurlResult> {
  return new Promise((resolve, reject) => {
    execFile(findTool('curl'), args, { encoding: 'buffer', maxBuffer: 1 << 30 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr: stderr.toString() });
    });
  });
}
