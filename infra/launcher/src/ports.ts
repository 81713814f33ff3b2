/** Ports: those that must be free, and those that should stay the same from start to start. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPortFree } from '@waybill/embedded-postgres/find-free-port.js';
import { LaunchError } from './config.js';
import { writeWhole } from './data-folder.js';

/** How many ports are tried, from the usual one upwards. */
const NEIGHBOURS = 20;

/** @throws LaunchError with what to do, and the variable that changes it */
export async function requireFreePort(port: number, host: string, variable: string): Promise<void> {
  let isFree: boolean;
  try {
    isFree = await isPortFree(port, host);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LaunchError(
      code === 'EACCES'
        ? `Port ${port} is for root alone. Choose another one with ${variable}.`
        : `Nothing can listen on ${host} (${message}). Choose an address of this machine with WAYBILL_HOST.`,
    );
  }
  if (isFree) return;
  throw new LaunchError(
    `Port ${port} on ${host} is taken by another program. Stop that one, or choose another port: ` +
      `${variable}=${port + 1} npm start`,
  );
}

/**
 * The port of a name in this data folder: the one it had the last time, else the usual one, else the next that
 * is free. It is kept for the next time, so that it changes only when somebody else has taken it.
 * @param reserved ports that are ours for something else, though nothing may listen on them yet
 */
export async function keepPort(
  folder: string,
  name: string,
  usual: number,
  reserved: number[] = [],
): Promise<number> {
  const file = join(folder, 'ports.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const { [name]: kept, ...others } = JSON.parse(text) as Record<string, number>;
  const taken = new Set([...Object.values(others), ...reserved]);
  const candidates = Array.from({ length: NEIGHBOURS }, (_, index) => usual + index);
  for (const port of kept === undefined ? candidates : [kept, ...candidates]) {
    if (taken.has(port) || !(await isPortFree(port))) continue;
    if (port !== kept) await writeWhole(file, `${JSON.stringify({ ...others, [name]: port }, null, 2)}\n`);
    return port;
  }
  throw new LaunchError(
    `No port from ${usual} to ${usual + NEIGHBOURS - 1} is free for the practice partner.`,
  );
}
