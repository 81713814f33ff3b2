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
 */
export async function findFreePorts(count: number): Promise<PortRange> {
  const lane = Number(process.env['JEST_WORKER_ID'] ?? 0) % lanes;
  const lowest = widePassivePorts.last + 1 + Math.floor(lane * lanePorts);
  const last = lowest + Math.floor(lanePorts) - count;
  for (let tries = 0; tries < 200; tries++) {
    const first = randomInt(lowest, last);
    if (await areFree(first, count)) return { first, last: first + count - 1 };
  }
  throw new Error(`no ${count} free consecutive ports between ${lowest} and ${last}`);
}

async function areFree(first: number, count: number): Promise<boolean> {
  for (let port = first; port < first + count; port++) {
    if (!(await isPortFree(port)) || !(await isPortFree(port, '127.0.0.2'))) return false;
  }
  return true;
}
