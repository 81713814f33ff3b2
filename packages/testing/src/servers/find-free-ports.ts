import { randomInt } from 'node:crypto';
import { isPortFree } from '@waybill/embedded-postgres/find-free-port.js';

/** Both ends belong to the range. */
export interface PortRange {
  first: number;
  last: number;
}

/**
 * Below the range from which Linux takes ports for outgoing connections (32768 and up), so that no client
 * takes a port between our looking at it and a server's listening on it.
 */
const highest = 32_000;

/** A wide range for servers whose passive ports a test does not care about. */
export const widePassivePorts: PortRange = { first: 10_000, last: 19_999 };

/** The others, shared out among the processes that run test files side by side. */
const lanes = 4;
const lanePorts = (highest - widePassivePorts.last) / lanes;

/**
 * Finds `count` free consecutive ports: free on 127.0.0.1 for a server and on 127.0.0.2 for a proxy before it.
 * Random, so that runs side by side hardly meet; a server must still cope with "in use".
 * @param taken what somebody is about to listen on, and is to stay free for that
 */
export async function findFreePorts(count: number, taken?: PortRange): Promise<PortRange> {
  const lane = Number(process.env['JEST_WORKER_ID'] ?? 0) % lanes;
  const lowest = widePassivePorts.last + 1 + Math.floor(lane * lanePorts);
  const highestFirst = lowest + Math.floor(lanePorts) - count;
  for (let tries = 0; tries < 200; tries++) {
    const first = randomInt(lowest, highestFirst);
    const found = { first, last: first + count - 1 };
    const isTaken = taken !== undefined && first <= taken.last && found.last >= taken.first;
    if (!isTaken && (await areFree(found))) return found;
  }
  throw new Error(`no ${count} free consecutive ports from ${lowest} on`);
}

async function areFree({ first, last }: PortRange): Promise<boolean> {
  for (let port = first; port <= last; port++) {
    if (!(await isPortFree(port)) || !(await isPortFree(port, '127.0.0.2'))) return false;
  }
  return true;
}
