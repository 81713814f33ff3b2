import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';
import { findTool } from './find-tool.js';
import { makeRunFolder } from './run-folder.js';
import { type RunningServer, runServer } from './run-server.js';

export interface TestRedis {
  /** For REDIS_URL. */
  url: string;
  port: number;
  pid: number;
  /** Ends it at once, as a crash would: everything in it is lost. May be called twice. */
  stop(): Promise<void>;
}

const startTimeoutMs = 10_000;

/**
 * Starts an empty Redis on loopback that writes nothing to disk, and waits until it answers.
 * @param options.port to start one again where another was; a free one when left out
 */
export async function startRedis(options: { port?: number } = {}): Promise<TestRedis> {
  for (let tries = 1; ; tries++) {
    const port = options.port ?? (await findFreePort());
    const folder = await makeRunFolder('redis');
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ];
    const server = runServer(findTool('redis-server'), args, { folder });
    const stop = async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    };
    try {
      await waitForAnswer(server, port);
      return { url: `redis://127.0.0.1:${port}`, port, pid: server.pid, stop };
    } catch (error) {
      await server.stop();
      const output = server.output();
      await stop();
      if (tries < 3 && options.port === undefined && /in use/i.test(output)) continue;
      throw new Error(`Redis did not start: ${(error as Error).message}\n${output}`, { cause: error });
    }
  }
}

async function waitForAnswer(server: RunningServer, port: number): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (!server.isRunning()) throw new Error('it ended at once');
    if (await answersAs(server.pid, port)) return;
    await sleep(20);
  }
  throw new Error(`no answer within ${startTimeoutMs} ms`);
}

/** Asks for the process id, so that another Redis on the same port is not taken for ours. */
function answersAs(pid: number, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2000 }, () => socket.end('INFO server\r\n'));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(text.includes(`process_id:${pid}\r\n`)));
  });
}
