/** Sessions on real servers that end with the test, and what every session must be able to do. */
import { expect } from '@jest/globals';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import type { Transport } from '../transport.js';
import { toEnd } from './hostile-partner.js';
import { type EndpointChanges, endpointOf, openForTest, quiet } from './open-for-test.js';
import { readAll } from './read-all.js';

const MEGABYTE = Buffer.alloc(1024 * 1024, 'm');

export async function running(starting: Promise<FtpTestServer>): Promise<FtpTestServer> {
  const server = await starting;
  toEnd.push(() => server.stop());
  return server;
}

export async function openOn(server: FtpTestServer, changes: EndpointChanges = {}): Promise<Transport> {
  const transport = await openForTest(endpointOf(server, changes));
  toEnd.push(() => transport.close());
  return transport;
}

/** The bytes of a file as a source. */
export async function* sourceOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** Writes, reads and lists a file of 1 MiB and an empty one. */
export async function roundTrip(transport: Transport): Promise<void> {
  for (const [path, bytes] of [
    ['/trip.bin', MEGABYTE],
    ['/empty.bin', Buffer.alloc(0)],
  ] as const) {
    await transport.write(path, sourceOf(bytes), { signal: quiet });
    expect((await readAll(transport, path)).equals(bytes)).toBe(true);
  }
  const { entries } = await transport.list('/');
  expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining(['trip.bin', 'empty.bin']));
  expect(transport.usable).toBe(true);
}
