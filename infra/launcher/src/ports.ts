/** Ports that must stay the same from start to start, because addresses in the database name them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort, isPortFree } from '@waybill/embedded-postgres/find-free-port.js';
import { LaunchError } from './config.js';

/** How many ports above the usual one are tried before a random one is taken. */
const NEIGHBOURS = 20;

/** @throws LaunchError naming the port and the variable that changes it */
export async function requireFreePort(port: number, host: string, variable: string): Promise<void> {
  let isFree: boolean;
  try {
    isFree = await isPortFree(port, host);
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'EACCES' ? 'only root may use it' : (error as Error).message;
    throw new LaunchError(
      `Port ${port} on ${host} cannot be used (${reason}). Choose another with ${variable}.`,
    );
  }
  if (isFree) return;
  throw new LaunchError(
    `Port ${port} on ${host} is taken by another program. Stop that one, or choose another port: ` +
      `${variable}=${port + 1} npm start`,
  );
}

/**
 * The port of a name in this data folder: the one that was kept, else the usual one or the next that is free,
 * which is kept from now on.
 */
export async function keepPort(folder: string, name: string, usual: number): Promise<number> {
  const file = join(folder, 'ports.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const kept = JSON.parse(text) as Record<string, number>;
  if (kept[name] !== undefined) return kept[name];
  const taken = new Set(Object.values(kept));
  let port = 0;
  for (let next = usual; port === 0 && next < usual + NEIGHBOURS; next++) {
    if (!taken.has(next) && (await isPortFree(next))) port = next;
  }
  port ||= await findFreePort();
  await writeFile(file, `${JSON.stringify({ ...kept, [name]: port }, null, 2)}\n`);
  return port;
}
