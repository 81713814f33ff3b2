import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';
import { keepPort, requireFreePort } from './ports.js';

let folder: string;
const servers: Server[] = [];
const occupy = async (port = 0): Promise<number> => {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-ports-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

test('a port that is taken is told with the variable that changes it', async () => {
  const port = await occupy();
  await expect(requireFreePort(port, '127.0.0.1', 'WAYBILL_PORT')).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by another program. Stop that one, or choose another port: ` +
      `WAYBILL_PORT=${port + 1} npm start`,
  );
});

test('a free port passes, and an address that is not of this machine is told', async () => {
  await requireFreePort(await findFreePort(), '127.0.0.1', 'WAYBILL_PORT');
  await expect(requireFreePort(8470, '192.0.2.1', 'WAYBILL_PORT')).rejects.toThrow(
    /^Nothing can listen on 192\.0\.2\.1 .*WAYBILL_HOST/,
  );
});

test('a port is kept under its name, whatever becomes the usual one', async () => {
  const usual = await findFreePort();
  expect(await keepPort(folder, 'explicit', usual)).toBe(usual);
  expect(await keepPort(folder, 'explicit', await findFreePort())).toBe(usual);
});

test('the next free port is kept where the usual one is taken, by a program or by another name', async () => {
  const usual = await occupy();
  const explicit = await keepPort(folder, 'explicit', usual);
  expect(explicit).toBeGreaterThan(usual);
  expect(await keepPort(folder, 'implicit', usual)).not.toBe(explicit);
  expect(await keepPort(folder, 'explicit', usual)).toBe(explicit);
});

test('a port that is ours for something else is not given out', async () => {
  const usual = await findFreePort();
  expect(await keepPort(folder, 'explicit', usual, [usual])).toBeGreaterThan(usual);
});

test('a kept port that somebody else has taken since is left to them', async () => {
  const usual = await findFreePort();
  await keepPort(folder, 'explicit', usual);
  await occupy(usual);
  const next = await keepPort(folder, 'explicit', usual);
  expect(next).not.toBe(usual);
  expect(await keepPort(folder, 'explicit', usual)).toBe(next);
});
