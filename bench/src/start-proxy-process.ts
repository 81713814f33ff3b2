import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { proxyHost } from '@waybill/testing/proxies/listen-before.js';
import { EXIT_WITH_PARENT, REPOSITORY } from './worker-process.js';

const PROXY = join(REPOSITORY, 'bench/dist/proxy-process.js');

/** A proxy before the server by which a round trip takes so long. @throws Error where it does not start */
export async function startProxyProcess(
  server: FtpTestServer,
  rttMs: number,
): Promise<{ host: string; stop(): Promise<void> }> {
  const { first, last } = server.passivePorts;
  const child = fork(PROXY, [server.port, first, last, rttMs / 2].map(String), {
    execArgv: ['--import', EXIT_WITH_PARENT],
    detached: true,
  });
  const exited = once(child, 'exit');
  const started = await Promise.race([once(child, 'message'), exited.then(() => null)]);
  if (started === null) throw new Error('The delaying proxy did not start; what it said is above.');
  return {
    host: proxyHost,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
