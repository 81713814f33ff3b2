/** The product as a person starts it: the launcher of `npm start` in a fresh data folder, on ports of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';

const LAUNCHER = join(import.meta.dirname, '../../infra/launcher/dist/main.js');
const START_TIMEOUT_MS = 120_000;

export interface Product {
  url: string;
  /** The one-time link, as printed; null once there is an administrator. */
  setupLink: string | null;
  /** `files/practice` of the data folder, with outbox and inbox. */
  practiceFiles: string;
  practice: { explicitPort: number; implicitPort: number; user: string; password: string; caPem: string };
  /** Ctrl-C; gives the exit code. */
  interrupt(): Promise<number | null>;
  /** Starts again in the same folder. */
  restart(): Promise<Product>;
  /** Stops what runs and removes the folder. */
  dispose(): Promise<void>;
}

export async function startProduct(): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-e2e-'));
  // Started by root, the database runs as another user, who must be able to get here.
  await chmod(folder, 0o711);
  const free = new Set<number>();
  while (free.size < 3) free.add(await findFreePort());
  const [port, explicit, implicit] = [...free].map(String);
  const ports = {
    WAYBILL_PORT: port!,
    WAYBILL_PRACTICE_EXPLICIT_PORT: explicit!,
    WAYBILL_PRACTICE_IMPLICIT_PORT: implicit!,
  };
  return launch(folder, ports);
}

async function launch(folder: string, ports: Record<string, string>): Promise<Product> {
  const data = join(folder, 'data');
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [LAUNCHER], {
    env: { PATH, HOME, WAYBILL_DATA: data, ...ports },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await untilRunning(child, () => output);
  const stop = async (): Promise<number | null> => {
    if (child.exitCode !== null) return child.exitCode;
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  };
  const read = async (path: string) => (await readFile(join(data, 'practice', path), 'utf8')).trim();
  return {
    url: `http://127.0.0.1:${ports['WAYBILL_PORT']}`,
    setupLink: /http\S+\/set-up#token=\S+/.exec(output)?.[0] ?? null,
    practiceFiles: join(data, 'files/practice'),
    practice: {
      explicitPort: Number(ports['WAYBILL_PRACTICE_EXPLICIT_PORT']),
      implicitPort: Number(ports['WAYBILL_PRACTICE_IMPLICIT_PORT']),
      user: 'waybill',
      password: await read('password'),
      caPem: await read('pki/ca.pem'),
    },
    interrupt: stop,
    restart: async () => {
      await stop();
      return launch(folder, ports);
    },
    dispose: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilRunning(child: ChildProcess, output: () => string): Promise<void> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  while (!output().includes('To stop')) {
    if (child.exitCode !== null) throw new Error(`The launcher ended with ${child.exitCode}:\n${output()}`);
    if (Date.now() > giveUpAt) {
      child.kill('SIGKILL');
      throw new Error(`The launcher did not come up:\n${output()}`);
    }
    await sleep(50);
  }
}
